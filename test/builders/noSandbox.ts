// A PATH as a machine has it where no sandbox is installed: the usual programs, and none that confines.
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import path from "node:path";

const SANDBOXES = new Set(["bwrap", "sandbox-exec"]);

/** Links every program of this process's PATH into `folder`, without those that confine; returns the PATH. */
export function pathWithoutSandbox(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const linked = new Set<string>();
  for (const place of (process.env["PATH"] ?? "").split(path.delimiter)) {
    for (const name of programsIn(place)) {
      if (SANDBOXES.has(name) || linked.has(name)) continue;
      linked.add(name);
      symlinkSync(path.join(place, name), path.join(folder, name));
    }
  }
  return folder;
}

/** A PATH may name folders that are not there. */
function programsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
