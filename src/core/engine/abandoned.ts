// A run that its host leaves: not cancelled by anybody, and to be resumed. Nothing of it is put on record from then on.
import { CountersignError } from "../domain/errors";

/** Reason to abort a run's signal with. */
export const ABANDONED = "abandoned";

export function isAbandoned(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason === ABANDONED;
}

/** Throws `cancelled`. */
export function refuseAbandoned(signal: AbortSignal): void {
  if (isAbandoned(signal)) throw new CountersignError("cancelled", "The run was left as it stood when its host ended. It can be resumed.");
}
