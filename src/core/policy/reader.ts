// What the policy knows about a program that reads: which of its arguments only make it read.
import { readArguments, optionTable, type OptionTable, type ReadArguments } from "./optionTable";
import { shortened } from "./shellReading";
import type { ShellWord } from "./shellWord";

export interface Reader {
  /** Null when these arguments only make it read; else why not, as the end of a sentence about the program. */
  readonly check: (args: readonly ShellWord[]) => string | null;
  /** It tells names, sizes and times, but nothing that stands in a file. */
  readonly namesOnly: boolean;
  /** What it does depends on settings in the folder that it runs in, and these can name programs. */
  readonly obeysFolder: boolean;
  /** Whether an entry that begins with these words is about reading; any is, for most programs. */
  readonly concerns: (entryWords: readonly string[]) => boolean;
}

export function reader(check: Reader["check"], traits: Partial<Omit<Reader, "check">> = {}): Reader {
  return { check, namesOnly: false, obeysFolder: false, concerns: () => true, ...traits };
}

/** No option of the program writes or runs anything, so arguments that only running it would tell do no harm either. */
export function harmless(options: string): Reader["check"] {
  const table = optionTable(options);
  return (args) => unknownOption(readArguments(args, table));
}

/** Some option writes or runs something: every argument must be known not to be one. */
export function guarded(options: string, further: (read: ReadArguments) => string | null = () => null): Reader["check"] {
  const table = optionTable(options);
  return (args) => guardedArguments(args, table, further);
}

export function guardedArguments(args: readonly ShellWord[], table: OptionTable, further: (read: ReadArguments) => string | null = () => null): string | null {
  const read = readArguments(args, table);
  const [vague] = read.vague;
  if (vague !== undefined) return `may be given an option by ${shortened(vague.source)}`;
  return unknownOption(read) ?? further(read);
}

function unknownOption(read: ReadArguments): string | null {
  return read.unknown === null ? null : `is given ${read.unknown}, which is not known only to read`;
}

/** For programs whose second operand is a file that they write. */
export function atMostOperands(count: number): (read: ReadArguments) => string | null {
  return ({ operands, mixed }) => {
    if (mixed || operands.some((word) => !word.single)) return "may be given a file to write";
    const [extra] = operands.slice(count);
    return extra === undefined ? null : `is given ${shortened(extra.source)}, which it may change`;
  };
}
