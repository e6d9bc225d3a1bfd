// Runs a program to its end and watches its memory.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { now } from "./fakeApi.mjs";

const POLL_MS = 10;

/** Throws with the end of its output when the program fails. `peakBytes` is null where the system does not tell. */
export async function measuredProcess(args, { cwd, env, timeoutMs = 120_000 }) {
  const startedAt = now();
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: timeoutMs });
  let output = "";
  let stdout = "";
  let peakBytes = null;
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
    output += chunk;
  });
  child.stderr.on("data", (chunk) => (output += chunk));
  const poll = setInterval(() => (peakBytes = peakOf(child.pid) ?? peakBytes), POLL_MS);
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit, signal) => resolve(exit ?? signal));
  }).finally(() => clearInterval(poll));
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}:\n${output.slice(-2000)}`);
  return { startedAt, wallMs: now() - startedAt, peakBytes, stdout };
}

/** The most memory the process has had at once so far; the kernel keeps it, so that no peak falls between two looks. */
function peakOf(pid) {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    // Gone, or a system without /proc.
    return null;
  }
}
