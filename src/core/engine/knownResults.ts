// What checks came to on the base commit: a contract that is negotiated in rounds has most of its checks in common with
// the one before, and the commit does not change. Only results that are as they should be are known: what was a problem
// is tried again.
import { createHash } from "node:crypto";
import type { Check, CheckResult, Contract } from "../domain/contract";
import { isSealed } from "../domain/sealed";

type Expected = "green" | "red";

export class KnownResults {
  readonly #results = new Map<string, CheckResult>();

  of(contract: Contract, check: Check, expected: Expected): CheckResult | null {
    const known = this.#results.get(keyOf(contract, check, expected));
    return known === undefined ? null : { ...known, checkId: check.id, criterion: check.criterion };
  }

  add(contract: Contract, check: Check, { result, expected }: { readonly result: CheckResult; readonly expected: Expected }): void {
    const isSound = result.green === (expected === "green") && !result.unstartable && !result.timedOut && result.flaky !== true;
    if (isSound) this.#results.set(keyOf(contract, check, expected), result);
  }
}

/** All that decides about the result: the check but for its names, and what is laid out for it. */
function keyOf({ sealedFiles }: Contract, check: Check, expected: Expected): string {
  const unnamed = { ...check, id: "", criterion: "", alsoCovers: [] };
  return createHash("sha256").update(JSON.stringify([expected, unnamed, isSealed(check) ? sealedFiles : null])).digest("hex");
}
