// Finds out whether a sandbox works on this machine, by running a command in one. Asked once in a process.
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { devNull } from "node:os";
import type { Protection } from "../../core/ports/protection";
import { findProgram } from "../process/findProgram";
import { bubblewrapArguments, exitCodeIn } from "./bubblewrap";
import { KERNEL_SWITCHES, whyMissing, type KernelSwitch, type Machine } from "./remedies";
import { SANDBOX_EXEC } from "./seatbelt";

/** A machine under load needs its time; one that hangs must not hang us, milliseconds. */
const PATIENCE_MS = 10_000;

let known: Promise<Found> | null = null;

/** What was found: the programs, and in words what protects commands here. */
export interface Found {
  readonly protection: Protection;
  /** Path of the sandbox's program; empty where none works. */
  readonly program: string;
}

/** Contract: see ProtectionProbe. */
export async function sandboxHere(): Promise<Protection> {
  return (await findSandbox()).protection;
}

export function findSandbox(): Promise<Found> {
  known ??= lookForSandbox(process.platform, process.env["PATH"] ?? "");
  return known;
}

/** Without memory. `programs`: a PATH. Never rejects. */
export async function lookForSandbox(platform: NodeJS.Platform, programs: string): Promise<Found> {
  if (platform === "linux") return bubblewrap(programs);
  if (platform === "darwin") return seatbelt();
  return { protection: whyMissing(machineOf(platform, true, "")), program: "" };
}

async function bubblewrap(programs: string): Promise<Found> {
  const found = await findProgram("bwrap", programs, "/");
  if (found.kind !== "found") return { protection: whyMissing(machineOf("linux", false, "")), program: "" };
  const args = bubblewrapArguments({ mounts: [{ kind: "empty", at: "/tmp", writable: true }], emptyFile: devNull, inside: {}, cwd: "/", argv: ["/bin/sh", "-c", ":"] });
  // Standard error in place of the status: there is no third pipe here, and what it says is for people.
  const { ok, output } = await tryOut(found.program, args.map((argument, n) => (args[n - 1] === "--json-status-fd" ? "1" : argument)));
  if (ok && exitCodeIn(output) === 0) return { protection: { kind: "active", name: "bubblewrap" }, program: found.program };
  return { protection: whyMissing(machineOf("linux", true, firstLine(output))), program: "" };
}

async function seatbelt(): Promise<Found> {
  const { ok, output } = await tryOut(SANDBOX_EXEC, ["-p", "(version 1)(allow default)(deny network*)", "/usr/bin/true"]);
  if (ok) return { protection: { kind: "active", name: "seatbelt" }, program: SANDBOX_EXEC };
  return { protection: whyMissing(machineOf("darwin", true, firstLine(output))), program: "" };
}

function tryOut(program: string, args: readonly string[]): Promise<{ readonly ok: boolean; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: PATIENCE_MS, env: { PATH: "/usr/bin:/bin" } }, (error, stdout, stderr) => {
      resolve({ ok: error === null, output: `${stderr}${stdout}` });
    });
  });
}

function machineOf(platform: NodeJS.Platform, isInstalled: boolean, complaint: string): Machine {
  const release = platform === "linux" ? textOf("/etc/os-release") : "";
  const distribution = [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)/gm)].map((match) => match[1]).join(" ");
  const switches: Partial<Record<KernelSwitch, number>> = {};
  if (platform === "linux") {
    for (const [name, file] of Object.entries(KERNEL_SWITCHES)) {
      const text = textOf(file).trim();
      if (text !== "") switches[name as KernelSwitch] = Number(text);
    }
  }
  return { platform, distribution, isInstalled, complaint, switches, isContainer: isContainer() };
}

function isContainer(): boolean {
  return existsSync("/.dockerenv") || existsSync("/run/.containerenv") || /docker|containerd|kubepods|lxc/.test(textOf("/proc/1/cgroup"));
}

/** Empty for what cannot be read. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function firstLine(text: string): string {
  return (text.split("\n").find((line) => line.trim() !== "" && !line.startsWith("{")) ?? "").replace(/^bwrap: /, "").trim();
}
