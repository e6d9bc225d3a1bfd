// What a contract must check besides, by the kind of its work: scripts, data and reports have no tests of their own, so the
// checks that suit them are asked for. Pure; every broken rule is a sentence the contract negotiator can act on.
import { boundedMatch } from "./boundedMatch";
import type { Check, CommandCheck, Contract } from "./contract";
import { isCheckScript } from "./protection";
import { criteriaOf, isSealed } from "./sealed";
import { isTestFile } from "./sourceFile";
import { syntaxCheckOf } from "./syntaxCheck";
import type { TaskRequest } from "./task";

/** The user's own command that verifies data, and the pattern that its output matches when all is well. */
export interface DataVerification {
  readonly command: string;
  readonly pass: string;
}

export interface ProfileNeeds {
  readonly request: Pick<TaskRequest, "profile" | "title" | "description">;
  /** null: none is configured. */
  readonly dataVerification: DataVerification | null;
}

export function profileProblems(contract: Contract, { request, dataVerification }: ProfileNeeds): readonly string[] {
  switch (request.profile) {
    case "code":
      return [];
    case "automation":
      return [...existenceProblems(contract), ...scriptProblems(contract)];
    case "data":
      return [...existenceProblems(contract), ...dataProblems(contract, dataVerification)];
    case "report":
      return [...existenceProblems(contract), ...reportProblems(contract, `${request.title}\n${request.description}`)];
  }
}

/** A change that is verified by nothing but that something is there, or that something is not in it. */
function existenceProblems(contract: Contract): readonly string[] {
  return contract.criteria.flatMap(({ id, kind }) => {
    const checks = contract.checks.filter((check) => criteriaOf(check).includes(id));
    if (kind !== "change" || checks.length === 0 || !checks.every(saysNothingOfContent)) return [];
    return [`Criterion ${id} is verified by ${checks.map((check) => check.id).join(", ")} alone: anything of that name would meet it. Check what it holds or does: its output, its sections, its figures.`];
  });
}

function saysNothingOfContent(check: Check): boolean {
  switch (check.kind) {
    case "fileExists":
    case "noPlaceholders":
    case "destructiveCommands":
    case "syntax":
      return true;
    case "fileMatches":
      return matchesAnything(check.pattern);
    case "command":
      return check.verifiesData !== true && onlyLooks(check);
    default:
      return false;
  }
}

/** Texts that have nothing in common. */
const ANYTHING = ["q", "7", "#\n", "- -", "Ä!\n\n"];

function matchesAnything(pattern: string): boolean {
  return ANYTHING.every((text) => boundedMatch(pattern, text) === "yes");
}

/** Commands that say that there is a file, whatever is in it. */
const LISTS =
  /^(?:\/(?:usr\/)?bin\/)?(?:test\s+-[a-zA-Z]\s+\S+|\[\[?\s+-[a-zA-Z]\s+\S+\s+\]\]?|(?:ls|stat|file|du|realpath|readlink|git\s+ls-files)\b(?!.*\bxargs\b).*|find\b(?!.*(?:-exec|\bxargs\b)).*)$/s;
const PRINTS = /^(?:\/(?:usr\/)?bin\/)?(?:cat|head|tail|wc|touch|nl|tac)\b[^|]*$/;
const ASKS_FOR_FILE = /^(?:node|python[\d.]*)\s+-(?:e|c|p)\b.*\b(?:existsSync|accessSync|statSync|path\.exists|isfile)\b/s;
const READS_FILE = /\bread|\bopen\s*\(|\brequire\s*\(\s*["'](?:\.|\/)|\bimport\s*\(/;

function onlyLooks({ run, outputMatches, outputLacks }: CommandCheck): boolean {
  const inner = /^\s*(?:ba|da|z)?sh\s+-\w*c\s+(["'])(.*)\1\s*$/s.exec(run)?.[2] ?? run;
  if (ASKS_FOR_FILE.test(inner.trim()) && !READS_FILE.test(inner)) return true;
  const parts = inner.split(/&&|\|\||;|\n/).map((part) => part.trim()).filter((part) => part !== "");
  const isTold = [...outputMatches, ...outputLacks].some((pattern) => !matchesAnything(pattern));
  return parts.every((part) => LISTS.test(part) || (PRINTS.test(part) && !isTold));
}

function scriptProblems(contract: Contract): readonly string[] {
  const changes = contract.criteria.filter(({ kind }) => kind === "change").map(({ id }) => id);
  // Sealed tests are no work that could do harm.
  const commands = contract.checks.filter((check): check is CommandCheck => check.kind === "command" && !isSealed(check));
  const scripts = new Set(commands.filter((check) => criteriaOf(check).some((id) => changes.includes(id))).flatMap(({ run }) => scriptsIn(run)));
  return [...scripts].flatMap((script) => {
    const parses = contract.checks.some((check) => (check.kind === "syntax" && plain(check.path) === script) || (check.kind === "command" && READS_SYNTAX.test(check.run) && scriptsIn(check.run).includes(script)));
    const isHarmless = contract.checks.some((check) => (check.kind === "destructiveCommands" && plain(check.path) === script) || (check.kind === "command" && check.dryRun === true && scriptsIn(check.run).includes(script)));
    const syntax = parses ? [] : [`The contract runs ${script} and has no syntax check of it.`];
    const dryRun = isHarmless ? [] : [`The contract runs ${script} and does not check that it is harmless: add ${isShell(script) ? "destructiveCommands, or " : ""}a command that runs it with dryRun true, with its dry-run flag where it changes something.`];
    return [...syntax, ...dryRun];
  });
}

const READS_SYNTAX = /^\s*(?:(?:ba|da|z)?sh\s+-n|node\s+(?:--check|-c)|python[\d.]*\s+-m\s+(?:py_compile|compileall)|ruby\s+-c|php\s+-l|shellcheck)\b/;

/** The scripts that a command names and that are the work, not what verifies it. */
function scriptsIn(run: string): readonly string[] {
  const words = run.split(/[\s;|&<>]+/).map((word) => plain(word.replace(/^["'(]+|["')]+$/g, "")));
  return words.filter((word) => /\.(?:sh|bash|zsh|py|rb|php|[cm]?js|ps1)$/.test(word) && syntaxCheckOf(word).kind !== "none" && !isTestFile(word) && !isCheckScript(word));
}

function isShell(script: string): boolean {
  return /\.(?:sh|bash|zsh)$/.test(script);
}

function plain(path: string): string {
  return path.replace(/^(?:\.\/)+/, "");
}

function dataProblems(contract: Contract, configured: DataVerification | null): readonly string[] {
  const verifying = contract.checks.filter((check): check is CommandCheck => check.kind === "command" && check.verifiesData === true);
  if (configured !== null) {
    const isThere = verifying.some(({ run, exit, outputMatches }) => run.trim() === configured.command.trim() && exit === 0 && outputMatches.includes(configured.pass));
    return isThere ? [] : [`The user's data verification is missing: a command check with run ${JSON.stringify(configured.command)}, outputMatches ${JSON.stringify([configured.pass])} and verifiesData true.`];
  }
  return verifying.length > 0 ? [] : ["No check verifies the data: add the repository's own verification, or a command that computes the figures anew, with verifiesData true and outputMatches for what it prints when all is well."];
}

const DATED = /\b(?:19|20)\d{2}\b|\bQ[1-4]\b|\b(?:January|February|March|April|June|July|August|September|October|November|December)\b/;
const FIGURED = /\b(?:sub)?totals?\b|\bsums?\b|\bpercent(?:ages?)?\b|\d ?%|\bgrowth\b|\baverages?\b|\bMoM\b|\bYoY\b|\b(?:month|year)[ -]over[ -](?:month|year)\b|\bfigures?\b|\brevenue\b/i;

function reportProblems(contract: Contract, task: string): readonly string[] {
  const { checks, criteria } = contract;
  const asked = [task, ...criteria.map(({ text }) => text)].join("\n");
  const reports = checks.flatMap((check) => (check.kind === "sections" ? [plain(check.path)] : []));
  const unlooked = [...new Set(reports)].filter((path) => !checks.some((check) => check.kind === "noPlaceholders" && plain(check.path) === path));
  const recomputes = checks.some((check) => check.kind === "recalculate" || (check.kind === "command" && !onlyLooks(check) && isChange(contract, check)));
  return [
    ...(reports.length === 0 ? ["No check asks for the report's sections: add sections with the headings that it must have."] : []),
    ...unlooked.map((path) => `Nothing says that ${path} is finished: add noPlaceholders for it.`),
    ...(DATED.test(asked) && !checks.some(({ kind }) => kind === "dateRange") ? ["The task names a period and no check holds the report to it: add dateRange with the first and the last day that may stand in it."] : []),
    ...(FIGURED.test(asked) && !recomputes ? ["The task is about figures and no check computes them: add recalculate for the report's tables, or a command that computes them anew."] : []),
  ];
}

function isChange({ criteria }: Contract, check: Check): boolean {
  return criteria.some(({ id, kind }) => kind === "change" && criteriaOf(check).includes(id));
}
