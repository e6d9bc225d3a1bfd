// What the window of the host tests keeps on disk: its logs and the user's data.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { z } from "zod/mini";

const REQUEST = z.object({ reportFile: z.string() });

export function userData(): string {
  const { reportFile } = REQUEST.parse(JSON.parse(process.env["COUNTERSIGN_HOST_TESTS"] ?? "null"));
  return path.join(path.dirname(reportFile), "home", "user-data");
}

/** What the extension's own log channel says so far. */
export function countersignLog(): string {
  const file = filesBelow(path.join(userData(), "logs")).find((name) => path.basename(name) === "Countersign.log");
  assert.ok(file !== undefined, "there is no log of the extension");
  return readFileSync(file, "utf8");
}

export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [path.join(entry.parentPath, entry.name)] : []));
}
