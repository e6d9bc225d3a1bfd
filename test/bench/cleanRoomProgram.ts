// Opens clean rooms of a repository given as the first argument and prints how long each took, in ms: checkout and
// set-up, and beside it a plain copy of what the set-up makes. The set-up command is found by the lock file.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { SystemClock } from "../../src/adapters/clock/systemClock";
import { openWorkspace } from "../../src/adapters/git/gitWorkspace";
import { FileLogger } from "../../src/adapters/log/fileLogger";
import { ProcessCommandRunner } from "../../src/adapters/process/processCommandRunner";
import { LockFileSetup } from "../../src/adapters/setup/lockFileSetup";
import type { TaskId } from "../../src/core/domain/task";

async function main(repo: string, cacheDir: string, rooms: number): Promise<void> {
  const logger = new FileLogger(null, new SystemClock());
  const { signal } = new AbortController();
  const workspace = await openWorkspace(repo, { cacheDir, logger });
  const commands = new ProcessCommandRunner({ environment: process.env, logger });
  const setup = new LockFileSetup({ cacheDir, commands, logger });
  const base = await workspace.createBase("bench-0000" as TaskId, signal);
  const results: object[] = [];
  for (let i = 0; i < rooms; i += 1) {
    const started = performance.now();
    const room = await workspace.openCleanRoom(base, base.commit, signal);
    const steps = await setup.prepare(room.dir, signal);
    const ms = performance.now() - started;
    const modules = path.join(room.dir, "node_modules");
    const files = existsSync(modules) ? readdirSync(modules, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length : 0;
    results.push({ ms, cached: steps.map(({ cached }) => cached), files, copyMs: timedCopy(modules, path.join(cacheDir, "plain-copy")) });
    await room.close();
  }
  await workspace.removeWorktree(base, { deleteBranch: true });
  process.stdout.write(JSON.stringify(results));
}

function timedCopy(from: string, to: string): number {
  const started = performance.now();
  execFileSync("cp", ["-a", from, to]);
  const ms = performance.now() - started;
  rmSync(to, { recursive: true });
  return ms;
}

const [repo = "", cacheDir = "", rooms = "0"] = process.argv.slice(2);
main(repo, cacheDir, Number(rooms)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
