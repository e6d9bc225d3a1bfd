// What a contract may let an attempt change of the files that its own checks depend on: single files, each for a reason
// that a criterion gives. Pure; every broken rule is a sentence the contract negotiator can act on.
import type { Contract, Criterion } from "./contract";
import { isCheckScript, isCiConfig, isManifest, protectedKind } from "./protection";

/** Work that must rewrite more tests than this is for a person to cut into parts. */
const MOST_FILES = 20;

export function mayChangeProblems(contract: Contract): readonly string[] {
  const paths = contract.mayChange ?? [];
  const many = paths.length > MOST_FILES ? [`There are ${paths.length} files under mayChange, and ${MOST_FILES} are allowed: what is left of the tests must still say something.`] : [];
  return [...many, ...paths.flatMap((path) => problemWith(plain(path), contract) ?? [])];
}

/** The change criteria that say of a file that it changes, by its path. */
export function reasonsToChange(path: string, criteria: readonly Criterion[]): readonly string[] {
  return criteria.filter(({ kind, text }) => kind === "change" && namesFile(text, plain(path))).map(({ id }) => id);
}

/** Whether the contract lists the file itself; a folder stands for nothing in it. */
export function isListedToChange(path: string, contract: Contract): boolean {
  return (contract.mayChange ?? []).some((listed) => plain(listed) === path);
}

/** The first thing that speaks against it; null where nothing does. */
function problemWith(path: string, contract: Contract): string | null {
  const listed = `The path "${path}" under mayChange`;
  if (/[*?{}]/.test(path)) return `${listed} is a pattern: list single files.`;
  if (path === "" || path === "." || path.endsWith("/")) return `${listed} is a folder: list single files.`;
  if (isManifest(path)) return `${listed} cannot be: the scripts in it decide about checks and stay; everything else in it may change without being listed.`;
  if (isCiConfig(path)) return `${listed} cannot be: it configures the CI, which decides whether work is accepted.`;
  if (protectedKind(path) === "shadow") return `${listed} cannot be: it takes the place of a program or package that checks use.`;
  const verifier = contract.checks.find((check) => check.kind === "command" && namesFile(check.run, path));
  if (verifier !== undefined && protectedKind(path) !== "test" && isCheckScript(path)) return `${listed} cannot be: check ${verifier.id} runs it to verify the work, which must not change what verifies it.`;
  if (reasonsToChange(path, contract.criteria).length > 0) return null;
  return `${listed} has no reason: name the file in the text of the change criterion that it must change for, or leave it out.`;
}

function plain(path: string): string {
  return path.replace(/^(?:\.\/)+/, "");
}

/** As a path of its own, not as a part of a longer one. */
function namesFile(text: string, path: string): boolean {
  const literal = path.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w/-]|[\\w/-]\\.)(?:\\./)?${literal}(?![\\w/-]|\\.\\w)`).test(text);
}
