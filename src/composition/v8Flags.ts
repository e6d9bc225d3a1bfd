// What a command asks of V8, and why. The flags are the whole process's: never for a process that is not ours, such as
// the editor's.
import { setFlagsFromString } from "node:v8";

/**
 * For a run: a turn's code is run a few dozen times in all, and V8 would keep no types for the first of them. With
 * them from the first call on, a response's end is followed by the next request in three quarters of the time.
 */
export function keepTypesFromTheFirstCall(): void {
  setFlagsFromString("--no-lazy-feedback-allocation");
}

/**
 * For SQLite: its baseline code is enough for the few queries of a command. Optimising it takes longer than it saves,
 * and 40 MB.
 */
export function leaveWasmUnoptimised(): void {
  setFlagsFromString("--liftoff-only");
}
