// Which model each role of a command has, and that a script stays part of it.
import { strict as assert } from "node:assert";
import { resolve } from "node:path";
import { changedModels, roleModels } from "../../src/cli/settings";
import { ROLES, type Role } from "../../src/core/domain/task";
import { DEFAULT_ROLES } from "../../src/core/roles/roleSettings";

const NOTHING = { model: null, roleModels: {} };
const SCRIPT = resolve("play.json");
const all = (of: (role: Role) => string): Readonly<Record<string, string>> => Object.fromEntries(ROLES.map((role) => [role, of(role)]));

describe("roleModels", () => {
  it("takes the role's own, then the one for all, then the file's, then the default", () => {
    assert.deepEqual(roleModels({}, NOTHING), all((role) => DEFAULT_ROLES[role].model));
    const models = roleModels({ models: { planner: "p", generator: "g" } }, { model: null, roleModels: { planner: "own" } });
    assert.deepEqual([models.planner, models.generator, models.evaluator], ["own", "g", DEFAULT_ROLES.evaluator.model]);
    assert.deepEqual(roleModels({ models: { planner: "p" } }, { model: "m", roleModels: {} }), all(() => "m"));
  });

  it("keeps the script that plays them, by its absolute path, and the models whose prices count", () => {
    assert.deepEqual(roleModels({}, { model: "script:play.json", roleModels: {} }), all((role) => `script:${SCRIPT}#${DEFAULT_ROLES[role].model}`));
    assert.deepEqual(roleModels({}, { model: "script:play.json#m", roleModels: { planner: "p", generator: "script:other.json" } }), {
      ...all(() => `script:${SCRIPT}#m`),
      planner: `script:${SCRIPT}#p`,
      generator: `script:${resolve("other.json")}`,
    });
    assert.equal(roleModels({}, { model: null, roleModels: { planner: "script:play.json#m" } }).planner, `script:${SCRIPT}#m`);
  });
});

describe("changedModels", () => {
  const played = roleModels({}, { model: "script:play.json", roleModels: {} });

  it("is nothing where the task goes on as it was begun", () => {
    assert.equal(changedModels(played, NOTHING), undefined);
    assert.equal(changedModels(played, { model: "script:play.json", roleModels: {} }), undefined);
  });

  it("puts another script, or a model, in place of what was there", () => {
    assert.deepEqual(changedModels(played, { model: "script:other.json", roleModels: {} }), all((role) => `script:${resolve("other.json")}#${DEFAULT_ROLES[role].model}`));
    assert.deepEqual(changedModels(played, { model: "m", roleModels: {} }), all(() => "m"));
    assert.deepEqual(changedModels(played, { model: null, roleModels: { planner: "p" } }), { ...played, planner: "p" });
  });
});
