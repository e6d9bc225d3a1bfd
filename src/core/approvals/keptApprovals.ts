// A workspace's list of what a person has allowed, as data: kept by whoever stores it. Pure.
import type { KeptApproval } from "../ports/commandApproval";

/** Approvals for one task are of no use once it has ended: the oldest go. */
const MOST_OF_TASKS = 200;

export function withApproval(approvals: readonly KeptApproval[], added: KeptApproval): readonly KeptApproval[] {
  const all = [...withoutApproval(approvals, added), added];
  const tooMany = all.filter(isForTask).length - MOST_OF_TASKS;
  if (tooMany <= 0) return all;
  const gone = new Set(all.filter(isForTask).slice(0, tooMany));
  return all.filter((approval) => !gone.has(approval));
}

export function withoutApproval(approvals: readonly KeptApproval[], removed: KeptApproval): readonly KeptApproval[] {
  const key = keyOf(removed);
  return approvals.filter((approval) => keyOf(approval) !== key);
}

/** Two approvals that allow the same have the same key. */
export function keyOf(approval: KeptApproval): string {
  switch (approval.kind) {
    case "line":
      return JSON.stringify(["line", approval.command, approval.task]);
    case "entry":
      return JSON.stringify(["entry", approval.entry, approval.task]);
    case "setUp":
      return JSON.stringify(["setUp", approval.command, approval.dependsOn]);
  }
}

/** In words for a list of what is allowed. */
export function approvalWords(approval: KeptApproval): { readonly what: string; readonly scope: string } {
  switch (approval.kind) {
    case "line":
      return { what: approval.command, scope: approval.task === null ? "exactly this, in this workspace" : `exactly this, for the task ${approval.task}` };
    case "entry":
      return { what: approval.entry, scope: approval.task === null ? "whatever it covers, in this workspace" : `whatever it covers, for the task ${approval.task}` };
    case "setUp":
      return { what: approval.command, scope: "set-up, as long as its lock file stays the same" };
  }
}

function isForTask(approval: KeptApproval): boolean {
  return approval.kind !== "setUp" && approval.task !== null;
}
