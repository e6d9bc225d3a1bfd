import { readFile } from "node:fs/promises";
import path from "node:path";
import { aRunnerOnDisk } from "../builders/runnerOnDisk";
import { commandRunnerContract } from "./commandRunnerContract";

describe("ProcessCommandRunner", () => {
  commandRunnerContract(async () => {
    const made = await aRunnerOnDisk();
    const outputFile = path.join(made.cwd, "logs", "out.log");
    const readOutput = (): Promise<string> => readFile(outputFile, "utf8");
    return {
      runner: made.runner,
      cwd: made.cwd,
      missingCwd: path.join(made.cwd, "gone"),
      outputFile,
      readOutput,
      dispose: () => made.dispose(),
    };
  });
});
