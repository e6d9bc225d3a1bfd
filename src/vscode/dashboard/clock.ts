// Time for the dashboard: the views' timers, and a pause between two pieces of work.
import type { Clock } from "../../core/ports/clock";
import { systemTimers } from "../views/timers";

export const CLOCK: Pick<Clock, "now" | "after" | "sleep"> = {
  ...systemTimers,
  // Only ever milliseconds: nothing is worth being woken for.
  sleep: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
    }),
};
