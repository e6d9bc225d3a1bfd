// The rules that sealed checks and their files must meet before a contract is frozen. Pure; every broken rule is a
// sentence the contract negotiator can act on.
import type { Check, CommandCheck, Contract } from "./contract";
import { leavesRepository } from "./repositoryPath";
import { criteriaOf, isSealed, sealedFolder } from "./sealed";

/** Folders that no checkout holds as files of its own: what is laid there could not be found again or belongs to tools. */
const TAKEN = /(^|\/)(\.git|\.countersign|node_modules|\.venv|venv|site-packages|__pycache__)(\/|$)/i;

/** What is wrong with the sealed part of a contract as written. */
export function sealedProblems(contract: Contract): readonly string[] {
  const files = contract.sealedFiles ?? [];
  const sealed = contract.checks.filter(isSealed);
  const folder = sealedFolder(files);
  const unused = files.length > 0 && sealed.length === 0 ? ["There are sealed files, but no check is sealed: mark those that run them."] : [];
  const placed = files.length > 0 && folder === "" ? ["The sealed files have no folder of their own: put all of them below one that the repository does not have."] : [];
  return [
    ...unused,
    ...placed,
    ...files.flatMap(({ path }) => fileProblems(path)),
    ...repeatedPaths(files.map(({ path }) => path)),
    ...sealed.flatMap((check) => checkProblems(check, contract, folder)),
    ...contract.checks.flatMap((check) => coverProblems(check, contract)),
    ...combinationProblems(contract),
    ...(folder === "" ? [] : tellingPlaces(contract, folder)),
  ];
}

/** The sentence for a contract that should have sealed checks and has none. */
export const NEEDS_SEALED =
  "No check is sealed. Write at least one acceptance test that the generator does not see: its files under sealedFiles, and a check with sealed true that runs them.";

function fileProblems(path: string): readonly string[] {
  if (leavesRepository(path)) return [`The sealed file "${path}" must be a path inside the repository.`];
  if (path.includes("\\") || path.split("/").some((name) => name === "" || name === ".")) return [`The sealed file "${path}" must be written plainly, like acceptance-7f3a/fibonacci.test.js.`];
  return TAKEN.test(path) ? [`The sealed file "${path}" cannot lie there: choose a new folder of its own.`] : [];
}

function repeatedPaths(paths: readonly string[]): readonly string[] {
  const folded = paths.map((path) => path.toLowerCase());
  return paths.filter((_, index) => folded.indexOf(folded[index] ?? "") !== index).map((path) => `The sealed file "${path}" is there more than once.`);
}

function checkProblems(check: CommandCheck, contract: Contract, folder: string): readonly string[] {
  const kind = contract.criteria.find(({ id }) => id === check.criterion)?.kind;
  const isGuard = kind === "guard" ? [`Check ${check.id} is sealed, but its criterion ${check.criterion} is a guard: a sealed check tests what is missing now.`] : [];
  const runsNone = folder === "" || !names(check.run, folder) ? [`Check ${check.id} is sealed and runs no sealed file: name one in its command.`] : [];
  return [...isGuard, ...runsNone, ...plainScriptProblems(check)];
}

const INTERPRETER = /^\s*(?:node|nodejs|deno\s+run|bun(?!\s+test)|tsx|python[\d.]*|ruby|php|perl)\s/;
const RUNS_TESTS = /\s--test\b|\s-m\s+\w|\b(?:mocha|jest|vitest|pytest|rspec|phpunit|ava|tape|prove)\b/;

/** In one process with its test, the product can end it with exit code 0; what a runner counts or a line at the end tells. */
function plainScriptProblems({ id, run, outputMatches }: CommandCheck): readonly string[] {
  if (!INTERPRETER.test(run) || RUNS_TESTS.test(run) || outputMatches.length > 0) return [];
  return [`Check ${id} is sealed and runs a plain script, which the product that it loads could end early with exit code 0: let it print a line of its own at its end and ask for that under outputMatches, or use a test runner.`];
}

function coverProblems(check: Check, contract: Contract): readonly string[] {
  const further = criteriaOf(check).slice(1);
  const unknown = further.filter((id) => !contract.criteria.some((criterion) => criterion.id === id));
  const own = further.includes(check.criterion) ? [`Check ${check.id} lists its own criterion ${check.criterion} under alsoCovers.`] : [];
  return [...unknown.map((id) => `Check ${check.id} also covers the criterion ${id}, which is not there.`), ...own];
}

/** Where there are several things to do, users do them together. */
function combinationProblems(contract: Contract): readonly string[] {
  const sealed = contract.checks.filter(isSealed);
  const changes = contract.criteria.filter(({ kind }) => kind === "change");
  if (sealed.length === 0 || changes.length < 2 || sealed.some((check) => new Set(criteriaOf(check)).size > 1)) return [];
  return ["No sealed check combines criteria as a user would: let one test several together and name the others under alsoCovers."];
}

/** Names the path, and not one that only begins or ends so. */
function names(text: string, path: string): boolean {
  const literal = path.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w-])${literal}(?![\\w-])`).test(text);
}

/** What the generator reads must not lead it to the sealed files. */
function tellingPlaces(contract: Contract, folder: string): readonly string[] {
  const open = contract.checks.filter((check) => !isSealed(check)).filter((check) => names(JSON.stringify(check), folder));
  const words = [...contract.criteria.map(({ text }) => text), ...contract.commitments, contract.retryProtocol, ...(contract.protected ?? []), ...(contract.mayChange ?? [])];
  const told = words.some((text) => names(text, folder)) ? [`The criteria, commitments or lists name ${folder}, which the generator must not know.`] : [];
  return [...open.map((check) => `Check ${check.id} names ${folder} and is not sealed: the files there are laid out for sealed checks only.`), ...told];
}
