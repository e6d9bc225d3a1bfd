// How a page keeps the state that the extension sends: a snapshot, then deltas, each the one after the last. Pure.
import type { DashboardState } from "./dashboardState";
import { applied, type Op } from "./patch";
import type { ToPage } from "./protocol";

/** Messages that are counted. */
export type Numbered = Extract<ToPage, { readonly seq: number }>;

export interface Held {
  readonly seq: number;
  /** Whole: of a change that comes in several messages nothing is seen before the last one. */
  readonly state: DashboardState;
  readonly waiting: readonly Op[];
}

/** null where a message is missing or does not fit: then only a snapshot helps. */
export function nextHeld(held: Held | null, message: Numbered): Held | null {
  if (message.kind === "snapshot") return { seq: message.seq, state: message.state, waiting: [] };
  if (held === null || message.seq !== held.seq + 1) return null;
  const { seq } = message;
  if (message.kind === "logged") return { ...held, seq };
  const waiting = [...held.waiting, ...message.ops];
  if (message.more) return { ...held, seq, waiting };
  try {
    return { seq, state: applied(held.state, waiting) as DashboardState, waiting: [] };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
