// Asks git for the files of a worktree. Only ever reads, and runs nothing that the repository's configuration names.
import { execFile } from "node:child_process";
import { freeFromPipes } from "./stuckPipes";

const LARGEST_ANSWER = 512 * 1024 * 1024;

/** Tracked and untracked files that are not ignored (all, or those of our own patterns), relative to `root`; folders (nested repositories) end in `/`. */
export async function gitFiles(root: string, signal: AbortSignal, ...patterns: readonly string[]): Promise<readonly string[]> {
  const settings = ["-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false"];
  const args = [...settings, "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", ...patterns];
  const options = { cwd: root, maxBuffer: LARGEST_ANSWER, env: quietEnvironment(), signal, windowsHide: true };
  const over = freeFromPipes(root, "keep");
  return await new Promise((resolve, reject) => {
    execFile("git", args, options, (error, stdout) => {
      over();
      if (error === null) resolve(stdout.split("\0").filter((name) => name !== ""));
      else reject(error);
    });
  });
}

/** Variables named GIT_* point git elsewhere; whoever started us may have set them (a hook does). */
function quietEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  return { ...Object.fromEntries(own), GIT_OPTIONAL_LOCKS: "0" };
}
