// Commands that wait for the person where no sandbox confines them: one list, answered without a modal dialog.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { commands, workspace } from "vscode";
import { aScript, calls, runs, WRITE_HELLO } from "../builders/scriptBuilder";
import { until } from "../editor/until";
import { aHostTask, run } from "./hostTasks";

const LIMIT_MS = 120_000;

describe("countersign.reviewCommands", function () {
  this.timeout(LIMIT_MS);
  const settings = (): ReturnType<typeof workspace.getConfiguration> => workspace.getConfiguration("countersign");
  before(() => settings().update("sandbox", "off", true));
  after(() => settings().update("sandbox", undefined, true));

  it("lets a command run once the person allows it in the list, and not before", async () => {
    const task = await aHostTask({ category: "DISPATCH" }, aScript().singleAgent(calls(WRITE_HELLO, runs("touch made")), { text: "Done." }));
    await run("runTask", { target: task.target });
    await until("the agent asks for its command", () => task.eventsOf("toolCalled").some(({ tool }) => tool === "run_command"));
    const worktree = task.eventsOf("baseSnapshotted")[0]?.base.worktree ?? "";
    await task.until("commandAsked");
    assert.deepEqual([task.eventsOf("commandAsked").map(({ ask, command }) => [ask, command]), task.eventsOf("commandDecided")], [[[1, "touch made"]], []]);
    const reviewing = run("reviewCommands");
    // Enter in the list, then Enter on the first offer, which is the smallest: once.
    await until("the answer is on record", async () => {
      await commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return task.eventsOf("commandDecided").length > 0;
    });
    await reviewing;
    await task.until("taskPassed");
    assert.deepEqual(task.eventsOf("commandDecided").map(({ decision, by, command, ask }) => [decision, by, command, ask]), [["allowed", "once", "touch made", 1]]);
    assert.deepEqual(task.eventsOf("protectionNoted").map(({ state }) => state), ["off"]);
    assert.ok(existsSync(path.join(worktree, "made")));
  });
});
