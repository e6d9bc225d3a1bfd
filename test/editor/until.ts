// Waiting for what no locator can see: files, and conditions over several elements.
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 50;
const LIMIT_MS = 30_000;

/** Returns the first answer that is neither undefined nor false. Fails with `what`, a phrase like "the task is listed". */
export async function until<T>(what: string, look: () => T | Promise<T>, limitMs = LIMIT_MS): Promise<Exclude<T, undefined | false>> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
    if (Date.now() > end) throw new Error(`Waited ${limitMs / 1000} s in vain until ${what}.`);
    await delay(POLL_MS);
  }
}
