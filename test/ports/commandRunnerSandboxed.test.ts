import { readFile } from "node:fs/promises";
import path from "node:path";
import { aSandboxBench, needsSandbox } from "../builders/sandboxBench";
import { commandRunnerContract } from "./commandRunnerContract";

describe("ProcessCommandRunner in a sandbox", () => {
  before(async function () {
    await needsSandbox(this);
  });
  commandRunnerContract(async () => {
    const made = aSandboxBench();
    const outputFile = path.join(made.root, "..", "logs", "out.log");
    return {
      runner: made.runner,
      cwd: made.worktree,
      missingCwd: path.join(made.worktree, "gone"),
      outputFile,
      readOutput: () => readFile(outputFile, "utf8"),
      dispose: async () => made.dispose(),
    };
  });
});
