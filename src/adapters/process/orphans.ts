// Commands that outlive the process that ran them, because that was killed: tells whose they are by the mark in their
// environment, and ends them. It touches no process whose owner it cannot tell to be dead.
import { randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { parseWith } from "../../core/domain/schema";
import { livenessOf, ownIdentity, type ProcessIdentity } from "../store/processIdentity";
import { markedBy } from "./markedProcesses";

const ownerSchema = z.object({ pid: z.int(), host: z.string(), place: z.string(), started: z.nullable(z.string()) });
/** A process may start another one just before it is ended. */
const MOST_LOOKS = 20;

/** A new mark for the processes of one run: who owns them, and a part of its own. */
export function runMark(): string {
  return `${Buffer.from(JSON.stringify(ownIdentity())).toString("base64url")}.${randomUUID()}`;
}

/** Kills, without waiting, every marked process whose owner is dead; on Linux only. Returns their numbers. */
export function endOrphans(): readonly number[] {
  const own = ownIdentity();
  const ended = new Set<number>();
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const orphans = markedBy().filter(({ pid, mark }) => pid !== process.pid && !ended.has(pid) && isOrphaned(mark, own));
    if (orphans.length === 0) break;
    for (const { pid } of orphans) {
      ended.add(pid);
      kill(pid);
    }
  }
  return [...ended];
}

function isOrphaned(mark: string, own: ProcessIdentity): boolean {
  const owner = ownerIn(mark);
  return owner !== null && livenessOf(owner, own) === "dead";
}

/** null for a mark that is none of ours. */
function ownerIn(mark: string): ProcessIdentity | null {
  try {
    const parsed = parseWith(ownerSchema, JSON.parse(Buffer.from(mark.split(".", 1)[0] ?? "", "base64url").toString("utf8")));
    return parsed.ok ? parsed.value : null;
  } catch {
    return null;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It has just ended by itself, or has become somebody else's.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
