// A data verification's proof must be the command's own: not the words of a file that the attempt wrote, and not printed
// by a program that prints whatever it is given.
import type { CheckOutcome } from "../domain/checkOutcome";
import { plainWords } from "../domain/commandLine";
import type { CommandCheck } from "../domain/contract";
import { boundedMatch } from "../domain/boundedMatch";
import type { FileTree } from "../ports/fileTree";

const PRINTERS = new Set(["echo", "printf", "cat", "tac", "head", "tail", "less", "more", "grep", "egrep", "fgrep", "rg", "sed", "awk", "tee", "nl", "strings", "cut", "sort", "uniq", "base64", "xxd"]);
/** Files of the attempt that are looked through. */
const MOST_FILES = 200;

export interface VerifiedOutput {
  readonly check: CommandCheck;
  readonly outcome: CheckOutcome;
  readonly output: string;
  readonly files: FileTree;
  /** Files that the attempt wrote. */
  readonly written: readonly string[];
}

export async function ownOutput({ check, outcome, files, written }: VerifiedOutput): Promise<CheckOutcome> {
  if (check.verifiesData !== true || !outcome.green) return outcome;
  const words = plainWords(check.run) ?? check.run.split(/[\s;&|<>()]+/).filter((word) => word !== "");
  const program = (words[0] ?? "").replace(/^.*\//, "");
  if (PRINTERS.has(program)) return red(`${program} prints what it is given: that verifies nothing`);
  const script = words.find((word) => written.includes(word.replace(/^\.\//, "")) && isProgram(word, words));
  if (script !== undefined) return red(`${script}, which verifies the data, was written by the attempt itself`);
  // A document may say what the command prints; it counts where the command is given it.
  const sources = written.filter((path) => !/\.(?:md|markdown|rst|adoc)$/i.test(path) || words.some((word) => word.includes(path)));
  for (const path of sources.slice(0, MOST_FILES)) {
    const content = await files.read(path).catch(() => null);
    const text = content?.kind === "text" ? content.text : "";
    const stands = text !== "" && check.outputMatches.some((pattern) => boundedMatch(pattern, text) === "yes");
    if (stands) return red(`what proves it stands in ${path}, which the attempt wrote`);
  }
  return outcome;
}

/** The command itself, or what an interpreter is to run. */
function isProgram(word: string, words: readonly string[]): boolean {
  return words.find((other) => !other.startsWith("-") && other !== words[0]) === word || words[0] === word || /\.(?:[cm]?[jt]s|py|rb|sh|bash|pl|php|sql|r)$/i.test(word);
}

function red(reason: string): CheckOutcome {
  return { green: false, reason };
}
