// Who a process is, well enough to tell it from a later one that got the same number.
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { errnoOf } from "./ioError";

export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Boot and process namespace: within one, process numbers mean the same. Empty where the system does not tell. */
  readonly place: string;
  /** When the process started, in the system's own terms; null where the system does not tell. */
  readonly started: string | null;
}

/** `unknown`: of another machine or container, or without a start time to tell it by. */
export type Liveness = "alive" | "dead" | "unknown";

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), place: ownPlace(), started: startOf(process.pid)?.time ?? null };
}

export function livenessOf(other: ProcessIdentity, own: ProcessIdentity): Liveness {
  if (other.host !== own.host || other.place !== own.place) return "unknown";
  if (!isRunning(other.pid)) return "dead";
  const start = startOf(other.pid);
  if (start === null || other.started === null) return other.pid === own.pid ? "alive" : "unknown";
  return start.time === other.started && !start.zombie ? "alive" : "dead";
}

function ownPlace(): string {
  return `${read("/proc/sys/kernel/random/boot_id")} ${link("/proc/self/ns/pid")}`.trim();
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs as somebody else.
    return errnoOf(error) === "EPERM";
  }
}

/** Field 22 of /proc/PID/stat, in clock ticks since boot, and whether it only waits to be reaped. */
function startOf(pid: number): { readonly time: string; readonly zombie: boolean } | null {
  const stat = read(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const time = fields[19];
  return stat === "" || time === undefined ? null : { time, zombie: fields[0] === "Z" || fields[0] === "X" };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    return "";
  }
}

function link(file: string): string {
  try {
    return readlinkSync(file);
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    return "";
  }
}
