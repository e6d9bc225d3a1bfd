// Finds the processes of one run by the mark in their environment, as Linux shows it under /proc. It only looks.
import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";

/** Name of the environment variable that marks the processes of a run. */
export const RUN_MARK = "COUNTERSIGN_RUN";

/** The part of an environment that is looked at: there are few larger ones, and none that we make. */
const ENVIRONMENT_BYTES = 256 * 1024;
/** After so long, numbers of processes may have been given out again: everybody is looked at, milliseconds. */
const TRUSTED_MS = 5000;

export interface Sighting {
  readonly found: readonly number[];
  /** Somebody new went away meanwhile, perhaps leaving a child behind that was not there yet: look again. */
  readonly someLeft: boolean;
  /** Somebody new is in the moment of starting another program, which shows no environment: look again. */
  readonly someStarting: boolean;
}

/** To be made before the run starts: who is there already does not belong to it. */
export class MarkedProcesses {
  private readonly bystanders: ReadonlySet<number>;
  private readonly since = performance.now();
  /** Seen dead and not yet collected by whoever started them: their last moments have been looked at. */
  private readonly knownDead = new Set<number>();

  /** `remembers`: whether to note who is there already, which makes every look shorter and this longer. */
  constructor(
    private readonly mark: string,
    remembers = true,
  ) {
    this.bystanders = new Set(remembers ? processIds() : []);
  }

  /** Everybody with the mark but the process `leader`, which our own host has to collect. */
  look(leader: number): Sighting {
    const wanted = `${RUN_MARK}=${this.mark}`;
    const buffer = Buffer.allocUnsafe(ENVIRONMENT_BYTES);
    const mayBeReused = performance.now() - this.since > TRUSTED_MS;
    const found: number[] = [];
    let someLeft = false;
    let someStarting = false;
    for (const pid of processIds()) {
      const isBystander = this.bystanders.has(pid);
      if (pid === leader || (isBystander && !mayBeReused)) continue;
      const environment = environmentOf(pid, buffer);
      if (environment === "foreign") continue;
      if (environment !== "gone" && environment.includes(wanted)) found.push(pid);
      else if (!isBystander && (environment === "gone" || environment.length === 0)) {
        const stage = environment === "gone" ? "left" : this.stageOf(pid);
        someLeft ||= stage === "left";
        someStarting ||= stage === "starting";
      }
    }
    return { found, someLeft, someStarting };
  }

  /** Of a process that has shown no environment. */
  private stageOf(pid: number): "left" | "starting" | "plain" {
    const status = statusOf(pid);
    // It may have started a program, and that a child, after its environment was read.
    if (status === null) return "left";
    if (status.isAlive) return status.isStarting ? "starting" : "plain";
    if (this.knownDead.has(pid)) return "plain";
    this.knownDead.add(pid);
    return "left";
  }
}

/** Every process that carries a mark of any run, with that mark. */
export function markedBy(): readonly { readonly pid: number; readonly mark: string }[] {
  const buffer = Buffer.allocUnsafe(ENVIRONMENT_BYTES);
  const pattern = new RegExp(`(?:^|\0)${RUN_MARK}=([^\0]*)`);
  return processIds().flatMap((pid) => {
    const environment = environmentOf(pid, buffer);
    if (typeof environment === "string" || !environment.includes(RUN_MARK)) return [];
    const mark = pattern.exec(environment.toString("latin1"))?.[1];
    return mark === undefined ? [] : [{ pid, mark }];
  });
}

/** False for a group of dead processes that nobody collects, as in containers without an init: signals still reach it. */
export function groupHasLife(group: number): boolean {
  if (process.platform !== "linux") return true;
  return processIds().some((pid) => {
    const status = statusOf(pid);
    return status !== null && status.group === group && status.isAlive;
  });
}

/** False for one that is dead and not collected yet, too. */
export function isLiving(pid: number): boolean {
  return statusOf(pid)?.isAlive === true;
}

/** Empty where there is no /proc. */
function processIds(): readonly number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0);
}

/** Four times faster than readFileSync. */
function environmentOf(pid: number, buffer: Buffer): Buffer | "gone" | "foreign" {
  try {
    const file = openSync(`/proc/${pid}/environ`, "r");
    try {
      return buffer.subarray(0, readSync(file, buffer));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "EACCES" || code === "EPERM" ? "foreign" : "gone";
  }
}

interface Status {
  readonly isAlive: boolean;
  /** Between two programs: the new one's environment is not in place yet. Never true of the kernel's own threads. */
  readonly isStarting: boolean;
  readonly group: number;
}

/** Where proc_pid_stat(5) shows, after the name: state, parent, group, and the address where the environment ends. */
const FIELD = { state: 0, parent: 1, group: 2, environmentEnd: 48 };
/** The kernel's own threads are its children. */
const KERNEL_THREADS = "2";

/** Null for a process that is gone. */
function statusOf(pid: number): Status | null {
  try {
    // `pid (name) state parent group …`; the name may hold anything, so count from its last bracket.
    const text = readFileSync(`/proc/${pid}/stat`, "latin1").replace(/^.*\)\s/s, "");
    const fields = text.trimEnd().split(" ");
    const state = fields[FIELD.state];
    return {
      isAlive: state !== "Z" && state !== "X",
      isStarting: fields[FIELD.environmentEnd] === "0" && fields[FIELD.parent] !== KERNEL_THREADS,
      group: Number(fields[FIELD.group]),
    };
  } catch {
    return null;
  }
}
