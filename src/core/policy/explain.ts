// Tells a person what a command line consists of and what each command in it may touch. It decides nothing, and what it
// says is never more certain than what it knows.
import { problemWithRedirects } from "./coverage";
import { hiddenCharacter } from "./hiddenCharacters";
import { optionValues } from "./commandStart";
import { innerCommands, readsItsProgram } from "./innerCommands";
import { effectsOf, hasSubcommands, type EffectKind } from "./programEffects";
import { baseName, programName } from "./programName";
import { readerOf } from "./readers";
import { LONGEST_COMMAND, readShell, shortened, type ShellRedirect, type SimpleCommand } from "./shellReading";
import { literalWord, type ShellWord } from "./shellWord";
import { messageOf } from "../domain/errors";

export interface CommandEffect {
  /** `unknown`: the program is not known, so that it may do whatever programs can. */
  readonly kind: EffectKind | "unknown";
  /** Files, hosts or commands, as they are written; empty where nothing is named. */
  readonly what: string;
}

export interface ExplainedCommand {
  /** As it is written, in one line. */
  readonly text: string;
  readonly program: string;
  /** What it stands in, from the outside: `sudo`, `bash`, `$(…)`. */
  readonly within: readonly string[];
  readonly effects: readonly CommandEffect[];
}

export interface CommandExplanation {
  /** In the order in which they stand; a command that another one runs follows it. */
  readonly commands: readonly ExplainedCommand[];
  /** What keeps it from being run unasked, whatever the entries say. Sentences without their full stops. */
  readonly doubts: readonly string[];
  /** Commands were left out, as there are too many. */
  readonly isCut: boolean;
}

const MOST_COMMANDS = 40;
const DEEPEST = 6;

/** Never throws. */
export function explain(command: string): CommandExplanation {
  if (command.length > LONGEST_COMMAND) return { commands: [], doubts: [`It is longer than ${LONGEST_COMMAND} characters`], isCut: true };
  try {
    const collected: ExplainedCommand[] = [];
    const doubts = explainSource(command, [], collected);
    const hidden = hiddenCharacter(command);
    return {
      commands: collected.slice(0, MOST_COMMANDS),
      doubts: hidden === null ? doubts : [`It holds ${hidden}`, ...doubts],
      isCut: collected.length > MOST_COMMANDS,
    };
  } catch (error) {
    return { commands: [], doubts: [`It could not be read: ${messageOf(error)}`], isCut: true };
  }
}

function explainSource(source: string, within: readonly string[], collected: ExplainedCommand[]): readonly string[] {
  const reading = readShell(source);
  for (const command of reading.commands) {
    const place = command.inside === null ? within : [...within, command.inside];
    const words = command.words.map((word) => (word.exact ? word.value : word.source));
    explainWords(words, { command, within: place }, collected);
  }
  const redirects = [...reading.redirects, ...reading.commands.flatMap((command) => command.redirects)];
  const redirected = problemWithRedirects(redirects);
  return redirected === null ? reading.doubts : [...reading.doubts, redirected];
}

interface Setting {
  /** Null for the words that another command runs. */
  readonly command: SimpleCommand | null;
  readonly within: readonly string[];
}

function explainWords(words: readonly string[], setting: Setting, collected: ExplainedCommand[]): void {
  const { command, within } = setting;
  if (collected.length > MOST_COMMANDS || within.length > DEEPEST) return;
  const [program = ""] = words;
  const shellWords = command?.words ?? words.map(literalWord);
  const inner = innerCommands(words);
  const commands = inner.map((one) => shortened(one.kind === "words" ? textOf(one.words, null) : one.text));
  collected.push({
    text: shortened(textOf(words, command)),
    program: shellWords[0]?.exact === false ? shellWords[0].source : baseName(program),
    within,
    effects: [...effectsOfWords(shellWords, commands), ...(command?.redirects ?? []).flatMap(effectOfRedirect)],
  });
  for (const one of inner) {
    const inside = [...within, baseName(program)];
    if (one.kind === "words") explainWords(one.words, { command: null, within: inside }, collected);
    else explainSource(one.text, inside, collected);
  }
}

function textOf(words: readonly string[], command: SimpleCommand | null): string {
  if (command === null) return words.map((word) => (/^[\w@%+=:,./{}-]+$/.test(word) ? word : `'${word}'`)).join(" ");
  const settings = command.assignments.map(({ name, value }) => `${name}=${value?.source ?? "…"}`);
  return [...settings, ...command.words.map((word) => word.source)].join(" ");
}

function effectsOfWords(words: readonly ShellWord[], inner: readonly string[]): readonly CommandEffect[] {
  const [program, ...args] = words;
  if (program === undefined) return [];
  const name = programName(program.value);
  const operands = args.filter((word) => !word.source.startsWith("-")).map((word) => word.source);
  const what = shortened(operands.slice(hasSubcommands(name) ? 1 : 0).join(" "));
  const runs: readonly CommandEffect[] = inner.map((command) => ({ kind: "runs", what: command }));
  if (program.exact && readerOf(program.value)?.check(args) === null) return [{ kind: "reads", what }];
  if (readsItsProgram(words.map((word) => word.value))) return [{ kind: "runs", what: "what its input says" }];
  const known = program.exact ? effectsOf(name, operands[0] ?? "") : null;
  const files = optionValues(words.slice(1).map((word) => word.source), ["-o", "--output", "--output-file"]);
  const written: readonly CommandEffect[] = files.map((file) => ({ kind: "writes", what: file }));
  if (known !== null) return [...known.filter((kind) => kind !== "runs" || runs.length === 0).map((kind) => ({ kind, what })), ...runs, ...written];
  return runs.length > 0 ? runs : [{ kind: "unknown", what: program.exact ? "" : program.source }, ...written];
}

function effectOfRedirect({ operator, target }: ShellRedirect): readonly CommandEffect[] {
  if (target === null || target.value === "/dev/null") return [];
  if ((operator === ">&" || operator === "<&") && /^(?:\d|-)$/.test(target.value)) return [];
  return [{ kind: operator === "<" || operator === "<<<" ? "reads" : "writes", what: target.source }];
}
