// Which files that checks depend on an attempt has touched, and how; and whether the contract lets it.
import { messageOf } from "../../domain/errors";
import { kindOf, type Contract } from "../../domain/contract";
import { linesBrought } from "../../domain/forcedPass";
import { isListedToChange, reasonsToChange } from "../../domain/mayChangeRules";
import { differsForTests, isCheckScript, isManifest, protectedKind } from "../../domain/protection";
import type { Inspected, ProtectedChange, Protection } from "../inspected";
import type { TaskRun } from "../taskRun";
import { reachesOf, type Reach, type ReadBase } from "./checkReach";

export async function protectedChanges({ run, contract, attempt, commit }: Omit<Inspected, "changes">): Promise<readonly ProtectedChange[]> {
  const readBase = readerOf(run, run.base.commit);
  const readAttempt = readerOf(run, commit);
  const reaches = await reachesOf(contract, readBase);
  const changes: ProtectedChange[] = [];
  for (const { path, status } of attempt.files) {
    const found = dependents(path, contract, reaches);
    if (found === null || isItself(path, contract, found.protection) || isProduct(path, contract, found)) continue;
    const base = status === "added" ? null : await readBase(path);
    const after = status === "deleted" ? null : await readAttempt(path);
    if (base !== null && after !== null && !differsForTests(path, base, after)) continue;
    // A package without tests of its own decides about none.
    if (found.protection === "manifest" && status === "added") continue;
    const brought = after === null ? [] : linesBrought(base ?? "", after);
    const scripts = found.checks.flatMap((check) => [...(reaches.find((reach) => reach.check === check)?.scripts ?? [])]);
    // Permission is to change what is there: a new file needs none, and one that disarms tests gets none.
    const isAllowed = status !== "added" && isListedToChange(path, contract);
    changes.push({ path, status, isAllowed, ...found, base, attempt: after, brought, scripts });
  }
  return changes;
}

/** Texts of a commit; null for what is not there or cannot be read as text. */
export function readerOf(run: TaskRun, commit: string): ReadBase {
  const { workspace, logger } = run.deps;
  return async (path) => {
    try {
      return await workspace.fileAt(run.base, commit, path);
    } catch (error) {
      logger.warn("a file that checks may depend on cannot be read", { path, error: messageOf(error) });
      return null;
    }
  };
}

function dependents(path: string, contract: Contract, reaches: readonly Reach[]): Pick<ProtectedChange, "protection" | "checks"> | null {
  const of = (protection: Protection, which: (reach: Reach) => boolean): Pick<ProtectedChange, "protection" | "checks"> | null => {
    const checks = reaches.filter(which).map(({ check }) => check);
    return checks.length === 0 ? null : { protection, checks };
  };
  if ((contract.protected ?? []).some((listed) => isBelow(path, listed))) return { protection: "listed", checks: reaches.map(({ check }) => check) };
  if (isManifest(path)) return of("manifest", (reach) => reach.usesPackage);
  const kind = protectedKind(path);
  if (kind === "shadow") return of("shadow", () => true);
  const named = of(kind ?? "script", (reach) => reach.files.has(path));
  if (named !== null) return { ...named, protection: kind === "test" ? "script" : named.protection };
  if (kind === null) return null;
  const ofTests = of(kind, (reach) => reach.runsTests);
  return ofTests ?? (kind === "config" ? of(kind, (reach) => reach.usesPackage) : null);
}

/** A script or a setting that a change criterion names is what the work is about. */
function isItself(path: string, contract: Contract, protection: Protection): boolean {
  if (protection !== "script" && protection !== "config") return false;
  return !isListedToChange(path, contract) && reasonsToChange(path, contract.criteria).length > 0;
}

/** A shell script that a check of something new runs is what the work is about, unless its name says that it verifies. */
function isProduct(path: string, contract: Contract, { protection, checks }: Pick<ProtectedChange, "protection" | "checks">): boolean {
  return protection === "script" && !isCheckScript(path) && protectedKind(path) === null && checks.some((check) => kindOf(contract, check) === "change");
}

function isBelow(path: string, listed: string): boolean {
  const place = listed.replace(/^\.\//, "").replace(/\/(?:\*\*?)?$/, "");
  return path === place || path.startsWith(`${place}/`);
}
