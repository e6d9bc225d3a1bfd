// The rules a contract must meet before it is frozen. Pure; every broken rule is a sentence the contract
// negotiator can act on.
import type { Check, CheckResult, CommandCheck, Contract, DateRangeCheck, RecalculateCheck, SyntaxCheck } from "./contract";
import { describeCheck } from "./checkText";
import { isIsoDate, readRule } from "./dataChecks";
import { mayChangeProblems } from "./mayChangeRules";
import { syntaxCheckOf } from "./syntaxCheck";
import { leavesRepository } from "./repositoryPath";
import { isSealed } from "./sealed";
import { NEEDS_SEALED, sealedProblems } from "./sealedRules";

/** What is wrong with the contract as written, before anything is run. `needsSealed`: it must have sealed checks. */
export function staticProblems(contract: Contract, needsSealed = false): readonly string[] {
  const problems: string[] = [];
  if (contract.criteria.length === 0) problems.push("There are no criteria.");
  if (contract.criteria.length > 0 && !contract.criteria.some((c) => c.kind === "change")) {
    problems.push("No criterion is of kind change: the contract would be met by doing nothing.");
  }
  problems.push(...repeated(contract.criteria.map((c) => c.id), "Criterion id"));
  problems.push(...repeated(contract.checks.map((c) => c.id), "Check id"));
  const known = new Set(contract.criteria.map((c) => c.id));
  for (const criterion of contract.criteria) {
    if (!contract.checks.some((check) => check.criterion === criterion.id)) {
      problems.push(`Criterion ${criterion.id} has no check: give it at least one, or drop it.`);
    }
  }
  for (const check of contract.checks) {
    if (!known.has(check.criterion)) problems.push(`Check ${check.id} names the criterion ${check.criterion}, which is not there.`);
    problems.push(...problemsOf(check));
  }
  problems.push(...sealedProblems(contract), ...mayChangeProblems(contract));
  for (const path of [...(contract.protected ?? []), ...(contract.mayChange ?? [])]) {
    if (leavesRepository(path)) problems.push(`The path "${path}" under protected or mayChange must be inside the repository.`);
  }
  if (needsSealed && !contract.checks.some(isSealed)) problems.push(NEEDS_SEALED);
  return problems;
}

/** What the run of the checks on the base commit says against the contract. */
export function baseProblems(contract: Contract, results: readonly CheckResult[]): readonly string[] {
  const problems: string[] = [];
  for (const check of contract.checks) {
    const result = results.find((r) => r.checkId === check.id);
    if (result === undefined) {
      problems.push(`Check ${check.id} was not run on the base commit.`);
      continue;
    }
    const kind = contract.criteria.find((c) => c.id === check.criterion)?.kind;
    if (result.unstartable && !(kind === "change" && startsAProjectFile(check))) {
      problems.push(`Check ${check.id} (${describeCheck(check)}) cannot start: ${result.reason}.${excerpt(result)}`);
    } else if (kind === "change" && result.green) {
      problems.push(
        `Check ${check.id} (${describeCheck(check)}) of change criterion ${check.criterion} is green on the base commit, ` +
          `before any work: it proves nothing. Make it test what is missing now.${excerpt(result)}`,
      );
    } else if (kind === "guard" && !result.green) {
      problems.push(
        `Check ${check.id} (${describeCheck(check)}) of guard criterion ${check.criterion} is red on the base commit ` +
          `(${result.reason}): a guard must hold already. Correct it, or make it a change criterion.${excerpt(result)}`,
      );
    }
  }
  return problems;
}

/** `./tool` or `bin/tool`: a file of the project that the work may still have to create. */
function startsAProjectFile(check: Check): boolean {
  if (check.kind !== "command") return false;
  const program = /^\S*/.exec(check.run)?.[0] ?? "";
  return program.includes("/") && !leavesRepository(program);
}

function excerpt(result: CheckResult): string {
  const text = result.outputExcerpt.trim();
  return text === "" ? "" : `\nIts output:\n${text.slice(-2000)}`;
}

function repeated(ids: readonly string[], what: string): readonly string[] {
  const twice = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  return [...twice].map((id) => `${what} ${id} is used more than once.`);
}

/** Programs that say nothing about the work, whatever their arguments. */
const VACUOUS = /^\s*((\/usr)?(\/bin\/)?true|:|exit\s+0|(echo|printf)\b[^|;&$`]*)\s*$/;
/** Whatever ran before, this ends with 0. */
const SWALLOWS_EXIT = /(\|\||;|\n)\s*(true|:|exit\s+0|echo\b[^|;&$`]*)\s*$/;

/** Whatever the code does, this command line ends with 0. */
export function endsWellAnyway(run: string): boolean {
  return VACUOUS.test(run) || SWALLOWS_EXIT.test(run);
}

function cannotFail(check: CommandCheck): boolean {
  const looksAtExitOnly = check.exit === 0 && check.outputMatches.length === 0 && check.outputLacks.length === 0;
  return VACUOUS.test(check.run) || (looksAtExitOnly && SWALLOWS_EXIT.test(check.run));
}

function problemsOf(check: Check): readonly string[] {
  switch (check.kind) {
    case "command": {
      const bad = [...check.outputMatches, ...check.outputLacks].flatMap((pattern) => patternProblem(check.id, pattern));
      if (check.verifiesData === true && check.outputMatches.length === 0) bad.push(`Check ${check.id} verifies data and has no outputMatches: it does not say what the command prints when all is well.`);
      if (cannotFail(check)) bad.push(`Check ${check.id} runs \`${check.run}\`, which cannot fail: it proves nothing.`);
      return bad;
    }
    case "fileMatches":
      return [...pathProblem(check.id, check.path), ...patternProblem(check.id, check.pattern)];
    case "jsonPath": {
      const bad = check.pointer !== "" && !check.pointer.startsWith("/");
      const pointer = bad ? [`Check ${check.id}: "${check.pointer}" is no JSON pointer; write it like /scripts/test.`] : [];
      return [...pathProblem(check.id, check.path), ...pointer];
    }
    case "fileExists":
    case "sections":
    case "noPlaceholders":
    case "destructiveCommands":
      return pathProblem(check.id, check.path);
    case "dateRange":
    case "recalculate":
    case "syntax":
      return [...pathProblem(check.id, check.path), ...dataProblems(check)];
  }
}

function dataProblems(check: DateRangeCheck | RecalculateCheck | SyntaxCheck): readonly string[] {
  switch (check.kind) {
    case "dateRange": {
      const wrong = [check.from, check.to].filter((date) => !isIsoDate(date)).map((date) => `Check ${check.id}: "${date}" is no date like 2026-01-31.`);
      return wrong.length === 0 && check.from > check.to ? [`Check ${check.id}: ${check.from} is after ${check.to}: nothing is within.`] : wrong;
    }
    case "recalculate":
      return check.rules.filter((rule) => readRule(rule) === null).map((rule) => `Check ${check.id}: "${rule}" is no rule; write "sum Total", "A = B - C", "A = MoM B" or "A = YoY B".`);
    case "syntax":
      return syntaxCheckOf(check.path).kind === "none" ? [`Check ${check.id}: no tool that only reads is known for ${check.path}; run the project's own as a command.`] : [];
  }
}

function patternProblem(id: string, pattern: string): string[] {
  try {
    const empty = new RegExp(pattern, "m").test("");
    return empty ? [`Check ${id}: /${pattern}/ matches an empty text: it proves nothing.`] : [];
  } catch {
    return [`Check ${id}: /${pattern}/ is no valid regular expression.`];
  }
}

function pathProblem(id: string, path: string): string[] {
  return leavesRepository(path) ? [`Check ${id}: "${path}" must be a path inside the repository.`] : [];
}
