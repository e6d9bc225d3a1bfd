import { ScriptedCommandRunner } from "../fakes/scriptedCommandRunner";
import { LONG_OUTPUT, SCENARIOS, commandRunnerContract } from "./commandRunnerContract";

describe("ScriptedCommandRunner", () => {
  commandRunnerContract(async () => {
    const script = {
      [SCENARIOS.quiet]: {},
      [SCENARIOS.fails]: { exitCode: 7, output: "out\n" },
      [SCENARIOS.speaks]: { output: "größe\n" },
      [SCENARIOS.long]: { output: LONG_OUTPUT },
      [SCENARIOS.slow]: { never: "timeout" },
      [SCENARIOS.hangs]: { never: "hang" },
    } as const;
    const runner = new ScriptedCommandRunner(script, ["/gone"]);
    const outputFile = "/out.log";
    const readOutput = async (): Promise<string> => runner.outputs.get(outputFile) ?? "";
    return { runner, cwd: "/work", missingCwd: "/gone", outputFile, readOutput, dispose: async () => {} };
  });
});
