// Runs `true` in a worktree of a repository given as the first argument, in turn with and without the sandbox, and
// prints how long each took, in ms.
import { SystemClock } from "../../src/adapters/clock/systemClock";
import { openWorkspace } from "../../src/adapters/git/gitWorkspace";
import { FileLogger } from "../../src/adapters/log/fileLogger";
import { ProcessCommandRunner } from "../../src/adapters/process/processCommandRunner";
import { sandboxHere } from "../../src/adapters/sandbox/sandboxHere";
import { sandboxOf, territoryOf } from "../../src/composition/commandSandbox";
import type { TaskId } from "../../src/core/domain/task";
import path from "node:path";

async function main(repo: string, cacheDir: string, runs: number): Promise<void> {
  const logger = new FileLogger(null, new SystemClock());
  const { signal } = new AbortController();
  const protection = await sandboxHere();
  if (protection.kind !== "active") throw new Error(`no sandbox works here: ${protection.kind === "missing" ? protection.why : "it is off"}`);
  const workspace = await openWorkspace(repo, { cacheDir, logger });
  const base = await workspace.createBase("bench-0000" as TaskId, signal);
  const territory = territoryOf(workspace, path.join(repo, ".countersign", "plans"));
  const sandbox = sandboxOf({ territory, logger }, () => ({ sandbox: "auto", network: undefined }));
  const plain = new ProcessCommandRunner({ environment: process.env, logger });
  const confined = new ProcessCommandRunner({ environment: process.env, logger, sandbox });
  const timed = async (runner: ProcessCommandRunner): Promise<number> => {
    const started = performance.now();
    const spec = { command: "true", cwd: base.worktree, timeoutMs: 60_000, outputFile: null, excerptBytes: 4096, purpose: "agent" } as const;
    const { exitCode } = await runner.run(spec, signal);
    if (exitCode !== 0) throw new Error(`true ended with ${exitCode}`);
    return performance.now() - started;
  };
  // The first ones load code and fill caches.
  for (const runner of [plain, confined]) await timed(runner);
  const results: { readonly plain: number; readonly confined: number }[] = [];
  for (let i = 0; i < runs; i += 1) results.push({ plain: await timed(plain), confined: await timed(confined) });
  await workspace.removeWorktree(base, { deleteBranch: true });
  process.stdout.write(JSON.stringify(results));
}

const [repo = "", cacheDir = "", runs = "50"] = process.argv.slice(2);
main(repo, cacheDir, Number(runs)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
