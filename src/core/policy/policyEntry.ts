// Entries of a policy: plain commands that a person wrote, read into words. What they mean is decided elsewhere.
import { withoutPassingOptions } from "./gitReader";
import { hiddenCharacter } from "./hiddenCharacters";
import { readShell } from "./shellReading";

export interface PolicyEntry {
  /** As it was written. */
  readonly text: string;
  /** Program and first arguments, without quotes. */
  readonly words: readonly string[];
  /** It ended in ` *`. */
  readonly open: boolean;
}

export interface ReadEntries {
  readonly entries: readonly PolicyEntry[];
  /** What is wrong with entries that mean nothing, each a whole sentence. */
  readonly problems: readonly string[];
}

export function readEntries(texts: readonly string[]): ReadEntries {
  const read = texts.map(readEntry);
  return {
    entries: read.filter((entry) => typeof entry !== "string"),
    problems: read.filter((entry) => typeof entry === "string"),
  };
}

const LONGEST_ENTRY = 1000;

function readEntry(text: string): PolicyEntry | string {
  const problem = (why: string): string => `The entry ${JSON.stringify(text.slice(0, LONGEST_ENTRY))} means nothing: ${why}.`;
  if (text.length > LONGEST_ENTRY) return problem("it is too long");
  const hidden = hiddenCharacter(text);
  if (hidden !== null) return problem(`it holds ${hidden}`);
  const trimmed = text.trim();
  const open = /\s\*$/.test(trimmed);
  const { commands, doubts, redirects } = readShell(open ? trimmed.slice(0, -1) : trimmed);
  const [command, ...others] = commands;
  const [doubt] = doubts;
  if (doubt !== undefined) return problem(`${doubt.charAt(0).toLowerCase()}${doubt.slice(1)}`);
  if (command === undefined || command.words.length === 0) return problem("it names no program");
  const isPlain = others.length + redirects.length + command.redirects.length + command.assignments.length === 0;
  if (!isPlain) return problem("an entry is one program and its first arguments");
  const vague = command.words.find((word) => !word.exact);
  if (vague !== undefined) return problem(`${vague.source} is not literal (only a last " *" stands for further arguments)`);
  if (command.words[0]?.value === "") return problem("it names no program");
  return { text: trimmed, words: withoutPassingOptions(command.words).map((word) => word.value), open };
}
