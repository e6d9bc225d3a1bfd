// Runs the contract of LockStore on the locks in the journal's owner.
import { EmbeddedLockStore } from "../../src/adapters/queue/embeddedLockStore";
import { ManualClock } from "../fakes/manualClock";
import { lockStoreContract } from "./lockStoreContract";

lockStoreContract("EmbeddedLockStore", () => {
  const clock = new ManualClock();
  return Promise.resolve({
    locks: new EmbeddedLockStore(clock),
    pass: (ms) => clock.advance(ms),
    reopen: (tokens) => Promise.resolve(new EmbeddedLockStore(clock, tokens)),
  });
});
