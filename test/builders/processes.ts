// Looks for processes that a run has left behind, as /proc shows them: those whose folder lies below the test's own.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface FoundProcess {
  readonly pid: number;
  readonly command: string;
}

/** Processes, dead ones left out, that work in a folder below `folder`. Empty where there is no /proc. */
export function processesOf(folder: string): readonly FoundProcess[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0)
    .flatMap((pid) => {
      const found = look(pid);
      return found !== null && found.cwd.startsWith(folder) ? [{ pid, command: found.command }] : [];
    });
}

function look(pid: number): { readonly cwd: string; readonly command: string } | null {
  try {
    const cwd = readlinkSync(`/proc/${pid}/cwd`);
    return { cwd, command: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim() };
  } catch {
    // Gone meanwhile, dead, or somebody else's.
    return null;
  }
}
