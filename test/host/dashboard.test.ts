// The dashboard inside the extension host: its commands open one panel, and say when it was painted.
import assert from "node:assert/strict";
import { TabInputWebview, window } from "vscode";
import { until } from "../editor/until";
import { aHostTask, run } from "./hostTasks";
import { closeEditors } from "./reviewedTask";

function panels(): readonly string[] {
  return window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith("countersign.dashboard")).map(({ label }) => label);
}

describe("the dashboard's commands", () => {
  afterEach(closeEditors);

  it("countersign.openDashboard opens a panel, and returns when it was painted, with how long that took", async () => {
    const ms = await run<number | null>("openDashboard");
    assert.ok(typeof ms === "number" && ms > 0, `painted after ${String(ms)} ms`);
    assert.deepEqual(panels(), ["Countersign"]);
  });

  it("countersign.openTask shows a task in the same panel, under its title", async () => {
    await run("openDashboard");
    const task = await aHostTask({ text: "Say good morning" });
    assert.equal(await run<number | null>("openTask", { target: task.target }), null, "it was open already");
    await until("the panel is called like the task", () => panels().join() === "Say good morning");
    await run("openDashboard");
    await until("the panel shows all tasks", () => panels().join() === "Countersign");
  });

  it("can be opened again after it was closed", async () => {
    await run("openDashboard");
    await closeEditors();
    assert.deepEqual(panels(), []);
    assert.ok(typeof (await run<number | null>("openDashboard")) === "number");
  });
});
