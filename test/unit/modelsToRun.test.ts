import assert from "node:assert/strict";
import { ROLES, type Role, type TaskRequest } from "../../src/core/domain/task";
import type { Reach } from "../../src/vscode/models/access";
import { decideModels } from "../../src/vscode/models/modelsToRun";

describe("decideModels", () => {
  const all = (model: string, change: Partial<Record<Role, string>> = {}): TaskRequest["models"] => ({ ...(Object.fromEntries(ROLES.map((role) => [role, model])) as TaskRequest["models"]), ...change });
  const reach = (server: boolean, editor: boolean): Reach => ({ hasServer: () => Promise.resolve(server), hasEditorModel: () => Promise.resolve(editor) });
  const [SERVER, EDITOR, SCRIPT] = [all("claude-opus-5-5"), all("vscode:acme/swift-1"), all("script:/s.json#claude-opus-5-5")];

  it("goes on as it began where nothing was changed", async () => {
    assert.equal(await decideModels(SERVER, SERVER, "multi_agent", reach(true, false)), "created");
    assert.equal(await decideModels(SERVER, SERVER, "multi_agent", reach(false, true)), "neither");
  });

  it("looks only at the roles that the task asks", async () => {
    const other = all("claude-opus-5-5", { single_agent: "vscode:acme/swift-1" });
    assert.equal(await decideModels(SERVER, other, "multi_agent", reach(true, true)), "created");
    assert.equal(await decideModels(SERVER, other, "single_agent", reach(true, true)), "ask");
  });

  it("takes what can be reached, and asks where both can be", async () => {
    assert.equal(await decideModels(SERVER, EDITOR, "multi_agent", reach(false, true)), "current");
    assert.equal(await decideModels(SERVER, EDITOR, "multi_agent", reach(true, false)), "created");
    assert.equal(await decideModels(SERVER, EDITOR, "multi_agent", reach(true, true)), "ask");
    assert.equal(await decideModels(SERVER, EDITOR, "multi_agent", reach(false, false)), "neither");
  });

  it("never replaces a script", async () => {
    assert.equal(await decideModels(SCRIPT, SERVER, "multi_agent", reach(true, true)), "created");
  });
});
