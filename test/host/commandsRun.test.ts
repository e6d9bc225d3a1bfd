// What runs a task, ends it, goes on with it, and opens what it leaves. The work is real; only the models are scripts.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Range, TabInputText, TabInputWebview, Uri, commands, window, workspace } from "vscode";
import { aFail, answers, aPassingScript, aPassOfRequests, aScript, calls, runs, WRITE_HELLO, writes } from "../builders/scriptBuilder";
import { Repo } from "../builders/repoBuilder";
import { until } from "../editor/until";
import { uriOf } from "../../src/vscode/review/attemptDocument";
import { aHostTask, run, windowFolder, type HostTask } from "./hostTasks";
import { closeEditors } from "./reviewedTask";

const LIMIT_MS = 60_000;

describe("the commands of a task", function () {
  this.timeout(LIMIT_MS);
  afterEach(closeEditors);

  /** One that has passed and waits for its review. */
  async function inReview(script = aPassingScript()): Promise<HostTask> {
    const task = await aHostTask({}, script);
    await run("runTask", { target: task.target });
    await task.until("taskPassed");
    return task;
  }

  /** One whose agent runs a command until it is cancelled. */
  async function atWork(): Promise<HostTask> {
    const task = await aHostTask({ category: "DISPATCH" }, aScript().singleAgent(calls(WRITE_HELLO, runs("sleep 60")), { text: "Done." }));
    await run("runTask", { target: task.target });
    await until("the agent's command runs", () => task.eventsOf("toolCalled").some(({ tool }) => tool === "run_command"));
    return task;
  }

  it("countersign.runTask runs a task to its review, in a worktree of its own", async () => {
    const status = new Repo(windowFolder()).git("status", "--porcelain", "--", "greeting.txt");
    const task = await inReview();
    assert.deepEqual(task.eventsOf("attemptAccepted").map(({ attempt }) => attempt), [1]);
    assert.equal(new Repo(windowFolder()).git("status", "--porcelain", "--", "greeting.txt"), status);
  });

  it("countersign.newTask runs what it creates where that is said", async () => {
    const task = await aHostTask({ run: true });
    await task.until("taskPassed");
  });

  it("countersign.runTask refuses what has ended, and says so", async () => {
    const task = await inReview();
    assert.equal(await run("runTask", { target: task.target }), undefined);
    assert.equal(task.eventsOf("runStarted").length, 1);
  });

  it("countersign.cancelTask ends a run and keeps its work; countersign.resumeTask goes on with it", async () => {
    const task = await atWork();
    assert.equal(await run("cancelTask", { target: task.target }), true);
    assert.equal(task.eventsOf("taskCancelled").length, 1);
    const branch = task.eventsOf("baseSnapshotted")[0]?.base.branch ?? "";
    assert.equal(new Repo(windowFolder()).git("show", `${branch}:greeting.txt`), "hello");
    assert.equal(await run("resumeTask", { target: task.target }), true);
    await task.until("taskPassed");
    assert.equal(task.eventsOf("runStarted").at(-1)?.resumed, true);
  });

  it("countersign.resumeTask raises the budget that a task has reached, where that is said", async () => {
    const settings = workspace.getConfiguration("countersign");
    try {
      await settings.update("budget.taskUsd", 0.000_001, true);
      const task = await aHostTask();
      await run("runTask", { target: task.target });
      await task.until("taskPaused");
      assert.equal(task.eventsOf("taskPaused")[0]?.reason, "outOfBudget");
      assert.equal(await run("resumeTask", { target: task.target, budgetUsd: 25 }), true);
      await task.until("taskPassed");
      assert.equal(workspace.getConfiguration("countersign").get("budget.taskUsd"), 25);
    } finally {
      await settings.update("budget.taskUsd", undefined, true);
    }
  });

  it("countersign.retryTask begins another attempt with the feedback, word for word, and the comments on lines", async () => {
    const script = aPassingScript().generator(2, calls(writes("greeting.txt", "hello\n"), writes("more.txt", "more\n"))).evaluator(2, answers(aPassOfRequests(2)));
    const task = await inReview(script);
    const commit = task.eventsOf("attemptCommitted")[0]?.commit ?? "";
    const uri = uriOf({ ...task.target, side: "attempt", attempt: 1, commit, path: "greeting.txt", version: "attempt 1" });
    await commands.executeCommand("countersign.addComment", { thread: { uri, range: new Range(0, 0, 0, 0), comments: [], dispose: () => undefined }, text: "Whom?" });
    assert.equal(await run("retryTask", { target: task.target, text: "Write more, too." }), true);
    await task.until("taskPassed", 2);
    assert.deepEqual(task.eventsOf("changesRequested").map(({ request }) => [request.text, request.comments.map(({ path, text, quote }) => [path, text, quote])]), [["Write more, too.", [["greeting.txt", "Whom?", "hello"]]]]);
    assert.deepEqual(task.eventsOf("attemptCommitted").at(-1)?.files.map(({ path }) => path), ["greeting.txt", "more.txt"]);
  });

  describe("countersign.approvePlan", () => {
    const plan = (task: HostTask): string => task.file("plan.md");
    const openFiles = (): readonly string[] => window.tabGroups.all.flatMap(({ tabs }) => tabs).flatMap(({ input }) => (input instanceof TabInputText ? input.uri.fsPath : []));

    async function waiting(): Promise<HostTask> {
      const task = await aHostTask({ approvePlan: true });
      await run("runTask", { target: task.target });
      await task.until("taskPaused");
      return task;
    }

    it("shows the plan first, and takes it the second time with what the person has edited", async () => {
      const task = await waiting();
      assert.equal(await run("approvePlan", { target: task.target }), false);
      assert.deepEqual(openFiles(), [plan(task)]);
      const editor = window.activeTextEditor;
      assert.equal(editor?.document.uri.fsPath, plan(task));
      const line = editor.document.getText().split("\n").findIndex((text) => text.includes("Look at it"));
      await editor.edit((edit) => edit.insert(editor.document.lineAt(line).range.end, " twice"));
      assert.equal(editor.document.isDirty, true);
      assert.equal(await run("approvePlan", { target: task.target }), true);
      await task.until("taskPassed");
      assert.deepEqual(task.eventsOf("planProposed").at(-1)?.plan.steps, ["Write greeting.txt", "Look at it twice"]);
    });

    it("says what is wrong with an edited plan, and waits again", async () => {
      const task = await waiting();
      const text = readFileSync(plan(task), "utf8");
      writeFileSync(plan(task), text.replace("kind: change", "kind: wish"));
      assert.equal(await run("approvePlan", { target: task.target, approve: true }), true);
      await task.until("taskPaused", 2);
      assert.match(task.eventsOf("taskPaused").at(-1)?.detail ?? "", /cannot be taken as it stands: .*kind/);
      assert.equal(task.eventsOf("planApproved").length, 0);
      writeFileSync(plan(task), text);
      await run("approvePlan", { target: task.target, approve: true });
      await task.until("taskPassed");
    });
  });

  describe("what a task leaves", () => {
    let passed: HostTask;
    let failed: HostTask;

    before(async () => {
      await workspace.getConfiguration("countersign").update("maxRetries", 0, true);
      failed = await aHostTask({}, aPassingScript().generator(1, calls(writes("greeting.txt", "hullo\n"))).evaluator(1, answers(aFail())));
      await run("runTask", { target: failed.target });
      await failed.until("taskEscalated");
      await workspace.getConfiguration("countersign").update("maxRetries", undefined, true);
      passed = await inReview();
    });

    const FILES = [
      ["openPlan", "plan.md"],
      ["openSelfEvaluation", "self-eval.md"],
      ["openQaReport", "qa-report.md"],
      ["openFailureReport", "qc-failure-report.md"],
    ] as const;
    for (const [name, file] of FILES) {
      it(`countersign.${name} shows ${file}, as text where that is said`, async () => {
        const { target } = name === "openFailureReport" ? failed : passed;
        assert.equal(await run(name, { target, as: "text" }), true);
        assert.equal(window.activeTextEditor?.document.uri.fsPath, (name === "openFailureReport" ? failed : passed).file(file));
        await closeEditors();
        assert.equal(await run(name, { target }), true);
        await until("the preview is open", () => window.tabGroups.activeTabGroup.activeTab?.input instanceof TabInputWebview);
        assert.match(window.tabGroups.activeTabGroup.activeTab?.label ?? "", new RegExp(file.replace(".", "\\.")));
      });
    }

    it("countersign.openFailureReport opens nothing where there is none", async () => {
      assert.equal(await run("openFailureReport", { target: passed.target }), undefined);
      assert.equal(window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 0);
    });

    it("countersign.openWorktree names the folder in which the work is", async () => {
      const folder = await run<string>("openWorktree", { target: passed.target, open: false });
      assert.equal(readFileSync(Uri.joinPath(Uri.file(folder), "greeting.txt").fsPath, "utf8"), "hello\n");
    });

    it("countersign.cleanUpWorktrees frees their folders, and a task goes on all the same", async () => {
      const folder = await run<string>("openWorktree", { target: passed.target, open: false });
      const freed = await run<number>("cleanUpWorktrees", { tasks: [passed.id] });
      assert.ok(freed > 0);
      assert.equal(existsSync(folder), false);
      assert.equal(await run("openWorktree", { target: passed.target, open: false }), undefined);
      await run("acceptAll", passed.target);
      await passed.until("changesAccepted");
      // Other tests want the folder as it was: their checks would be green before any work.
      await run("undoAccept", passed.target);
      await passed.until("acceptUndone");
    });

    it("countersign.markDone ends an escalated task that a person has done", async () => {
      assert.equal(await run("markDone", { target: failed.target }), true);
      assert.equal(failed.eventsOf("taskDone").length, 1);
    });
  });

  it("countersign.discardTask gives work up with its worktree and branch", async () => {
    const task = await inReview();
    const base = task.eventsOf("baseSnapshotted")[0]?.base;
    assert.equal(await run("discardTask", { target: task.target, confirm: false }), true);
    assert.equal(task.eventsOf("changesDiscarded").length, 1);
    assert.equal(existsSync(base?.worktree ?? ""), false);
    assert.throws(() => new Repo(windowFolder()).git("rev-parse", "--verify", "--quiet", base?.branch ?? ""));
  });

  it("countersign.discardTask asks nothing where there is no work", async () => {
    const task = await aHostTask();
    assert.equal(await run("discardTask", { target: task.target }), true);
    assert.equal(task.eventsOf("changesDiscarded").length, 1);
  });

  it("countersign.markDone ends a task that is YOURS", async () => {
    const task = await aHostTask({ category: "YOURS" });
    assert.equal(await run("runTask", { target: task.target }), undefined);
    assert.equal(await run("markDone", { target: task.target }), true);
    assert.equal(task.eventsOf("taskDone").length, 1);
  });

  describe("help", () => {
    it("countersign.openSettings, openWalkthrough and showLog open what they say", async () => {
      await run("openSettings", { query: "budget" });
      await until("the settings are open", () => window.tabGroups.activeTabGroup.activeTab?.label === "Settings");
      await closeEditors();
      await run("openWalkthrough");
      await until(`the walkthrough is open, not ${window.tabGroups.activeTabGroup.activeTab?.label ?? "nothing"}`, () => /Walkthrough|Get Started|Welcome/i.test(window.tabGroups.activeTabGroup.activeTab?.label ?? ""));
      await closeEditors();
      await run("showLog");
      await until("the log is shown", () => window.visibleTextEditors.some(({ document }) => document.uri.scheme === "output" && /Countersign/.test(document.uri.path)));
      await commands.executeCommand("workbench.action.closePanel");
    });
  });
});
