// What a person has allowed, kept in memory.
import { keyOf, withApproval, withoutApproval } from "../../src/core/approvals/keptApprovals";
import type { ApprovalStore, KeptApproval } from "../../src/core/ports/commandApproval";

export class MemoryApprovals implements ApprovalStore {
  kept: readonly KeptApproval[];
  /** Thrown by the next changes. */
  failing: Error | null = null;

  constructor(...kept: readonly KeptApproval[]) {
    this.kept = kept;
  }

  get keys(): readonly string[] {
    return this.kept.map(keyOf);
  }

  all(): Promise<readonly KeptApproval[]> {
    return Promise.resolve(this.kept);
  }

  async keep(approval: KeptApproval): Promise<void> {
    if (this.failing !== null) throw this.failing;
    this.kept = withApproval(this.kept, approval);
  }

  async forget(approval: KeptApproval): Promise<void> {
    if (this.failing !== null) throw this.failing;
    this.kept = withoutApproval(this.kept, approval);
  }
}
