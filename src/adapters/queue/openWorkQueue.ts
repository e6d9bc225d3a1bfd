// The work queue of a claim strategy.
import type { Clock } from "../../core/ports/clock";
import type { LockStore } from "../../core/ports/lockStore";
import type { ClaimStrategy, WorkQueue } from "../../core/ports/workQueue";
import { EmbeddedWorkQueue } from "./embeddedWorkQueue";
import { LockingWorkQueue } from "./lockingWorkQueue";
import type { QueueOptions } from "./workLedger";

/** `locks`: shared by all processes that work on the same tasks. */
export function openWorkQueue(strategy: ClaimStrategy, clock: Clock, options: QueueOptions & { readonly locks: LockStore }): WorkQueue {
  return strategy === "queue" ? new EmbeddedWorkQueue(clock, options) : new LockingWorkQueue(clock, { ...options, strategy });
}
