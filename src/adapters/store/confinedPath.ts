// Which relative paths name something inside a folder. Lexical only: symbolic links are the caller's to check.
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";

/** The normalised, `/`-separated form of a relative path ("" is the folder itself); throws `notAllowed` for any other. */
export function confinedPath(relative: string): string {
  // Control characters have no place in a file name that people read, and NUL ends one early.
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(relative)) throw refused(relative, "it holds a control character");
  if (path.posix.isAbsolute(relative) || path.win32.isAbsolute(relative) || /^[a-z]:/i.test(relative)) {
    throw refused(relative, "it is absolute");
  }
  const parts = relative.split(path.sep === "\\" ? /[\\/]/ : "/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw refused(relative, "it leads upwards");
  return parts.join("/");
}

/** A name of one segment, as ids are; throws `notAllowed` for any other. */
export function confinedName(name: string): string {
  const confined = confinedPath(name);
  if (confined === "" || confined !== name || confined.includes("/")) throw refused(name, "it is not a plain name");
  return confined;
}

function refused(relative: string, why: string): CountersignError {
  return new CountersignError("notAllowed", `The path ${JSON.stringify(relative)} was refused: ${why}. Nothing was touched.`);
}
