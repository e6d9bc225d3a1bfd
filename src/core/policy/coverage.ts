// Whether the allow entries cover one simple command. The rules stand in commandPolicy.ts.
import { withoutPassingOptions } from "./gitReader";
import { changesShell, hazardIn } from "./hazards";
import { obeysItsInput } from "./innerCommands";
import type { PolicyEntry } from "./policyEntry";
import { readerOf } from "./readers";
import { secretIn } from "./secretPlaces";
import { shortened, type ShellAssignment, type ShellRedirect, type SimpleCommand } from "./shellReading";
import type { ShellWord } from "./shellWord";

export type Coverage =
  | {
      readonly kind: "covered";
      readonly by: PolicyEntry;
      /** What it does depends on settings in the folder that it runs in. */
      readonly obeysFolder: boolean;
      readonly changesFolder: boolean;
    }
  | { readonly kind: "open"; readonly why: string };

const open = (why: string): Coverage => ({ kind: "open", why });

/** Wrappers in wrappers that are looked through. */
const MOST_WRAPPERS = 4;

/** `isAlone`: there is no other command in the command line. */
export function coverage(command: SimpleCommand, entries: readonly PolicyEntry[], isAlone: boolean): Coverage {
  const setting = command.assignments.find((assignment) => !isHarmlessSetting(assignment));
  if (setting !== undefined) return open(`It sets ${setting.name}, which can change what programs do`);
  if (command.words.length === 0) return open("It only sets variables or redirects");
  const redirect = problemWithRedirects(command.redirects);
  return redirect === null ? wordsCovered(command.words, entries, { isAlone, wrappers: 0 }) : open(redirect);
}

interface Place {
  readonly isAlone: boolean;
  readonly wrappers: number;
}

function wordsCovered(words: readonly ShellWord[], entries: readonly PolicyEntry[], place: Place): Coverage {
  const [program] = words;
  if (program === undefined || !program.exact) return open(`Which program ${shortened(program?.source ?? "")} means is only known when it runs`);
  if (changesShell(program.value) && !place.isAlone) return open(`${program.value} changes what the commands around it mean`);
  let refusal: Coverage | null = null;
  for (const entry of entries) {
    const found = coveredBy(entry, words);
    if (found === null) continue;
    if (found.kind === "covered") return found;
    refusal = found;
  }
  const wrapped = place.wrappers < MOST_WRAPPERS ? behindTransparentWrapper(words) : null;
  if (wrapped !== null) return wordsCovered(wrapped, entries, { isAlone: false, wrappers: place.wrappers + 1 });
  return refusal ?? open(`No entry covers ${shortened(words.map((word) => word.source).join(" "))}`);
}

/** Null when the entry is about another command. */
function coveredBy(entry: PolicyEntry, given: readonly ShellWord[]): Coverage | null {
  const words = withoutPassingOptions(given);
  const named = entry.words.length;
  if (!entry.words.every((word, at) => words[at]?.exact === true && words[at]?.value === word)) return null;
  const program = entry.words[0] ?? "";
  const known = readerOf(program);
  const argv = words.map((word) => word.value);
  const covered: Coverage = { kind: "covered", by: entry, obeysFolder: known?.obeysFolder ?? true, changesFolder: program === "cd" };
  if (words.every((word) => word.exact) && obeysItsInput(argv)) return open(`${program} does what its input says`);
  if (words.length === named) return covered;
  const readsOnly = known !== undefined && (!entry.open || known.concerns(entry.words));
  const problem = readsOnly ? problemWithReading(entry, words) : problemWithRest(entry, words);
  return problem === null ? covered : open(`${program} ${problem}`);
}

/** What the entry says itself is settled; with a last ` *`, only what stands behind it is looked at. */
function problemWithReading(entry: PolicyEntry, words: readonly ShellWord[]): string | null {
  const [program] = words;
  const known = readerOf(program?.value ?? "");
  if (known === undefined) return "is not known";
  const settled = !entry.open ? 1 : entry.words.length;
  const subcommand = program?.value === "git" && settled > 1 ? words.slice(1, 2) : [];
  const args = [...subcommand, ...words.slice(settled)];
  const secret = known.namesOnly ? null : firstSecret(args);
  return secret === null ? known.check(args) : `reads ${secret}, where secrets are kept`;
}

function problemWithRest(entry: PolicyEntry, words: readonly ShellWord[]): string | null {
  const rest = words.slice(entry.words.length);
  if (!entry.open) return `is given more than the entry "${entry.text}" names`;
  const vague = rest.find((word) => !word.exact);
  if (vague !== undefined) return `is given ${shortened(vague.source)}, which is only known when it runs`;
  if (changesShell(entry.words[0] ?? "")) return "changes the shell";
  return hazardIn(words.map((word) => word.value), entry.words.length);
}

function firstSecret(words: readonly ShellWord[]): string | null {
  for (const word of words) {
    const secret = secretIn(word.value);
    if (secret !== null) return secret;
  }
  return null;
}

/** Wrappers that add nothing, with the options that keep it so: what stands between the wrapper and the command. */
const TRANSPARENT: ReadonlyMap<string, RegExp> = new Map([
  ["time", /^(?:-p )?$/],
  ["timeout", /^(?:-[sk] \S+ |--(?:signal|kill-after)=\S+ |--foreground |--preserve-status |-v |--verbose )*\d+(?:\.\d+)?[smhd]? $/],
  ["nice", /^(?:-n -?\d+ |-\d+ )?$/],
  ["command", /^$/],
]);
const LONGEST_PREFIX = 8;

function behindTransparentWrapper(words: readonly ShellWord[]): readonly ShellWord[] | null {
  const shape = TRANSPARENT.get(words[0]?.value ?? "");
  if (shape === undefined) return null;
  let prefix = "";
  for (let at = 1; at < Math.min(words.length, LONGEST_PREFIX); at += 1) {
    const word = words[at];
    if (word === undefined || !word.exact || /\s/.test(word.value)) return null;
    if (!word.value.startsWith("-") && shape.test(prefix)) return words.slice(at);
    prefix += `${word.value} `;
  }
  return null;
}

/** Redirections that only read, join streams, or throw output away. */
export function problemWithRedirects(redirects: readonly ShellRedirect[]): string | null {
  for (const redirect of redirects) {
    const problem = problemWithRedirect(redirect);
    if (problem !== null) return problem;
  }
  return null;
}

function problemWithRedirect({ operator, target, plainDescriptor }: ShellRedirect): string | null {
  if (target === null) return `It redirects (${operator}) to what is not named`;
  const says = `${operator}${shortened(target.source)}`;
  if (!plainDescriptor) return `Not every shell reads its redirection ${says} in the same way`;
  if (!target.exact) return `Where its redirection ${says} leads is only known when it runs`;
  if (operator === ">&" || operator === "<&") return /^(?:\d|-)$/.test(target.value) ? null : `It writes to a file: ${says}`;
  if (operator === "<") {
    if (/^\/dev\/(?:tcp|udp)\//.test(target.value)) return `It opens a network connection: ${says}`;
    const secret = secretIn(target.value);
    return secret === null ? null : `It reads ${secret}, where secrets are kept`;
  }
  return target.value === "/dev/null" && operator !== "<>" ? null : `It writes to a file: ${says}`;
}

/** Variables that only change language, colour, time zone and width, or that turn a pager off; and their values. */
const SETTINGS: readonly (readonly [names: RegExp, values: RegExp])[] = [
  [/^(?:LANG|LANGUAGE|LC_[A-Z]+)$/, /^[\w.@-]*$/],
  [/^TZ$/, /^[\w+-]+(?:\/[\w+-]+)*$/],
  [/^(?:NO_COLOR|FORCE_COLOR|CLICOLOR|CLICOLOR_FORCE|CI|COLUMNS|LINES)$/, /^\w*$/],
  [/^(?:PAGER|GIT_PAGER|MANPAGER|BAT_PAGER|AWS_PAGER|GH_PAGER)$/, /^(?:cat)?$/],
  [/^(?:GIT_OPTIONAL_LOCKS|GIT_TERMINAL_PROMPT)$/, /^[01]$/],
];

function isHarmlessSetting({ name, value }: ShellAssignment): boolean {
  return value !== null && value.exact && SETTINGS.some(([names, values]) => names.test(name) && values.test(value.value));
}
