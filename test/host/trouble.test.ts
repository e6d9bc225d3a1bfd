// What goes wrong around the extension, and what protects the person there: seen from inside a real window.
import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { TabInputTextDiff, window, workspace } from "vscode";
import { aPassingScript, aScript, calls, runs, WRITE_HELLO } from "../builders/scriptBuilder";
import { until } from "../editor/until";
import { aHostTask, run, windowFolder } from "./hostTasks";
import { closeEditors } from "./reviewedTask";

const LIMIT_MS = 180_000;
/** Some of it is still busy with what was removed. */
const RUN_LIMIT_MS = 120_000;

describe("countersign.doctor", function () {
  this.timeout(LIMIT_MS);
  const settings = (): ReturnType<typeof workspace.getConfiguration> => workspace.getConfiguration("countersign");
  afterEach(closeEditors);
  after(() => settings().update("sandbox", undefined, true));

  const report = async (): Promise<string> => {
    await run("doctor");
    const document = window.activeTextEditor?.document;
    assert.deepEqual([document?.languageId, document?.isUntitled], ["markdown", true]);
    return document?.getText() ?? "";
  };

  it("says in a document what protects the person in this folder", async () => {
    const text = await report();
    assert.match(text, /^# Countersign doctor\n\n(Nothing|Something) is missing\. Version \d/);
    assert.ok(text.includes(windowFolder()));
    for (const about of ["Sandbox", "Network", "Command policy", "Folder", "git", "Model", "Journal", "Disk", "Sealed checks"]) assert.match(text, new RegExp(`^- \\*\\*${about}\\*\\*: `, "m"));
  });

  it("says that the sandbox is off where the setting says so, and what that means", async () => {
    await settings().update("sandbox", "off", true);
    const text = await report();
    assert.match(text, /\*\*Sandbox\*\*: [^\n]*off[^\n]*Every command needs your permission/);
    assert.match(text, /\*\*Network\*\*: Without a sandbox, a command that is allowed to run reaches whatever you can reach/);
  });
});

describe("a window", function () {
  this.timeout(LIMIT_MS);
  // What other tests have accepted would make the contracts of these green before any work.
  beforeEach(() => rmSync(path.join(windowFolder(), "greeting.txt"), { force: true }));
  afterEach(closeEditors);

  it("reviews a file of more than a megabyte", async () => {
    const task = await aHostTask({}, aPassingScript().generator(1, calls(WRITE_HELLO, runs("seq 1 250000 > big.txt"))));
    await run("runTask", { target: task.target });
    await task.until("taskPassed");
    await run("openChange", { target: { ...task.target, path: "big.txt" } });
    const input = await until("the diff is open", () => {
      const shown = window.tabGroups.activeTabGroup.activeTab?.input;
      return shown instanceof TabInputTextDiff ? shown : undefined;
    });
    const text = (await workspace.fs.readFile(input.modified)).toString();
    assert.ok(text === Array.from({ length: 250_000 }, (_, index) => `${index + 1}\n`).join(""), `${text.length} characters that are not the numbers`);
    await until("its text is shown", () => window.visibleTextEditors.some(({ document }) => document.uri.toString() === input.modified.toString() && document.lineCount === 250_001));
    await until("it is accepted", async () => {
      await run("acceptFile", { target: { ...task.target, path: "big.txt" } });
      return existsSync(path.join(windowFolder(), "big.txt"));
    });
    rmSync(path.join(windowFolder(), "big.txt"));
  });

  it("survives that its folder of tasks is removed while one runs: the run ends, and new tasks can be made", async () => {
    const task = await aHostTask({ category: "DISPATCH" }, aScript().singleAgent(calls(WRITE_HELLO, runs("sleep 60")), { text: "Done." }));
    await run("runTask", { target: task.target });
    await until("the agent's command runs", () => task.eventsOf("toolCalled").some(({ tool }) => tool === "run_command"));
    rmSync(path.join(windowFolder(), ".countersign"), { recursive: true, force: true });
    await run("cancelTask", { target: task.target });
    const next = await until("another task can be made", async () => {
      try {
        return await aHostTask({}, aPassingScript());
      } catch {
        // The journal is given up a moment after the run has ended.
        return undefined;
      }
    });
    // Nor has the window read the new one at once: what is asked for too early is refused in words.
    await until("it is run", async () => {
      if (next.eventsOf("runStarted").length > 0) return true;
      await run("runTask", { target: next.target });
      return false;
    });
    await until("it has passed", () => next.eventsOf("taskPassed").length === 1, RUN_LIMIT_MS).catch((error: unknown) => {
      throw new Error(`Its last event is ${JSON.stringify(next.events().at(-1))}.`, { cause: error });
    });
  });
});
