// `git`: the subcommands and options that only look at a repository.
import { GIT_TABLES } from "./gitTables";
import { optionTable, type ReadArguments } from "./optionTable";
import { guardedArguments, reader, type Reader } from "./reader";
import { shortened } from "./shellReading";
import type { ShellWord } from "./shellWord";

/** Before the subcommand, these change nothing about what is done. */
const PASSING = new Set("--no-pager -P --no-optional-locks --literal-pathspecs --glob-pathspecs --noglob-pathspecs --icase-pathspecs --no-replace-objects --no-lazy-fetch --no-advice".split(" "));

/** Without options that change nothing: `git --no-pager log` is `git log`. */
export function withoutPassingOptions(words: readonly ShellWord[]): readonly ShellWord[] {
  const [program, ...args] = words;
  if (program?.value !== "git") return words;
  const start = args.findIndex((word) => !(word.exact && PASSING.has(word.value)));
  return start === -1 ? [program] : [program, ...args.slice(start)];
}

type Check = (args: readonly ShellWord[]) => string | null;

function table(name: keyof typeof GIT_TABLES, further?: (read: ReadArguments) => string | null): Check {
  const options = optionTable(GIT_TABLES[name]);
  return (args) => guardedArguments(args, options, further);
}

/** With operands these create something, unless an option says that they select. */
function listing(selecting: readonly string[]): (read: ReadArguments) => string | null {
  return ({ operands, options }) => {
    const [first] = operands;
    const selects = options.some(({ name }) => selecting.includes(name));
    return first === undefined || selects ? null : `creates ${shortened(first.source)}`;
  };
}

/** For commands of which the first word says what they do. */
function oneOf(named: Readonly<Record<string, Check>>): Check {
  const forms = new Map(Object.entries(named));
  const bare = forms.get("");
  return ([form, ...rest]) => {
    const found = form === undefined ? bare : form.exact ? forms.get(form.value) : undefined;
    if (found !== undefined) return found(rest);
    // Options of the form that needs no word.
    const isOption = form?.exact === true && form.value.startsWith("-");
    if (isOption && bare !== undefined) return bare([form, ...rest]);
    return `${form === undefined ? "without a word" : shortened(form.source)} is no form of it that only reads`;
  };
}

function operandsAtMost(count: number): (read: ReadArguments) => string | null {
  return ({ operands }) => {
    const [extra] = operands.slice(count);
    return extra === undefined ? null : `sets ${shortened(operands[0]?.source ?? "")} to ${shortened(extra.source)}`;
  };
}

const REFS = ["-l", "--list", "--contains", "--no-contains", "--merged", "--no-merged", "--points-at"];
const GETS = ["--get", "--get-all", "--get-regexp", "--get-urlmatch", "--get-color", "--get-colorbool"];

const configCheck: Check = (args) => {
  const [form, ...rest] = args;
  if (form?.exact === true && (form.value === "get" || form.value === "list")) return table("config")(rest);
  return table("config", (read) => {
    const lists = read.options.some(({ name }) => name === "-l" || name === "--list" || GETS.includes(name));
    return lists ? null : operandsAtMost(1)(read);
  })(args);
};

const log = table("log");
const diff = table("diff");
const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ["log", log],
  ["show", log],
  ["whatchanged", log],
  ["rev-list", log],
  ["shortlog", table("shortlog")],
  ["diff", diff],
  ["range-diff", log],
  ["diff-tree", log],
  ["diff-index", log],
  ["diff-files", log],
  ["status", table("status")],
  ["blame", table("blame")],
  ["annotate", table("blame")],
  ["ls-files", table("lsFiles")],
  ["ls-tree", table("lsTree")],
  ["rev-parse", table("revParse")],
  ["describe", table("describe")],
  ["cat-file", table("catFile")],
  ["grep", table("grep")],
  ["merge-base", table("mergeBase")],
  ["name-rev", table("nameRev")],
  ["for-each-ref", table("forEachRef")],
  ["show-ref", table("showRef")],
  ["count-objects", table("countObjects")],
  ["cherry", table("cherry")],
  ["check-ignore", table("checkIgnore")],
  ["check-attr", table("checkAttr")],
  ["version", table("version")],
  ["branch", table("branch", listing(REFS))],
  ["tag", table("tag", listing([...REFS, "-n"]))],
  ["symbolic-ref", table("symbolicRef", operandsAtMost(1))],
  ["config", configCheck],
  ["remote", oneOf({ "": table("remote", listing([])), "get-url": table("remoteGetUrl") })],
  ["stash", oneOf({ list: log, show: diff })],
  ["reflog", oneOf({ "": log, show: log, list: log, exists: log, HEAD: log })],
  ["worktree", oneOf({ list: table("worktreeList") })],
  ["submodule", oneOf({ status: table("submoduleStatus") })],
  ["notes", oneOf({ list: table("version"), show: table("version") })],
  ["bisect", oneOf({ log: table("version") })],
  ["--version", table("version")],
]);

function check(args: readonly ShellWord[]): string | null {
  const [program] = withoutPassingOptions([GIT, ...args]).slice(1);
  if (program === undefined) return null;
  if (!program.exact) return `is told what to do by ${shortened(program.source)}`;
  if (program.value === "-C" || /^--(?:git-dir|work-tree|namespace)/.test(program.value)) return "works in another folder, whose settings may run programs";
  if (program.value === "-c" || program.value.startsWith("--config")) return "changes a setting for this call, which may run a program";
  if (program.value.startsWith("-") && program.value !== "--version") return `is given ${shortened(program.source)}, which is not known only to read`;
  const subcommand = CHECKS.get(program.value);
  if (subcommand === undefined) return `${program.value} is no subcommand that only reads`;
  const problem = subcommand(withoutPassingOptions([GIT, ...args]).slice(2));
  return problem === null ? null : `${program.value} ${problem}`;
}

const GIT: ShellWord = { source: "git", value: "git", exact: true, single: true, lead: "git", glob: null, pieces: [] };

export const gitReader: Reader = reader(check, { obeysFolder: true, concerns: ([, subcommand]) => subcommand === undefined || CHECKS.has(subcommand) });
