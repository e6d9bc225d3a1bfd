import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { problemWith, settingRules, type SettingRule } from "../../src/vscode/settingRules";

const MANIFEST: unknown = JSON.parse(readFileSync("package.json", "utf8"));

describe("settingRules", () => {
  const rules = settingRules(MANIFEST);

  it("finds every setting of the manifest, each with a description and a default that its own rule allows", () => {
    assert.ok(rules.size > 30);
    for (const [name, rule] of rules) {
      assert.match(name, /^countersign\./);
      assert.ok("default" in rule, `${name} has no default`);
      assert.ok("markdownDescription" in rule, `${name} is not described`);
      assert.equal(problemWith(rule, rule.default), null, name);
    }
  });

  it("finds none in something that is no manifest", () => {
    for (const odd of [null, "x", {}, { contributes: { configuration: 7 } }]) assert.equal(settingRules(odd).size, 0);
  });

  const WRONG: readonly (readonly [setting: string, value: unknown, problem: RegExp])[] = [
    ["maxConcurrentTasks", 0, /at least 1/],
    ["maxConcurrentTasks", 99, /at most 16/],
    ["maxConcurrentTasks", 1.5, /whole number/],
    ["maxConcurrentTasks", "2", /whole number/],
    ["maxConcurrentTasks", undefined, /whole number/],
    ["defaultCategory", "LATER", /one of DISPATCH, PREP, YOURS/],
    ["approvePlan", "yes", /true or false/],
    ["setupCommands", ["npm ci", 3], /entry 2 must be a text/],
    ["setupCommands", "npm ci", /a list or null/],
    ["plansFolder", "../elsewhere", /wrong form/],
    ["plansFolder", "/absolute", /wrong form/],
    ["plansFolder", "", /wrong form/],
    ["models.planner", "  ", /not be empty/],
    ["baseUrl", "ftp://x", /http:\/\//],
    ["prices", { mine: { input: 1 } }, /“mine” must have “output”/],
    ["prices", { mine: { input: -1, output: 2 } }, /“mine” has a wrong part: “input” must be at least 0/],
    ["prices", { mine: { input: 1, output: 2, inputs: 3 } }, /must not have “inputs”/],
    ["budget.taskUsd", 0, /more than 0/],
    ["budget.warnAt", 50, /at most 1/],
    ["budget.taskUsd", Number.NaN, /a number/],
  ];
  for (const [setting, value, problem] of WRONG) {
    it(`refuses ${JSON.stringify(value)} as ${setting}`, () => {
      assert.match(problemWith(ruleOf(setting), value) ?? "", problem);
    });
  }

  const RIGHT: readonly (readonly [setting: string, value: unknown])[] = [
    ["setupCommands", []],
    ["setupCommands", null],
    ["budget.dayUsd", null],
    ["budget.dayUsd", 12.5],
    ["plansFolder", "docs/plans"],
    ["baseUrl", "http://localhost:8080"],
    ["prices", { mine: { input: 0, output: 2, from: "2026-01-01", tiers: [] } }],
    ["models.generator", "vscode:copilot/some-model"],
  ];
  for (const [setting, value] of RIGHT) {
    it(`takes ${JSON.stringify(value)} as ${setting}`, () => assert.equal(problemWith(ruleOf(setting), value), null));
  }

  function ruleOf(setting: string): SettingRule {
    const rule = rules.get(`countersign.${setting}`);
    if (rule === undefined) throw new Error(`there is no setting ${setting}`);
    return rule;
  }
});
