// `sed`: scripts in which no command writes a file or runs one. What the reading does not know is refused.
import { optionTable } from "./optionTable";
import { guardedArguments, reader, type Reader } from "./reader";
import { shortened } from "./shellReading";
import type { ShellWord } from "./shellWord";

const OPTIONS = optionTable("-nErsuz -e: --quiet --silent --regexp-extended --separate --unbuffered --null-data --zero-terminated --posix --debug --sandbox --expression=");

function check(args: readonly ShellWord[]): string | null {
  return guardedArguments(args, OPTIONS, ({ options, operands, mixed }) => {
    const given = options.filter(({ name }) => name === "-e" || name === "--expression").map(({ value }) => value);
    // BSD's sed takes the first operand for the script then.
    if (given.length > 0 && mixed) return "has options behind its files";
    const [first] = operands;
    const scripts = given.length > 0 ? given : [first?.exact === true ? first.value : null];
    if (scripts.some((script) => script === null)) return "has a script that is not literal";
    // The pieces of several -e are lines of one script.
    const script = scripts.join("\n");
    return onlyReads(script) ? null : `has a script that may write or run something: ${shortened(script)}`;
  });
}

/** Address, `!`, command: up to the command's letter. */
const ADDRESS = String.raw`(?:\d+(?:~\d+)?|\$|\+\d+|~\d+|/(?:[^/\\\n[]|\\.|\[\^?\]?(?:\[:[a-z]+:\]|[^\]/\n[])*\])*/[IM]*)`;
const BETWEEN = /[\s;]*/y;
const BEFORE_COMMAND = new RegExp(String.raw`(?:${ADDRESS}(?:\s*,\s*${ADDRESS})?\s*)?(?:!\s*)*`, "y");
/** Commands without any argument; `}` closes a block. */
const PLAIN = /[pPdDgGhHxnNzF=}]/y;
const WITH_NUMBER = /[qQlL](?:[ \t]*\d+)?/y;
const WITH_LABEL = /[btT:][ \t]*[\w.-]*/y;
const COMMENT = /#[^\n]*/y;
const AFTER_COMMAND = /[ \t]*(?:[;\n]|(?=\})|$)/y;

/** True when a script holds only commands that print, change and move text. */
export function onlyReads(script: string): boolean {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(script)) return false;
    at = pattern.lastIndex;
    return true;
  };
  while (at < script.length) {
    take(BETWEEN);
    if (at >= script.length) return true;
    take(BEFORE_COMMAND);
    if (take(COMMENT)) continue;
    if (script[at] === "{") {
      at += 1;
      continue;
    }
    const isSubstitution = script[at] === "s" || script[at] === "y";
    if (isSubstitution) {
      const end = substitutionEnd(script, at);
      if (end === null) return false;
      at = end;
    } else if (!take(PLAIN) && !take(WITH_NUMBER) && !take(WITH_LABEL)) return false;
    if (!take(AFTER_COMMAND)) return false;
  }
  return true;
}

/** Where `s/x/y/flags` or `y/x/y/` ends; null when it may write or run, or not all versions of sed read it alike. */
function substitutionEnd(script: string, start: number): number | null {
  const delimiter = script.charAt(start + 1);
  if (delimiter === "" || /[\s\\\w;{}]/.test(delimiter)) return null;
  let at = start + 2;
  for (let part = 0; part < 2; part += 1) {
    const end = partEnd(script, at, delimiter, part === 0);
    if (end === null) return null;
    at = end + 1;
  }
  const flags = /[gpiIm\d]*/y;
  flags.lastIndex = at;
  if (script.charAt(start) === "s" && flags.test(script)) at = flags.lastIndex;
  return at;
}

function partEnd(script: string, start: number, delimiter: string, isPattern: boolean): number | null {
  for (let at = start; at < script.length; at += 1) {
    const char = script.charAt(at);
    if (char === "\\") at += 1;
    // Whether a delimiter in brackets, or behind a line break, ends the pattern depends on the sed.
    else if (char === "\n") return null;
    else if (char === delimiter) return at;
    else if (isPattern && char === "[") {
      BRACKETS.lastIndex = at;
      const [brackets] = BRACKETS.exec(script) ?? [];
      if (brackets === undefined || brackets.includes(delimiter) || brackets.includes("\n")) return null;
      at += brackets.length - 1;
    }
  }
  return null;
}

/** A bracket expression with its classes; one that holds a backslash is not taken for one. */
const BRACKETS = /\[\^?\]?(?:\[([:.=])[^\]\\]*\1\]|[^[\]\\])*\]/y;

export const sedReader: Reader = reader(check);
