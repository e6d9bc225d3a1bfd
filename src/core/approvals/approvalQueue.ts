// Requests that wait for a person, of all tasks together: one prompt shows them all, and further ones join it. Knows no
// surface and no policy, so that an editor can hold it before its engine is loaded.
import type { ApprovalScope, CommandAnswer, CommandApproval, CommandRequest, KeptApproval } from "../ports/commandApproval";

export interface PendingRequest extends CommandRequest {
  /** Counts up; no two requests of a queue have the same. */
  readonly id: number;
}

/** What a person can say to a request. */
export type PersonsAnswer = { readonly kind: "allow"; readonly scope: ApprovalScope; readonly withEntry: boolean } | { readonly kind: "refuse" };

interface Waiting {
  readonly request: PendingRequest;
  readonly settle: (answer: CommandAnswer) => void;
}

export class ApprovalQueue implements CommandApproval {
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<() => void>();
  #lastId = 0;

  /** Oldest first. */
  get pending(): readonly PendingRequest[] {
    return [...this.#waiting.values()].map(({ request }) => request);
  }

  /** Calls back whenever a request came or went. */
  onChange(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  ask(request: CommandRequest, signal: AbortSignal): Promise<CommandAnswer> {
    if (signal.aborted) return Promise.resolve({ kind: "withdrawn" });
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      const withdraw = (): void => settle({ kind: "withdrawn" });
      const settle = (answer: CommandAnswer): void => {
        if (!this.#waiting.delete(id)) return;
        signal.removeEventListener("abort", withdraw);
        resolve(answer);
        this.#changed();
      };
      signal.addEventListener("abort", withdraw, { once: true });
      this.#waiting.set(id, { request: { ...request, id }, settle });
      this.#changed();
    });
  }

  /** Answers a request and those that the answer covers as well. False where it is gone: answered, or its task ended. */
  answer(id: number, answer: PersonsAnswer): boolean {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return false;
    const { request } = waiting;
    if (answer.kind === "refuse") {
      waiting.settle({ kind: "refused", by: "person", reason: "You refused it." });
      return true;
    }
    if (!request.scopes.includes(answer.scope)) return false;
    const entry = answer.withEntry && answer.scope !== "once" ? request.entry : null;
    waiting.settle({ kind: "allowed", scope: answer.scope, entry });
    if (answer.scope !== "once") this.#settleCovered(request, answer.scope, entry);
    return true;
  }

  /** Refuses everything that waits, as nobody is there any more. */
  close(reason: string): void {
    for (const { settle } of this.#waiting.values()) settle({ kind: "refused", by: "nobody", reason });
  }

  #settleCovered(answered: PendingRequest, scope: ApprovalScope, entry: string | null): void {
    const task = scope === "task" ? answered.task : null;
    const approval: KeptApproval = entry === null ? { kind: "line", command: answered.command, task } : { kind: "entry", entry, task };
    for (const { request, settle } of this.#waiting.values()) {
      if (request.root === answered.root && request.isCoveredBy(approval)) settle({ kind: "covered", scope });
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
