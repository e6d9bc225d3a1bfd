// Does a command begin with what an entry denies, in whatever order, cluster or spelling its options come?
import { baseName, programName } from "./programName";

/**
 * True when `argv` runs the entry's program with the entry's words:
 * - words before the entry's first option are subcommands: they must be the command's first operands;
 * - the entry's options must be there, anywhere, alone or in a cluster, short, long or abbreviated;
 * - words behind the entry's first option must be there, anywhere.
 */
export function matchesDeny(entry: readonly string[], argv: readonly string[]): boolean {
  const [program = "", ...wanted] = entry;
  const [name = "", ...args] = withoutDash(argv);
  if (baseName(program) !== baseName(name) && baseName(program) !== programName(name)) return false;
  const firstOption = wanted.findIndex(isOption);
  const subcommands = firstOption === -1 ? wanted : wanted.slice(0, firstOption);
  const anywhere = firstOption === -1 ? [] : wanted.slice(firstOption);
  return beginsWith(subcommands, args, baseName(program)) && anywhere.every((word) => (isOption(word) ? hasOption(word, args) : hasWord(word, args)));
}

/** `git-push` is `git push`. */
function withoutDash(argv: readonly string[]): readonly string[] {
  const [, subcommand] = /^git-([\w-]+)$/.exec(baseName(argv[0] ?? "")) ?? [];
  return subcommand === undefined ? argv : ["git", subcommand, ...argv.slice(1)];
}

function isOption(word: string): boolean {
  return /^-./s.test(word);
}

/** Options of git itself that have a value in the next word; all others before the subcommand have none. */
const GIT_VALUES = new Set(["-C", "-c", "--git-dir", "--work-tree", "--namespace", "--super-prefix", "--config-env", "--attr-source", "--exec-path"]);

/** Whether the first operands are these subcommands; an option may have a value in the next word or not. */
function beginsWith(subcommands: readonly string[], args: readonly string[], program: string): boolean {
  let places = new Set([0]);
  for (const [index, wanted] of subcommands.entries()) {
    const next = new Set<number>();
    for (const place of places) for (const at of operandsFrom(args, place, program === "git" && index === 0)) {
      if (isSubcommand(program, wanted, args[at] ?? "")) next.add(at + 1);
    }
    if (next.size === 0) return false;
    places = next;
  }
  return true;
}

/** Where the next operand may be. */
function operandsFrom(args: readonly string[], from: number, isGitItself: boolean): ReadonlySet<number> {
  const found = new Set<number>();
  const open = [from];
  const seen = new Set<number>();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const word = args[at];
    if (word === undefined || seen.has(at)) continue;
    seen.add(at);
    if (!isOption(word)) {
      found.add(at);
      if (MANAGEMENT.has(word)) open.push(at + 1);
    } else if (isGitItself) open.push(GIT_VALUES.has(word) ? at + 2 : at + 1);
    else open.push(at + 1, at + 2);
  }
  return found;
}

/** `docker container rm` is `docker rm`. */
const MANAGEMENT = new Set(["container"]);

const NPM_NAMES: Readonly<Record<string, readonly string[]>> = {
  run: ["run-script", "rum", "urn"],
  test: ["t", "tst"],
  install: ["i", "in", "ins", "inst", "insta", "instal", "isnt", "isnta", "isntal", "add", "ci", "clean-install"],
  uninstall: ["un", "unlink", "remove", "rm", "r"],
  update: ["up", "upgrade", "udpate"],
  exec: ["x"],
  publish: ["pub"],
};

/** Other names of subcommands, by program. */
const OTHER_NAMES = new Map<string, Readonly<Record<string, readonly string[]>>>(Object.entries({
  npm: NPM_NAMES,
  pnpm: NPM_NAMES,
  yarn: { remove: ["rm"], install: ["add"], exec: ["run"], run: ["exec"] },
  cargo: { build: ["b"], test: ["t"], run: ["r"], remove: ["rm"], check: ["c"], doc: ["d"] },
  git: { add: ["stage"] },
  brew: { uninstall: ["remove", "rm"] },
  kubectl: { delete: ["del"] },
}));

const SHORTEST_ABBREVIATION = 3;

function isSubcommand(program: string, wanted: string, word: string): boolean {
  if (word === wanted) return true;
  const names = OTHER_NAMES.get(program) ?? {};
  if (Object.hasOwn(names, wanted) && names[wanted]?.includes(word) === true) return true;
  // npm takes any beginning that only one of its commands has.
  return program === "npm" && word.length >= SHORTEST_ABBREVIATION && wanted.startsWith(word);
}

/** Letters that mean the same nearly everywhere, and their long names. */
const LONG_NAMES: Readonly<Record<string, readonly string[]>> = {
  r: ["recursive"],
  R: ["recursive"],
  f: ["force"],
  d: ["delete"],
  g: ["global"],
  y: ["yes"],
  a: ["all"],
  o: ["output"],
  u: ["set-upstream"],
  c: ["command"],
  e: ["eval"],
  i: ["in-place", "interactive"],
  X: ["request"],
  v: ["volume", "verbose"],
};

function hasOption(wanted: string, args: readonly string[]): boolean {
  const options = args.filter(isOption);
  const [name = ""] = wanted.split("=");
  if (wanted.startsWith("--")) return options.some((option) => isLong(option, name.slice(2)) || isLetterOf(option, name.slice(2)));
  // A whole word such as `-delete` or `-exec`, or letters that may be clustered otherwise.
  if (options.includes(wanted)) return true;
  return Array.from(name.slice(1)).every((letter) => options.some((option) => hasLetter(option, letter)));
}

/** `--force`, `--force=…` and the abbreviations that GNU programs take; `--f` and `--` are too short to mean it. */
function isLong(option: string, name: string): boolean {
  if (!option.startsWith("--")) return false;
  const given = option.slice(2).split("=")[0] ?? "";
  return given === name || (given.length >= SHORTEST_ABBREVIATION && name.startsWith(given));
}

function isLetterOf(option: string, name: string): boolean {
  return Object.entries(LONG_NAMES).some(([letter, names]) => names.includes(name) && isCluster(option) && option.includes(letter));
}

function hasLetter(option: string, letter: string): boolean {
  const names = LONG_NAMES[letter] ?? [];
  if (option.startsWith("--")) return names.some((name) => isLong(option, name));
  const same = Object.keys(LONG_NAMES).filter((other) => LONG_NAMES[other]?.some((name) => names.includes(name)) === true);
  return [letter, ...same].some((one) => option.includes(one, 1));
}

function isCluster(option: string): boolean {
  return /^-[^-]/.test(option);
}

/** As a word of its own, or as the value of an option. */
function hasWord(wanted: string, args: readonly string[]): boolean {
  return args.some((word) => word === wanted || (isOption(word) && word.endsWith(wanted) && word.length > wanted.length));
}
