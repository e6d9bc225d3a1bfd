// The options of one program that are known neither to write nor to run anything, and the reading of arguments by them.
import { shortened } from "./shellReading";
import type { ShellWord } from "./shellWord";

export interface OptionTable {
  readonly flags: ReadonlySet<string>;
  /** With a value in the same or the next word. */
  readonly values: ReadonlySet<string>;
  /** With a value in the same word, or none. */
  readonly optional: ReadonlySet<string>;
  /** `-5` is an option. */
  readonly numbers: boolean;
}

/**
 * From a text such as `-abc -n: -U? -# --all --lines= --color?`: short options in one word, those with a value on their own,
 * numbers, long options. `:` and `=` say that a value must follow, `?` that it may, attached.
 */
export function optionTable(text: string): OptionTable {
  const words = `${text} --help --version`.split(/\s+/).filter((word) => word !== "");
  const nameOf = (word: string): string => word.replace(/[:=?]$/, "");
  const plain = words.filter((word) => !/[:=?]$/.test(word) && word !== "-#");
  return {
    flags: new Set(plain.flatMap((word) => (word.startsWith("--") ? [word] : Array.from(word.slice(1), (letter) => `-${letter}`)))),
    values: new Set(words.filter((word) => /[:=]$/.test(word)).map(nameOf)),
    optional: new Set(words.filter((word) => word.endsWith("?")).map(nameOf)),
    numbers: words.includes("-#"),
  };
}

export interface GivenOption {
  readonly name: string;
  /** The text of its value; null without one, and where only running it would tell. */
  readonly value: string | null;
}

export interface ReadArguments {
  readonly operands: readonly ShellWord[];
  readonly options: readonly GivenOption[];
  /** Words that may become an option, any number of words, or nothing. */
  readonly vague: readonly ShellWord[];
  /** The first option that is not in the table. */
  readonly unknown: string | null;
  /** An option stands behind an operand, which only some systems' programs take for an option. */
  readonly mixed: boolean;
}

/** Options are found before and behind operands alike, as GNU programs do, up to `--`. */
export function readArguments(words: readonly ShellWord[], table: OptionTable): ReadArguments {
  const operands: ShellWord[] = [];
  const options: GivenOption[] = [];
  const vague: ShellWord[] = [];
  let mixed = false;
  let unknown: string | null = null;
  let skip = 0;
  for (const [at, word] of words.entries()) {
    if (at < skip) continue;
    if (word.exact && word.value === "--") {
      operands.push(...words.slice(at + 1));
      break;
    }
    const read = readWord(word, table);
    switch (read.kind) {
      case "operand":
        operands.push(word);
        break;
      case "vague":
        vague.push(word);
        break;
      case "unknown":
        unknown ??= shortened(word.source);
        break;
      case "options": {
        const next = read.takesNext ? words[at + 1] : undefined;
        mixed ||= operands.length > 0;
        if (next !== undefined && !isPlainValue(next)) vague.push(next);
        options.push(...givenOptions(read.names, next === undefined ? read.attached : exactValue(next)));
        skip = at + (read.takesNext ? 2 : 1);
      }
    }
  }
  return { operands, options, vague, unknown, mixed };
}

/**
 * Whether a word is an option's value may depend on the version of a program. One that looks like an option, or may
 * become one, is never taken for a value.
 */
function isPlainValue(word: ShellWord): boolean {
  return word.single && !/^-./s.test(word.lead) && (word.exact || word.lead !== "");
}

/** Of a cluster of letters, the last has the value. */
function givenOptions(names: readonly string[], value: string | null): readonly GivenOption[] {
  return names.map((name, at) => ({ name, value: at === names.length - 1 ? value : null }));
}

function exactValue(word: ShellWord): string | null {
  return word.exact ? word.value : null;
}

type ReadWord =
  | { readonly kind: "options"; readonly names: readonly string[]; readonly takesNext: boolean; readonly attached: string | null }
  | { readonly kind: "operand" }
  | { readonly kind: "unknown" }
  | { readonly kind: "vague" };

const VAGUE: ReadWord = { kind: "vague" };
const UNKNOWN: ReadWord = { kind: "unknown" };

function readWord(word: ShellWord, table: OptionTable): ReadWord {
  if (word.exact && word.value === "-") return { kind: "operand" };
  if (word.lead.startsWith("--")) return longOption(word, table);
  if (word.lead.startsWith("-")) return word.exact ? shortOptions(word.value, table) : VAGUE;
  // `a*` and `a"$B"` cannot become an option; `*` and `$B` can, and `a$B` can become several words.
  return word.exact || (word.lead !== "" && !splits(word)) ? { kind: "operand" } : VAGUE;
}

/** It may become words that do not begin as it begins. */
function splits(word: ShellWord): boolean {
  return word.pieces.some((piece) => (piece.kind === "variable" || piece.kind === "unknown") && !piece.quoted);
}

function longOption(word: ShellWord, table: OptionTable): ReadWord {
  const equals = word.lead.indexOf("=");
  if (equals === -1) {
    if (!word.exact) return VAGUE;
    if (table.flags.has(word.value) || table.optional.has(word.value)) return { kind: "options", names: [word.value], takesNext: false, attached: null };
    return table.values.has(word.value) ? { kind: "options", names: [word.value], takesNext: true, attached: null } : UNKNOWN;
  }
  const name = word.lead.slice(0, equals);
  if (!table.values.has(name) && !table.optional.has(name)) return UNKNOWN;
  return splits(word) ? VAGUE : { kind: "options", names: [name], takesNext: false, attached: word.exact ? word.value.slice(equals + 1) : null };
}

function shortOptions(text: string, table: OptionTable): ReadWord {
  if (table.numbers && /^-\d+$/.test(text)) return { kind: "options", names: ["-#"], takesNext: false, attached: text.slice(1) };
  const names: string[] = [];
  for (let at = 1; at < text.length; at += 1) {
    const name = `-${text.charAt(at)}`;
    const rest = text.slice(at + 1);
    names.push(name);
    if (table.values.has(name)) return { kind: "options", names, takesNext: rest === "", attached: rest === "" ? null : rest };
    if (table.optional.has(name)) return { kind: "options", names, takesNext: false, attached: rest === "" ? null : rest };
    if (!table.flags.has(name)) return UNKNOWN;
  }
  return { kind: "options", names, takesNext: false, attached: null };
}
