// The file of a database, with a checksum behind it: SQLite ignores what follows its last page, and this tells a
// changed file from the one that was saved.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { messageOf } from "../../core/domain/errors";
import { atomicWrite } from "./atomicWrite";
import { errnoOf, ioError } from "./ioError";
import { ensureFolder } from "./storeFolder";

export type Snapshot =
  | { readonly kind: "found"; readonly bytes: Uint8Array }
  | { readonly kind: "missing" }
  | { readonly kind: "damaged"; readonly reason: string };

const LABEL = "\ncountersign sha256 ";
const TRAILER_BYTES = LABEL.length + 64 + 1;

/** Never rejects: what cannot be read can be made anew. */
export async function readSnapshot(file: string): Promise<Snapshot> {
  try {
    const content = await readFile(file);
    const bytes = content.subarray(0, Math.max(0, content.length - TRAILER_BYTES));
    const intact = content.toString("latin1", bytes.length) === trailerOf(bytes);
    return intact ? { kind: "found", bytes } : { kind: "damaged", reason: "its checksum does not fit" };
  } catch (error) {
    return errnoOf(error) === "ENOENT" ? { kind: "missing" } : { kind: "damaged", reason: messageOf(error) };
  }
}

export async function writeSnapshot(file: string, bytes: Uint8Array): Promise<void> {
  await ensureFolder(path.dirname(file));
  try {
    await atomicWrite(file, Buffer.concat([bytes, Buffer.from(trailerOf(bytes))]), 0o600);
  } catch (error) {
    const kept = "Nothing is lost: it is made anew from the journal.";
    throw ioError(error, { what: `The database ${file} could not be saved`, kept });
  }
}

function trailerOf(bytes: Uint8Array): string {
  return `${LABEL}${createHash("sha256").update(bytes).digest("hex")}\n`;
}
