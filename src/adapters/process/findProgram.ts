// Finds the program that a name would start, as execvp does. It starts nothing.
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import path from "node:path";

export type FoundProgram =
  | { readonly kind: "found"; readonly program: string }
  | { readonly kind: "missing" }
  /** It is there, but no program, or not for us. */
  | { readonly kind: "denied" };

/** Where there is no PATH. */
const USUAL = "/bin:/usr/bin";

/** `programs`: a PATH; relative names in it, and names with a slash, count from `cwd`. */
export async function findProgram(name: string, programs: string | undefined, cwd: string): Promise<FoundProgram> {
  if (name === "") return { kind: "missing" };
  if (name.includes("/")) return look(path.resolve(cwd, name));
  let denied = false;
  for (const folder of (programs ?? USUAL).split(path.delimiter)) {
    const found = await look(path.resolve(cwd, folder, name));
    if (found.kind === "found") return found;
    denied ||= found.kind === "denied";
  }
  return { kind: denied ? "denied" : "missing" };
}

async function look(file: string): Promise<FoundProgram> {
  try {
    if (!(await stat(file)).isFile()) return { kind: "denied" };
  } catch {
    return { kind: "missing" };
  }
  try {
    await access(file, constants.X_OK);
    return { kind: "found", program: file };
  } catch {
    return { kind: "denied" };
  }
}
