// What the person has allowed in a workspace, kept by the editor outside of every repository.
import type { Memento } from "vscode";
import { withApproval, withoutApproval } from "../../core/approvals/keptApprovals";
import type { TaskId } from "../../core/domain/task";
import type { ApprovalStore, KeptApproval } from "../../core/ports/commandApproval";
import { isRecord } from "../record";

export function mementoApprovals(memento: Pick<Memento, "get" | "update">, root: string): ApprovalStore {
  const key = `countersign.approvals ${root}`;
  const all = (): readonly KeptApproval[] => {
    const kept: unknown = memento.get(key);
    return Array.isArray(kept) ? kept.flatMap(approvalIn) : [];
  };
  const write = async (approvals: readonly KeptApproval[]): Promise<void> => memento.update(key, approvals.length === 0 ? undefined : approvals);
  return {
    all: () => Promise.resolve(all()),
    keep: (approval) => write(withApproval(all(), approval)),
    forget: (approval) => write(withoutApproval(all(), approval)),
  };
}

/** What another version has written differently is nothing allowed. */
function approvalIn(value: unknown): readonly KeptApproval[] {
  if (!isRecord(value)) return [];
  const { kind, command, entry, dependsOn, task } = value;
  if (kind === "setUp") return typeof command === "string" && typeof dependsOn === "string" ? [{ kind, command, dependsOn }] : [];
  if (typeof task !== "string" && task !== null) return [];
  const of = task as TaskId | null;
  if (kind === "line") return typeof command === "string" ? [{ kind, command, task: of }] : [];
  return kind === "entry" && typeof entry === "string" ? [{ kind, entry, task: of }] : [];
}
