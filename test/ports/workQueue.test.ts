// Runs the contract of WorkQueue on the queue in the journal's owner.
import { EmbeddedWorkQueue } from "../../src/adapters/queue/embeddedWorkQueue";
import { ManualClock } from "../fakes/manualClock";
import { workQueueContract } from "./workQueueContract";

const LEASE_MS = 60_000;

workQueueContract("EmbeddedWorkQueue", () => {
  const clock = new ManualClock();
  return Promise.resolve({
    queue: new EmbeddedWorkQueue(clock, { leaseMs: LEASE_MS }),
    leaseMs: LEASE_MS,
    pass: (ms) => clock.advance(ms),
    reopen: (ready, tokens) => Promise.resolve(new EmbeddedWorkQueue(clock, { leaseMs: LEASE_MS, ready, tokens })),
  });
});
