// Setting up keys and models, against a server on this machine that takes one key.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { commands, extensions, workspace } from "vscode";
import { z } from "zod/mini";
import { FakeModelApi } from "../fakes/fakeModelApi";
import { until } from "../editor/until";
import { countersignLog, filesBelow, userData } from "./hostLogs";
import { aHostTask, run } from "./hostTasks";

const KEY = "sk-ant-host-test-0123456789abcdef";
const ROLE_KEYS = ["planner", "contract_negotiator", "generator", "evaluator", "single_agent"].map((role) => `models.${role}`);

describe("setting up models", () => {
  let api: FakeModelApi;
  const settings = (): ReturnType<typeof workspace.getConfiguration> => workspace.getConfiguration("countersign");

  before(async () => {
    api = await FakeModelApi.start([{ text: "It is done." }], { keys: [KEY] });
    await settings().update("baseUrl", api.url, true);
  });
  after(async () => {
    await run("removeApiKey");
    for (const key of ["baseUrl", ...ROLE_KEYS]) await settings().update(key, undefined, true);
    for (const key of ROLE_KEYS) await settings().update(key, undefined, false);
    await api.close();
  });
  afterEach(() => commands.executeCommand("notifications.clearAll"));

  describe("countersign.setApiKey", () => {
    it("tries a key and keeps one that works, which tasks then send", async () => {
      assert.equal(await run("setApiKey", { key: ` ${KEY}\n` }), "works");
      const task = await aHostTask({ category: "DISPATCH", models: {}, run: true });
      await task.until("taskPassed");
      assert.equal(api.requests.length, 1);
      assert.equal(api.requests[0]?.headers.authorization, `Bearer ${KEY}`);
    });

    it("does not keep a key that is refused, and the one before stays", async () => {
      assert.equal(await run("setApiKey", { key: "sk-ant-wrong", anyway: false }), "notKept");
      const task = await aHostTask({ category: "DISPATCH", models: {}, run: true });
      await task.until("taskPassed");
    });

    it("keeps one that cannot be tried where that is said, and a task says what is wrong with it", async () => {
      assert.equal(await run("setApiKey", { key: "sk-ant-other-9876543210", anyway: true }), "untested");
      const task = await aHostTask({ category: "DISPATCH", models: {}, run: true });
      await task.until("taskFailed");
      const { detail } = task.eventsOf("taskFailed")[0] ?? { detail: "" };
      assert.match(detail, /not valid there\. Check the key \(Countersign: Set API Key\)/);
      assert.doesNotMatch(detail, /9876543210/);
      assert.equal(await run("setApiKey", { key: KEY }), "works");
      assert.equal(await run("resumeTask", { target: task.target }), true);
      await task.until("taskPassed");
    });

    it("leaves no key in any log, file of the task, or setting", () => {
      assert.match(countersignLog(), /\S/);
      const folders = [path.join(userData(), "logs"), path.join(userData(), "User"), path.join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? "", ".countersign")];
      const found = folders.flatMap(filesBelow).filter((file) => /sk-ant-(host-test|other)-\w{6}/.test(readFileSync(file, "utf8")));
      assert.deepEqual(found, []);
    });
  });

  describe("countersign.chooseModels", () => {
    it("sets the model of a role for the user, or for the workspace", async () => {
      assert.deepEqual(await run("chooseModels", { role: "evaluator", model: "claude-haiku-5-5" }), ["evaluator"]);
      assert.deepEqual(await run("chooseModels", { role: "planner", model: "house-model", target: "workspace" }), ["planner"]);
      const of = (key: string): unknown => settings().inspect(`models.${key}`);
      assert.equal(z.object({ globalValue: z.string() }).parse(of("evaluator")).globalValue, "claude-haiku-5-5");
      assert.equal(z.object({ workspaceValue: z.string() }).parse(of("planner")).workspaceValue, "house-model");
    });

    it("sets one model for all roles, which the next task asks", async () => {
      await run("chooseModels", { role: "all", model: "claude-haiku-5-5" });
      const { models } = (await aHostTask({ models: {} })).request;
      assert.deepEqual(Object.entries(models).filter(([, model]) => model !== "claude-haiku-5-5"), [["planner", "house-model"]], "the workspace's own setting wins");
    });
  });

  describe("countersign.removeApiKey", () => {
    it("forgets the key: a server that wants one is asked without it", async () => {
      await run("removeApiKey");
      const task = await aHostTask({ category: "DISPATCH", models: { single_agent: "claude-haiku-5-5" }, run: true });
      await task.until("taskFailed");
      assert.equal(api.requests.every(({ headers }) => headers.authorization === `Bearer ${KEY}`), true);
    });
  });

  it("declares what the editor must not take from an untrusted workspace", () => {
    const manifest = z.object({ capabilities: z.object({ untrustedWorkspaces: z.object({ supported: z.literal("limited"), restrictedConfigurations: z.array(z.string()) }) }) });
    const { restrictedConfigurations } = manifest.parse(extensions.getExtension("countersign.countersign")?.packageJSON).capabilities.untrustedWorkspaces;
    const ours = Object.keys(workspace.getConfiguration().inspect("countersign")?.defaultValue as object);
    assert.ok(ours.length > 5);
    const groups = new Set(restrictedConfigurations.map((key) => key.split(".")[1]));
    assert.deepEqual(ours.filter((key) => !groups.has(key)), []);
  });
});

describe("countersign.runSample", () => {
  it("prepares a copy of its own, with a task that a script plays", async () => {
    const before = workspace.workspaceFolders?.length;
    const made = await run<{ readonly target: { readonly root: string; readonly task: string } } | undefined>("runSample", { open: "nowhere" });
    assert.ok(made !== undefined);
    const { root, task } = made.target;
    assert.equal(workspace.workspaceFolders?.length, before);
    assert.ok(!root.startsWith(workspace.workspaceFolders?.[0]?.uri.fsPath ?? "-"));
    await until("the task is on record", () => readdirSync(path.join(root, ".countersign/state")).includes("journal.ndjson"));
    const line = readFileSync(path.join(root, ".countersign/state/journal.ndjson"), "utf8").split("\n").find((text) => text.includes(task));
    const { request } = z.object({ kind: z.literal("taskCreated"), request: z.object({ title: z.string(), category: z.string(), models: z.record(z.string(), z.string()) }) }).parse(JSON.parse(line ?? "null"));
    assert.deepEqual([request.title, request.category], ["Add a Fibonacci command", "PREP"]);
    assert.match(request.models["generator"] ?? "", /^script:.*fibonacci\.script\.json#claude-sonnet-5-5$/);
    assert.match(readFileSync(path.join(root, "README.md"), "utf8"), /tally/);
  });
});
