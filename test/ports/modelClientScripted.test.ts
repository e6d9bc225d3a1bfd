import { SystemClock } from "../../src/adapters/clock/systemClock";
import { parseScript, type ScriptInput } from "../../src/adapters/model/script";
import { ScriptedModel } from "../../src/adapters/model/scriptedModel";
import { modelClientContract, type ModelUnderTest } from "./modelClientContract";

describe("ScriptedModel, as a ModelClient", () => {
  const model = (turns: ScriptInput["sessions"][number]["turns"], chunkDelayMs = 0): Promise<ModelUnderTest> => {
    const script = parseScript({ version: 1, sessions: [{ role: "generator", attempt: 1, turns }] }, "contract");
    return Promise.resolve({ client: new ScriptedModel(script, { clock: new SystemClock(), chunkDelayMs }), close: () => Promise.resolve() });
  };
  modelClientContract({
    saying: (script) => model(script.sessions[0]?.turns ?? []),
    hanging: () => model([{ text: "x".repeat(1000) }], 50),
    failing: () => model([{ failure: { code: "invalidKey" } }]),
  });
});
