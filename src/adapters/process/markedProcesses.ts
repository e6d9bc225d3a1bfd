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
  /**
   * Somebody new went away meanwhile, perhaps leaving a child behind that was not there yet; or shows no environment,
   * as a process does in the moment it starts another program. Look again.
   */
  readonly unsure: boolean;
}

/** To be made before the run starts: who is there already does not belong to it. */
export class MarkedProcesses {
  private readonly bystanders: ReadonlySet<number>;
  private readonly since = performance.now();

  constructor(private readonly mark: string) {
    this.bystanders = new Set(processIds());
  }

  /** Everybody with the mark but the process `leader`, which our own host has to collect. */
  look(leader: number): Sighting {
    const wanted = `${RUN_MARK}=${this.mark}`;
    const buffer = Buffer.allocUnsafe(ENVIRONMENT_BYTES);
    const mayBeReused = performance.now() - this.since > TRUSTED_MS;
    const found: number[] = [];
    let unsure = false;
    for (const pid of processIds()) {
      const isBystander = this.bystanders.has(pid);
      if (pid === leader || (isBystander && !mayBeReused)) continue;
      const environment = environmentOf(pid, buffer);
      if (environment === "foreign") continue;
      if (environment !== "gone" && environment.includes(wanted)) found.push(pid);
      else unsure ||= !isBystander && (environment === "gone" || (environment.length === 0 && mayShowOneLater(pid)));
    }
    return { found, unsure };
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

/** Not the dead, and not the kernel's own threads, which are children of its process 2. */
function mayShowOneLater(pid: number): boolean {
  const status = statusOf(pid);
  return status !== null && status.isAlive && status.parent !== 2;
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
  readonly parent: number;
  readonly group: number;
}

/** Null for a process that is gone. */
function statusOf(pid: number): Status | null {
  try {
    // `pid (name) state parent group …`; the name may hold anything, so count from its last bracket.
    const text = readFileSync(`/proc/${pid}/stat`, "latin1").replace(/^.*\)\s/s, "");
    const [state, parent, group] = text.split(" ");
    return { isAlive: state !== "Z" && state !== "X", parent: Number(parent), group: Number(group) };
  } catch {
    return null;
  }
}
