import assert from "node:assert/strict";
import type { TaskRequest } from "../../src/core/domain/task";
import { API_KEY_SECRET, credentialsOf, keyOrigin, lackOf, type Reach } from "../../src/vscode/models/access";
import type { ExtensionContext } from "vscode";

function contextWith(stored?: string): Pick<ExtensionContext, "secrets"> {
  const get = (name: string): Promise<string | undefined> => Promise.resolve(name === API_KEY_SECRET ? stored : undefined);
  return { secrets: { get } as unknown as ExtensionContext["secrets"] };
}

describe("credentialsOf", () => {
  const of = (stored: string | undefined, baseUrl: string, env: Record<string, string>): ReturnType<typeof credentialsOf> => credentialsOf(contextWith(stored), { baseUrl }, env);

  it("is null where nothing is set up, empty variables included", async () => {
    assert.equal(await of(undefined, "", {}), null);
    assert.equal(await of("", "", { ANTHROPIC_API_KEY: "", ANTHROPIC_BASE_URL: "" }), null);
  });

  it("takes the stored key before the ones of the environment, and never sends two", async () => {
    const env = { ANTHROPIC_API_KEY: "from-env", ANTHROPIC_AUTH_TOKEN: "token" };
    assert.deepEqual(await of("stored", "", env), { apiKey: "stored" });
    assert.deepEqual(await of(undefined, "", env), { apiKey: "from-env" });
    assert.deepEqual(await of(undefined, "", { ANTHROPIC_AUTH_TOKEN: "token" }), { authToken: "token" });
  });

  it("takes the base URL of the settings before the one of the environment, also without a key", async () => {
    assert.deepEqual(await of(undefined, "http://localhost:1", {}), { baseUrl: "http://localhost:1" });
    assert.deepEqual(await of("k", "http://localhost:1", { ANTHROPIC_BASE_URL: "http://localhost:2" }), { apiKey: "k", baseUrl: "http://localhost:1" });
    assert.deepEqual(await of("k", "", { ANTHROPIC_BASE_URL: "http://localhost:2" }), { apiKey: "k", baseUrl: "http://localhost:2" });
  });
});

describe("keyOrigin", () => {
  it("says where the key that is used comes from", async () => {
    assert.equal(await keyOrigin(contextWith("k"), { ANTHROPIC_API_KEY: "e" }), "stored");
    assert.equal(await keyOrigin(contextWith(), { ANTHROPIC_API_KEY: "e", ANTHROPIC_AUTH_TOKEN: "t" }), "ANTHROPIC_API_KEY");
    assert.equal(await keyOrigin(contextWith(), { ANTHROPIC_AUTH_TOKEN: "t" }), "ANTHROPIC_AUTH_TOKEN");
    assert.equal(await keyOrigin(contextWith(), {}), null);
  });
});

describe("lackOf", () => {
  const CLAUDE = "claude-sonnet-5-5";
  const models = (one: string, change: Partial<TaskRequest["models"]> = {}): TaskRequest["models"] => ({ planner: one, contract_negotiator: one, generator: one, evaluator: one, single_agent: one, ...change });
  const reach = (server: boolean, ...editor: readonly string[]): Reach => ({ hasServer: () => Promise.resolve(server), hasEditorModel: (id) => Promise.resolve(editor.includes(id)) });

  it("is null where everybody can be asked", async () => {
    assert.equal(await lackOf(models(CLAUDE), "multi_agent", reach(true)), null);
    assert.equal(await lackOf(models("vscode:acme/a"), "multi_agent", reach(false, "vscode:acme/a")), null);
  });

  it("needs nothing for a model that a script plays", async () => {
    assert.equal(await lackOf(models("script:/s.json#claude-opus-5-5"), "multi_agent", reach(false)), null);
  });

  it("names the model that needs a server, and the editor's model that is gone", async () => {
    assert.deepEqual(await lackOf(models(CLAUDE), "multi_agent", reach(false)), { kind: "server", model: CLAUDE });
    assert.deepEqual(await lackOf(models(CLAUDE, { evaluator: "vscode:acme/a" }), "multi_agent", reach(true)), { kind: "editorModel", model: "vscode:acme/a" });
  });

  it("looks only at the roles that the task asks", async () => {
    const mixed = models("vscode:acme/a", { single_agent: CLAUDE });
    assert.equal(await lackOf(mixed, "multi_agent", reach(false, "vscode:acme/a")), null);
    assert.deepEqual(await lackOf(mixed, "single_agent", reach(false, "vscode:acme/a")), { kind: "server", model: CLAUDE });
  });
});
