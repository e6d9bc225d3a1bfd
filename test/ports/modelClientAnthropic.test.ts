import { createAnthropicModel } from "../../src/adapters/model/anthropicModel";
import { FakeModelApi, type FakeReply, type Responder } from "../fakes/fakeModelApi";
import { scriptResponder } from "../fakes/fakeModelApiScript";
import { RecordingLogger } from "../fakes/recordingLogger";
import { modelClientContract, type ModelUnderTest } from "./modelClientContract";

describe("AnthropicModel over HTTP, as a ModelClient", () => {
  const model = async (replies: readonly FakeReply[] | Responder): Promise<ModelUnderTest> => {
    const api = await FakeModelApi.start(replies);
    return { client: createAnthropicModel({ apiKey: "k", baseUrl: api.url, logger: new RecordingLogger() }), close: () => api.close() };
  };
  modelClientContract({
    saying: (script) => model(scriptResponder(script, () => ({ role: "generator", attempt: 1 }))),
    hanging: () => model([{ text: "x".repeat(1000), streamFault: { kind: "stallMidStream" } }]),
    failing: () => model([{ fault: { status: 401, type: "authentication_error", message: "invalid key" } }]),
  });
});
