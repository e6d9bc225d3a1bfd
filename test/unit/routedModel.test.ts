import { strict as assert } from "node:assert";
import { CountersignError } from "../../src/core/domain/errors";
import { routedModel } from "../../src/core/engine/routedModel";
import type { ModelClient, ModelEvent, ModelRequest } from "../../src/core/ports/modelClient";
import { FakeModel, says } from "../fakes/fakeModel";

const REQUEST: ModelRequest = {
  model: "vscode:copilot/gpt-5",
  system: "You are a test.",
  tools: [],
  messages: [{ role: "user", content: [{ kind: "text", text: "Hello." }] }],
  maxOutputTokens: 100,
  outputSchema: null,
  effort: "low",
  purpose: { role: "planner", attempt: 0, session: "planner-0-test" },
};
const NEVER = new AbortController().signal;

async function eventsOf(client: ModelClient, model: string): Promise<readonly ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of client.stream({ ...REQUEST, model }, NEVER)) events.push(event);
  return events;
}

describe("routedModel", () => {
  it("asks the first client whose prefix fits, with the request as it is, and hands its events on", async () => {
    const [editor, rest] = [new FakeModel(says("from the editor")), new FakeModel(says("from the server"))];
    const model = routedModel([
      { prefix: "vscode:", open: () => Promise.resolve(editor) },
      { prefix: "", open: () => Promise.resolve(rest) },
    ]);
    assert.deepEqual(await eventsOf(model, "vscode:copilot/gpt-5"), says("from the editor"));
    assert.deepEqual(await eventsOf(model, "claude-opus-5-5"), says("from the server"));
    assert.deepEqual(editor.requests, [REQUEST]);
    assert.deepEqual(rest.requests.map((request) => request.model), ["claude-opus-5-5"]);
  });

  it("ends a request for which nothing is set up, in the words of who knows, and asks again the next time", async () => {
    let isSetUp = false;
    const client = new FakeModel(says("hello"));
    const open = (): Promise<ModelClient> => (isSetUp ? Promise.resolve(client) : Promise.reject(new CountersignError("noModel", "Set a key first.")));
    const model = routedModel([{ prefix: "claude", open }]);
    const [failed, ...more] = await eventsOf(model, "claude-opus-5-5");
    assert.deepEqual(more, []);
    assert.ok(failed?.kind === "failed" && !failed.failure.retryable);
    assert.equal(failed.failure.message, "Set a key first.");
    isSetUp = true;
    assert.deepEqual(await eventsOf(model, "claude-opus-5-5"), says("hello"));
  });

  it("says that nobody knows a model", async () => {
    const [failed] = await eventsOf(routedModel([]), "mystery");
    assert.match(failed?.kind === "failed" ? failed.failure.message : "", /No model client knows "mystery"/);
  });
});
