// Ends a command with all of its children: the process group, and on Linux also those that left the group but still
// carry the run's mark in their environment. It touches no process that it cannot tell to be of that run.
import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { spawn } from "node:child_process";

/** Name of the environment variable that marks the processes of a run. */
export const RUN_MARK = "COUNTERSIGN_RUN";

/** The part of an environment that is looked at: there are few larger ones, and none that we make. */
const ENVIRONMENT_BYTES = 256 * 1024;
/** How long the kernel may take to remove processes that were killed, milliseconds. */
const KILL_WAIT_MS = 2000;
const FIRST_POLL_MS = 2;
const LONGEST_POLL_MS = 50;

export class ProcessGroup {
  constructor(
    private readonly pid: number,
    private readonly mark: string,
  ) {}

  /** Asks every process to end, and after `graceMs` makes it. Resolves with those that are still there, normally none. */
  async end(graceMs: number): Promise<readonly number[]> {
    if (this.alive().length === 0) return [];
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
    const strays = this.strays();
    send(-this.pid, signal);
    for (const pid of strays) send(pid, signal);
  }

  private async emptyWithin(limitMs: number, again?: () => void): Promise<readonly number[]> {
    const until = performance.now() + limitMs;
    for (let wait = FIRST_POLL_MS; ; wait = Math.min(wait * 2, LONGEST_POLL_MS)) {
      const alive = this.alive();
      if (alive.length === 0 || performance.now() >= until) return alive;
      await delay(wait);
      again?.();
    }
  }

  private alive(): readonly number[] {
    if (process.platform === "win32") return send(this.pid, 0) ? [this.pid] : [];
    const group = send(-this.pid, 0) && !this.onlyZombies() ? [this.pid] : [];
    return [...group, ...this.strays()];
  }

  /** Dead processes whose parent does not collect them (containers without an init) answer signals for ever. */
  private onlyZombies(): boolean {
    if (process.platform !== "linux") return false;
    return processIds().every((pid) => {
      // `pid (name) state ppid pgrp …`; the name may hold anything, so count from its last bracket.
      const [state, , group] = readProc(pid, "stat")
        .replace(/^.*\)\s/s, "")
        .split(" ");
      return group !== String(this.pid) || state === "Z" || state === "X";
    });
  }

  /** Processes outside the group that carry the mark. */
  private strays(): readonly number[] {
    if (process.platform !== "linux") return [];
    const wanted = `${RUN_MARK}=${this.mark}`;
    const buffer = Buffer.allocUnsafe(ENVIRONMENT_BYTES);
    return processIds().filter((pid) => pid !== this.pid && environmentOf(pid, buffer).includes(wanted));
  }
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

function processIds(): readonly number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0);
}

/** Four times faster than readFileSync, and every process of the machine is asked after every command. */
function environmentOf(pid: number, buffer: Buffer): Buffer {
  try {
    const file = openSync(`/proc/${pid}/environ`, "r");
    try {
      return buffer.subarray(0, readSync(file, buffer));
    } finally {
      closeSync(file);
    }
  } catch {
    // Gone, or somebody else's: not one of this run.
    return buffer.subarray(0, 0);
  }
}

/** Empty for a process that is gone or belongs to somebody else. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}
