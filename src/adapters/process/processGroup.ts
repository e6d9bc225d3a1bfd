// Ends a command with all of its children: the process group, and on Linux also those that left the group but still
// carry the run's mark in their environment. It touches no process that it cannot tell to be of that run.
import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { groupHasLife, isLiving, type MarkedProcesses, type Sighting } from "./markedProcesses";

/** How long the kernel may take to remove processes that were killed, milliseconds. */
const KILL_WAIT_MS = 2000;
const FIRST_POLL_MS = 2;
const LONGEST_POLL_MS = 50;
/** Looks, and milliseconds, before what stays unsure is taken for the coming and going of others. */
const FEWEST_LOOKS = 10;
const UNSURE_MS = 150;
/** How long a process may stay between two programs, on a busy machine with a slow disk, milliseconds. */
const STARTING_MS = 5000;
const LOOK_AGAIN_MS = 1;

export class ProcessGroup {
  constructor(
    private readonly pid: number,
    private readonly marked: MarkedProcesses,
    /**
     * Of a command in a sandbox, whose group is the sandbox's own and would end it unasked: the first process inside, once
     * it is known. The kernel lets that one go last, so nobody else has to be looked for.
     */
    private readonly inside: (() => number | null) | null = null,
  ) {}

  /** Asks every process to end, and after `graceMs` makes it. Resolves with those that are still there, normally none. */
  async end(graceMs: number): Promise<readonly number[]> {
    if ((await this.alive()).length === 0) return [];
    this.signal("SIGTERM");
    if ((await this.emptyWithin(graceMs)).length === 0) return [];
    return await this.kill();
  }

  /** At once, without asking. */
  async kill(): Promise<readonly number[]> {
    this.signal("SIGKILL");
    return await this.emptyWithin(KILL_WAIT_MS, () => this.signal("SIGKILL"));
  }

  /** For the end of our own process, when nothing can be waited for. */
  killNow(): void {
    this.signal("SIGKILL");
  }

  private signal(signal: "SIGTERM" | "SIGKILL"): void {
    if (process.platform === "win32") {
      const args = ["/pid", String(this.pid), "/T", ...(signal === "SIGKILL" ? ["/F"] : [])];
      spawn("taskkill", args, { stdio: "ignore", windowsHide: true }).on("error", () => send(this.pid, signal));
      return;
    }
    const strays = this.marked.look(this.pid).found;
    if (signal === "SIGKILL" || this.inside === null) send(-this.pid, signal);
    for (const pid of strays) send(pid, signal);
  }

  private async emptyWithin(limitMs: number, again?: () => void): Promise<readonly number[]> {
    const until = performance.now() + limitMs;
    for (let wait = FIRST_POLL_MS; ; wait = Math.min(wait * 2, LONGEST_POLL_MS)) {
      const alive = await this.alive();
      if (alive.length === 0 || performance.now() >= until) return alive;
      await delay(wait);
      again?.();
    }
  }

  private async alive(): Promise<readonly number[]> {
    if (process.platform === "win32") return send(this.pid, 0) ? [this.pid] : [];
    if (this.inside !== null) return this.aliveInside(this.inside());
    let seen = this.marked.look(this.pid);
    const since = performance.now();
    for (let looks = 1; seen.found.length === 0 && mayShowMore(seen, looks, performance.now() - since); looks += 1) {
      await delay(LOOK_AGAIN_MS);
      seen = this.marked.look(this.pid);
    }
    return send(-this.pid, 0) && groupHasLife(this.pid) ? [this.pid, ...seen.found] : seen.found;
  }

  private aliveInside(first: number | null): readonly number[] {
    const own = send(-this.pid, 0) && groupHasLife(this.pid) ? [this.pid] : [];
    return first !== null && isLiving(first) ? [...own, first] : own;
  }
}

function mayShowMore(seen: Sighting, looks: number, elapsedMs: number): boolean {
  if (seen.someStarting && elapsedMs < STARTING_MS) return true;
  return seen.someLeft && (looks < FEWEST_LOOKS || elapsedMs < UNSURE_MS);
}

/** True when the signal was delivered (0: when there is somebody to deliver one to). */
function send(pid: number, signal: "SIGTERM" | "SIGKILL" | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    // EPERM: it is there, but belongs to somebody else now.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
