// The first half of confinement: what a path says, before the disk is asked. Pure. It answers with a path relative to
// the tree or with the reason for a refusal, in words for a model; symbolic links are the other half (realLocation.ts).
import path from "node:path";

export interface TreeNames {
  /** Absolute spellings of the tree's root and of folders that mean the same, longest first. */
  readonly roots: readonly string[];
  readonly platform: NodeJS.Platform;
}

export type LexicalPath =
  /** `/`-separated, normalised; "" is the root. */
  { readonly kind: "inside"; readonly relative: string } | { readonly kind: "refused"; readonly reason: string };

// oxlint-disable-next-line no-control-regex -- refusing them is the purpose
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
/** Shown, such a name reads as another one. Line and paragraph separators are no better. */
const DIRECTION = /[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const DEVICE = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?:[. ].*)?$/i;
/** Characters that HFS+ ignores in names. Source: git's `utf8.c`, next_hfs_char. */
const HFS_IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;
const LONGEST = 4096;

export function lexicalPath(written: string, names: TreeNames): LexicalPath {
  if (CONTROL.test(written)) return refused("it holds control characters");
  if (DIRECTION.test(written)) return refused("it holds characters that change the direction of writing");
  if (written.length > LONGEST) return refused("it is too long");
  const windows = names.platform === "win32";
  const slashed = windows ? written.replaceAll("\\", "/") : written;
  const isAbsolute = windows ? path.win32.isAbsolute(slashed) : slashed.startsWith("/");
  const relative = isAbsolute ? belowRoots(slashed, names) : slashed;
  if (relative === null) return refused("it lies outside the worktree; give a path relative to the worktree's root");
  const problem = partsProblem(relative.split("/"), windows);
  if (problem !== null) return refused(problem);
  const normal = path.posix.normalize(relative === "" ? "." : relative);
  if (normal === ".." || normal.startsWith("../")) return refused("it leaves the worktree");
  return { kind: "inside", relative: normal === "." || normal === "./" ? "" : normal.replace(/\/$/, "") };
}

/** True for every name under which some file system would open `.git`. */
export function meansGit(name: string): boolean {
  const plain = plainName(name);
  return plain === ".git" || /^git~\d+$/.test(plain);
}

/** What some file system would take a name for: in lower case, without what it ignores in names. */
export function plainName(name: string): string {
  const [stem = ""] = name.normalize("NFC").replace(HFS_IGNORED, "").split(":");
  return stem.replace(/[. ]+$/, "").toLowerCase();
}

function refused(reason: string): LexicalPath {
  return { kind: "refused", reason };
}

/** The rest of an absolute path below one of the roots, as it was written; null outside of all of them. */
function belowRoots(absolute: string, names: TreeNames): string | null {
  const windows = names.platform === "win32";
  const fold = (text: string): string => (windows || names.platform === "darwin" ? text.toLowerCase() : text);
  for (const spelling of [absolute, path.posix.normalize(absolute)]) {
    for (const root of names.roots) {
      const prefix = (windows ? root.replaceAll("\\", "/") : root).replace(/\/+$/, "");
      const rest = spelling.slice(prefix.length);
      if (fold(spelling.slice(0, prefix.length)) !== fold(prefix)) continue;
      if (rest === "" || rest.startsWith("/")) return rest.replace(/^\/+/, "");
    }
  }
  return null;
}

function partsProblem(parts: readonly string[], windows: boolean): string | null {
  for (const part of parts) {
    // Backslashes too: what is a name here is a path where somebody checks it out on Windows.
    if (part.split("\\").some(meansGit)) return "git's own files are off limits";
    if (part.includes("::$")) return "it names an alternate data stream";
    if (!windows || part === "." || part === "..") continue;
    if (part.includes(":")) return "it names a drive or an alternate data stream";
    if (DEVICE.test(part)) return `${part} is a device on Windows`;
    if (/[. ]$/.test(part)) return "Windows would drop the dots or spaces at the end of a name in it";
  }
  return null;
}
