// What detection finds in one folder: a set-up command, what its result depends on, and how far that can be reused.
// Data and small readers; nothing is run here.
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { SetupCommand } from "../../core/domain/workspace";
import { errnoOf, ioError } from "../store/ioError";

/** Something that the result of a command depends on. */
export interface KeyPart {
  readonly name: string;
  readonly content: string | Buffer;
}

export type Reuse =
  /** Nothing of it lies in the checkout, or it depends on more than can be named: the command runs every time. */
  | { readonly kind: "never" }
  /** Everything that the command made. */
  | { readonly kind: "everything" }
  /** Only folders of these names; `refresh` makes the rest, which depends on the sources. */
  | { readonly kind: "named"; readonly names: readonly string[]; readonly refresh: string };

export interface SetupPlan extends SetupCommand {
  /** The program that must be installed, and how to get it. */
  readonly tool: string;
  readonly howToInstall: string;
  readonly keyParts: readonly KeyPart[];
  /** Prints the version of the runtime that the result is made for; null where none matters. */
  readonly runtime: string | null;
  readonly reuse: Reuse;
}

/** One folder of a checkout, read on demand. */
export class PackageFolder {
  constructor(
    readonly dir: string,
    /** Relative to the checkout's root; "" for the root. */
    readonly folder: string,
    readonly platform: NodeJS.Platform,
  ) {}

  async bytes(file: string): Promise<Buffer | null> {
    try {
      return await readFile(path.join(this.dir, this.folder, file));
    } catch (error) {
      if (["ENOENT", "ENOTDIR", "EISDIR"].includes(errnoOf(error) ?? "")) return null;
      throw ioError(error, { what: `${file} could not be read`, kept: "Nothing was run." });
    }
  }

  async text(file: string): Promise<string | null> {
    return (await this.bytes(file))?.toString("utf8") ?? null;
  }

  async has(file: string): Promise<boolean> {
    return (await this.bytes(file)) !== null;
  }

  /** Those of these files that are there. */
  async parts(files: readonly string[]): Promise<readonly KeyPart[]> {
    const read = files.map(async (name) => ({ name, content: await this.bytes(name) }));
    return (await Promise.all(read)).flatMap(({ name, content }) => (content === null ? [] : [{ name, content }]));
  }

  /** The JSON object in a file; null when there is none. */
  async object(file: string): Promise<JsonObject | null> {
    const text = await this.text(file);
    if (text === null) return null;
    try {
      return asObject(JSON.parse(text.replace(/^\uFEFF/, "")));
    } catch {
      // Whoever owns the format says what is wrong with it, better than we could.
      return null;
    }
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

export const NEVER: Reuse = { kind: "never" };
export const EVERYTHING: Reuse = { kind: "everything" };
