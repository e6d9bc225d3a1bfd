// Looks for denied commands in everything that a command line would run, in however many wrappers and spellings.
import { innerCommands, obeysItsInput, readsItsProgram } from "./innerCommands";
import { matchesDeny } from "./denyMatch";
import type { PolicyEntry } from "./policyEntry";
import { baseName } from "./programName";
import { readAsPosixShell, readShell, type ShellReading, type SimpleCommand } from "./shellReading";
import { guessFields, type Assigned, type ShellWord } from "./shellWord";
import { lastSegment, wildcardsMatch } from "./wildcards";

export interface Denial {
  readonly entry: PolicyEntry;
  /** Programs and places that it was found in, from the outside. */
  readonly within: readonly string[];
}

export type DenialSearch =
  | { readonly kind: "found"; readonly denial: Denial }
  | { readonly kind: "none" }
  /** It was given up: there are more commands in commands than anybody writes. */
  | { readonly kind: "gaveUp" };

/** Words and characters looked at before the search gives up: several times what the longest command line holds. */
const MOST_WORK = 300_000;
const DEEPEST = 24;

export function findDenied(reading: ShellReading, entries: readonly PolicyEntry[]): DenialSearch {
  if (entries.length === 0) return { kind: "none" };
  const search = new Search(entries);
  const denial = search.inReading(reading, []);
  if (denial !== null) return { kind: "found", denial };
  return { kind: search.exhausted ? "gaveUp" : "none" };
}

class Search {
  exhausted = false;
  private work = 0;
  private readonly seen = new Set<string>();

  constructor(private readonly entries: readonly PolicyEntry[]) {}

  inReading(reading: ShellReading, within: readonly string[]): Denial | null {
    for (const command of reading.commands) {
      const place = command.inside === null ? within : [...within, command.inside];
      const denial = this.inCommand(command, reading.assigned, place);
      if (denial !== null) return denial;
    }
    return null;
  }

  private inCommand(command: SimpleCommand, assigned: Assigned, within: readonly string[]): Denial | null {
    const input = [...command.input, ...printedBy(command.from, assigned)];
    const [program] = command.words;
    const globbed = program === undefined ? null : this.byGlob(program, within);
    if (globbed !== null) return globbed;
    for (const argv of argvsOf(command.words, assigned)) {
      const denial = this.inWords(argv, within, input);
      if (denial !== null) return denial;
    }
    const settings = command.assignments.filter(({ name, value }) => value !== null && RUN_BY_PROGRAMS.test(name));
    return this.first(settings, ({ name, value }) => this.inSource(value?.value ?? "", [...within, name]));
  }

  private inWords(argv: readonly string[], within: readonly string[], input: readonly string[]): Denial | null {
    if (this.exhausted || !this.mayGoOn(within, `w${argv.join("\0")}\n${input.join("\0")}`)) return null;
    const entry = this.entries.find((known) => matchesDeny(known.words, argv));
    if (entry !== undefined) return { entry, within };
    // `time` is a word of bash's own, and a program with options elsewhere.
    if (argv[0]?.startsWith("-") === true) return this.inWords(["time", ...argv], within, input);
    const inside = [...within, baseName(argv[0] ?? "")];
    for (const inner of innerCommands(argv)) {
      const denial = inner.kind === "words" ? this.inWords(inner.words, inside, input) : this.inSource(inner.text, inside);
      if (denial !== null) return denial;
    }
    return obeysItsInput(argv) ? this.first(input, (text) => this.inInput(text, argv, inside)) : null;
  }

  /** A shell runs its input; xargs puts it behind its own arguments. */
  private inInput(text: string, argv: readonly string[], within: readonly string[]): Denial | null {
    if (readsItsProgram(argv) || argv.length === 1) return this.inSource(text, within);
    const added = text.split(/\s+/).filter((word) => word !== "");
    return this.inSource(text, within) ?? this.first(innerCommands([...argv, ...added]), (inner) => (inner.kind === "words" ? this.inWords(inner.words, within, []) : null));
  }

  private inSource(text: string, within: readonly string[]): Denial | null {
    if (this.exhausted || text.trim() === "" || !this.mayGoOn(within, `s${text}`)) return null;
    const reading = readShell(text);
    const posix = readAsPosixShell(text, reading);
    return this.inReading(reading, within) ?? (posix === null ? null : this.inReading(posix, within));
  }

  /** `/bin/r?` may be the denied program. */
  private byGlob(program: ShellWord, within: readonly string[]): Denial | null {
    const { glob } = program;
    if (glob === null) return null;
    const entry = this.entries.find(({ words }) => wildcardsMatch(lastSegment(glob), baseName(words[0] ?? "")));
    return entry === undefined ? null : { entry, within };
  }

  private mayGoOn(within: readonly string[], what: string): boolean {
    // The same text in the same search cannot hold anything else.
    if (this.seen.has(what)) return false;
    this.seen.add(what);
    this.work += what.length;
    if (this.work <= MOST_WORK && within.length <= DEEPEST) return true;
    this.exhausted = true;
    return false;
  }

  private first<T>(items: readonly T[], look: (item: T) => Denial | null): Denial | null {
    for (const item of items) {
      const denial = look(item);
      if (denial !== null) return denial;
    }
    return null;
  }
}

/** Variables whose value some program runs. */
const RUN_BY_PROGRAMS = /PAGER|EDITOR|VISUAL|COMMAND|ASKPASS|BROWSER|SHELL|LESSOPEN|LESSCLOSE|_ENV$|^ENV$|FLAGS|SSH|EXTERNAL|^GIT_|^PS[0-4]$|OPTS|OPTIONS/;

/** What the words may become, as program and arguments. */
function argvsOf(words: readonly ShellWord[], assigned: Assigned): readonly (readonly string[])[] {
  const guesses = words.map((word) => guessFields(word, assigned));
  const count = Math.min(8, Math.max(0, ...guesses.map((all) => all.length)));
  const argvs = Array.from({ length: count }, (_, guess) => guesses.flatMap((all) => all[Math.min(guess, all.length - 1)] ?? []));
  return argvs.filter((argv) => argv.length > 0);
}

/** What a command that only prints feeds to the next one. */
function printedBy(command: SimpleCommand | null, assigned: Assigned): readonly string[] {
  if (command === null) return [];
  const [argv] = argvsOf(command.words, assigned);
  const name = baseName(argv?.[0] ?? "");
  if (name === "cat" || name === "tee") return command.input;
  if (name !== "echo" && name !== "printf") return [];
  const texts = (argv ?? []).slice(1).filter((word) => !/^-[neE]+$/.test(word));
  // A format may be anything, so each word counts on its own, too.
  return [texts.join(" "), ...texts].map(unescaped);
}

/** As `printf` and `echo -e` print it, where it matters. */
function unescaped(text: string): string {
  const coded = text.replace(/\\x([\da-f]{1,2})|\\0?([0-7]{2,3})/gi, (_, hex?: string, octal?: string) =>
    String.fromCharCode(hex === undefined ? Number.parseInt(octal ?? "0", 8) : Number.parseInt(hex, 16)),
  );
  return coded.replace(/\\n|%[sb]/g, "\n");
}
