// The Tasks tree as a user reads it, and what a change makes it show anew.
import assert from "node:assert/strict";
import type { DeskChange } from "../../src/core/desk/taskDesk";
import type { TaskId } from "../../src/core/domain/task";
import { NO_FILTER, type TaskOrder } from "../../src/vscode/views/taskGroups";
import type { ShownDesk } from "../../src/vscode/views/deskShelf";
import type { TaskNode } from "../../src/vscode/views/taskNodes";
import { PAGE, TaskTree, type FolderInTrouble } from "../../src/vscode/views/taskTree";
import { DeskHistory } from "../builders/deskHistory";
import { nodeAt, treeText } from "../builders/treeText";
import { FakeDesk } from "../fakes/fakeDesk";

class Window {
  order: TaskOrder = { grouping: "category", filter: NO_FILTER };
  troubles: readonly FolderInTrouble[] = [];
  now = 0;
  readonly tree: TaskTree;

  constructor(readonly opened: readonly ShownDesk[]) {
    this.tree = new TaskTree(this, () => this.order, () => this.now || this.latest());
  }

  all(): Promise<readonly ShownDesk[]> {
    return Promise.resolve(this.opened);
  }

  group(grouping: TaskOrder["grouping"]): this {
    this.order = { ...this.order, grouping };
    this.tree.reorder();
    return this;
  }

  filter(filter: Partial<TaskOrder["filter"]>): this {
    this.order = { ...this.order, filter: { ...NO_FILTER, ...filter } };
    this.tree.reorder();
    return this;
  }

  private latest(): number {
    return Math.max(...this.opened.flatMap((desk) => desk.tasks().map((view) => Date.parse(view.updatedAt))));
  }
}

/** The labels of what changes concern. */
function refreshed(window: Window, desk: FakeDesk, work: () => void): readonly string[] | "all" {
  const nodes = new Set<TaskNode>();
  let isAll = false;
  const listening = desk.onChange((change: DeskChange) => {
    const changed = window.tree.changed(desk, change);
    if (changed === "all") isAll = true;
    else for (const node of changed) nodes.add(node);
  });
  work();
  listening.dispose();
  return isAll ? "all" : [...nodes].map((node) => window.tree.row(node).label);
}

describe("TaskTree", () => {
  it("groups by category: first what waits for the user, then what runs, the queue in its order, the rest newest first", async () => {
    const history = new DeskHistory();
    history.created("Old idea");
    history.queued("First", 1);
    history.queued("Second", 2);
    history.running("At work");
    history.inReview("Reviewed soon");
    history.created("New idea");
    history.created("By hand", "YOURS");
    const window = new Window([history.desk]);
    assert.deepEqual(await treeText(window.tree, 2), [
      "DISPATCH | 0",
      "PREP | 6",
      "  Reviewed soon | review · attempt 2 · $0.0600 · 2 min ago",
      "  At work | starting · 3 min",
      "  First | 1st in queue · 5 min ago",
      "  Second | 2nd in queue · 4 min ago",
      "  New idea | 1 min ago",
      "  Old idea | 6 min ago",
      "YOURS | 1",
      "  By hand | just now",
    ]);
  });

  it("groups by state, without empty groups", async () => {
    const history = new DeskHistory();
    history.created("Idea");
    history.inReview("Reviewed soon");
    const done = history.created("Done", "YOURS");
    history.add(done, { kind: "taskDone" });
    assert.deepEqual((await treeText(new Window([history.desk]).group("state").tree, 1)), ["Waiting for you | 1", "Not started | 1", "Accepted and done | 1"]);
  });

  it("groups by age in calendar days", async () => {
    const history = new DeskHistory();
    history.created("Idea");
    const window = new Window([history.desk]).group("age");
    for (const [days, name] of [[0, "Today"], [1, "Yesterday"], [3, "Last 7 days"], [12, "Last 30 days"], [90, "Older"]] as const) {
      window.now = Date.UTC(2026, 0, 5 + days, 12);
      window.tree.reorder();
      assert.deepEqual(await treeText(window.tree, 1), [`${name} | 1`]);
    }
  });

  it("shows one list without groups", async () => {
    const history = new DeskHistory();
    history.created("One");
    history.created("Two", "DISPATCH");
    assert.deepEqual((await treeText(new Window([history.desk]).group("none").tree, 1)).map((text) => text.split(" | ")[0]), ["Two", "One"]);
  });

  it("shows phases, contract, attempts, checks, issues and handoff files of a task", async () => {
    const history = new DeskHistory();
    const task = history.escalated("Hopeless");
    history.add(task, { kind: "phaseStarted", phase: "planning", attempt: 0, limitMs: 600_000 }, { kind: "phaseEnded", phase: "planning", attempt: 0, outcome: "completed", durationMs: 42_000 });
    const window = new Window([history.desk]);
    const node = await nodeAt(window.tree, "YOURS", "Hopeless");
    assert.deepEqual(await treeText(window.tree, 9, node), [
      "Planning | 42 s",
      "Sprint contract | 1 criterion · 1 check",
      "  node bin/tally.js fibonacci 10 | not run",
      "Attempt 1 | 40/100 · FAIL · 0/1 checks green · 1 file",
      "  node bin/tally.js fibonacci 10 | exit 1 · 120 ms",
      "  check K1 is red",
      "Attempt 2 | 40/100 · FAIL · 0/1 checks green · 1 file",
      "  node bin/tally.js fibonacci 10 | exit 1 · 120 ms",
      "  check K1 is red",
      "Handoff files | 1",
      "  plan.md",
    ]);
  });

  it("opens handoff files and outputs of checks where they lie", async () => {
    const history = new DeskHistory();
    history.inReview("Good");
    const { tree } = new Window([history.desk]);
    const file = await nodeAt(tree, "PREP", "Good", "Handoff files", "plan.md");
    assert.deepEqual(tree.row(file).click, { kind: "open", path: "/home/ada/tally/.countersign/plans/good/plan.md" });
    const check = await nodeAt(tree, "PREP", "Good", "Attempt 2", "node bin/tally.js fibonacci 10");
    assert.deepEqual(tree.row(check).click, { kind: "open", path: "/home/ada/tally/.countersign/plans/good/verification/attempt-1/K1.log" });
  });

  it("says what the menus may offer", async () => {
    const history = new DeskHistory();
    history.inReview("Good");
    const { tree } = new Window([history.desk]);
    const { context } = tree.row(await nodeAt(tree, "PREP", "Good"));
    assert.equal(context, "task status=review category=PREP can=review can=accept can=retry can=compare can=discard has=plan has=worktree");
  });

  it("says of a task whose command waits what it waits for, where it counts for the user, and offers to answer", async () => {
    const history = new DeskHistory();
    const task = history.running("At work");
    history.running("Beside it");
    const { tree } = new Window([history.desk]).group("state");
    const asked = { kind: "commandAsked", ask: 1, command: "make `all`", purpose: "agent", reason: "No entry covers it." } as const;
    history.add(task, asked);
    tree.reorder();
    const node = await nodeAt(tree, "Waiting for you", "At work");
    const row = tree.row(node);
    assert.deepEqual([row.description, row.icon], ["approve command · under a minute", { name: "shield", tone: "attention" }]);
    assert.match(row.context, /^task status=awaiting_command category=PREP can=answer can=cancel/);
    assert.match(tree.tooltip(node) ?? "", /Command waits for approval[^]*make `all`[^]*No entry covers it/);
    history.add(task, { ...asked, ask: 2 });
    assert.match(tree.row(node).description, /^approve 2 commands/);
    history.add(task, { kind: "commandWithdrawn", ask: 1 }, { kind: "commandWithdrawn", ask: 2 });
    tree.reorder();
    assert.equal(tree.row(await nodeAt(tree, "Running", "At work")).icon?.name, "loading~spin");
  });

  it("offers to go back to an attempt that passed, and says which one is in review", async () => {
    const history = new DeskHistory();
    const task = history.inReview("Good");
    history.add(task, { kind: "changesRequested", afterAttempt: 2, request: { text: "Shorter.", comments: [] } }, { kind: "attemptStarted", attempt: 3 }, { kind: "taskEscalated", reason: "1 attempt did not pass verification" });
    const { tree } = new Window([history.desk]);
    const [passed, last] = [await nodeAt(tree, "YOURS", "Good", "Attempt 2"), await nodeAt(tree, "YOURS", "Good", "Attempt 3")];
    assert.deepEqual([tree.row(passed).context, tree.row(last).context], ["attempt has=commit can=choose", "attempt"]);
    history.add(task, { kind: "attemptChosen", attempt: 2 });
    tree.reorder();
    assert.match(tree.row(await nodeAt(tree, "PREP", "Good")).description, /^review · attempt 2/);
    assert.deepEqual([tree.row(passed).context, tree.row(passed).description], ["attempt has=commit", "92/100 · PASS · in review · 1/1 checks green · 1 file"]);
  });

  it("marks interrupted tasks and what of them was cut off", async () => {
    const history = new DeskHistory();
    const task = history.running("Cut off");
    history.add(task, { kind: "phaseStarted", phase: "planning", attempt: 0, limitMs: 600_000 });
    history.desk.setRunning(task, false);
    const { tree } = new Window([history.desk]);
    assert.deepEqual((await treeText(tree, 3)).slice(1, 4), ["PREP | 1", "  Cut off | interrupted · just now", "    Planning | interrupted"]);
    assert.match(tree.row(await nodeAt(tree, "PREP", "Cut off")).context, /^task status=interrupted .*can=resume/);
  });

  it("shows several folders, and those that could not be opened", async () => {
    const [one, two] = [new DeskHistory(new FakeDesk("/home/ada/tally")), new DeskHistory(new FakeDesk("/home/ada/other"))];
    one.created("Here");
    two.created("There");
    const window = new Window([one.desk, two.desk]);
    window.troubles = [{ folder: { name: "broken", uri: { toString: () => "file:///broken" } }, message: "The journal is damaged." }];
    two.desk.setOwnership({ kind: "theirs", owner: "process 7 on ada" });
    assert.deepEqual(await treeText(window.tree, 1), ["broken | The journal is damaged.", "tally | 1", "other | read-only"]);
    assert.deepEqual(window.tree.row(await nodeAt(window.tree, "broken")).click, { kind: "command", command: "countersign.refresh", title: "Try Again", args: [] });
  });

  it("is empty without tasks, and where the filter leaves nothing", async () => {
    assert.deepEqual(await treeText(new Window([new FakeDesk()]).tree), []);
    const history = new DeskHistory();
    history.created("Idea");
    const window = new Window([history.desk]).filter({ text: "xyz" });
    assert.deepEqual([await treeText(window.tree), window.tree.counts], [[], { tasks: 1, shown: 0 }]);
  });

  it("filters by category, state and a part of the title, which it highlights", async () => {
    const history = new DeskHistory();
    history.inReview("Fix the parser");
    history.created("Fix the printer");
    history.created("A parser by hand", "YOURS");
    const window = new Window([history.desk]).filter({ text: "PARSER" });
    assert.deepEqual((await treeText(window.tree, 2)).map((text) => text.split(" | ")[0]), ["PREP", "  Fix the parser", "YOURS", "  A parser by hand"]);
    assert.deepEqual(window.tree.row(await nodeAt(window.tree, "PREP", "Fix the parser")).highlights, [[8, 14]]);
    assert.deepEqual((await treeText(window.filter({ states: ["waiting"] }).tree, 2)).length, 2);
    assert.deepEqual((await treeText(window.filter({ categories: ["YOURS"] }).tree, 1)), ["YOURS | 1"]);
  });

  it("shows long groups page by page", async () => {
    const history = new DeskHistory();
    for (let index = 0; index < PAGE + 5; index += 1) history.created(`Task ${index}`);
    const { tree } = new Window([history.desk]);
    const group = await nodeAt(tree, "PREP");
    assert.equal((await tree.children(group)).length, PAGE + 1);
    const more = await nodeAt(tree, "PREP", "Show more");
    assert.equal(tree.row(more).description, "200 of 205");
    const { click } = tree.row(more);
    assert.ok(click?.kind === "command");
    assert.deepEqual(tree.showMore((click.args[0] as { readonly list: string }).list), [group]);
    assert.equal((await tree.children(group)).length, PAGE + 5);
  });

  it("gives the same node for the same thing, whatever has happened since", async () => {
    const history = new DeskHistory();
    const task = history.created("Idea");
    const { tree } = new Window([history.desk]);
    const before = await nodeAt(tree, "PREP", "Idea");
    history.add(task, { kind: "categoryChanged", category: "YOURS", type: null, reason: "moved" });
    tree.reorder();
    assert.equal(await nodeAt(tree, "YOURS", "Idea"), before);
  });
});

describe("TaskTree.changed", () => {
  async function aWindow(): Promise<{ readonly history: DeskHistory; readonly window: Window; readonly ids: Readonly<Record<"work" | "one" | "two" | "idea", TaskId>> }> {
    const history = new DeskHistory();
    const ids = { work: history.running("At work"), one: history.queued("One", 1), two: history.queued("Two", 2), idea: history.created("Idea", "DISPATCH") };
    const window = new Window([history.desk]);
    await treeText(window.tree);
    return { history, window, ids };
  }

  it("concerns one task while it works", async () => {
    const { history, window, ids } = await aWindow();
    assert.deepEqual(refreshed(window, history.desk, () => history.add(ids.work, { kind: "phaseStarted", phase: "planning", attempt: 0, limitMs: 1 })), ["At work"]);
  });

  it("concerns a group where a task changes its place in it, and whoever moves up in the queue", async () => {
    const { history, window, ids } = await aWindow();
    const labels = refreshed(window, history.desk, () => history.add(ids.one, { kind: "runDequeued" }));
    assert.deepEqual(labels, ["PREP", "One", "Two"]);
    assert.equal(window.tree.row(await nodeAt(window.tree, "PREP", "Two")).description.split(" · ")[0], "1st in queue");
  });

  it("concerns both groups of a task that changes over", async () => {
    const { history, window, ids } = await aWindow();
    assert.deepEqual(refreshed(window, history.desk, () => history.add(ids.idea, { kind: "categoryChanged", category: "PREP", type: "multi_agent", reason: "moved" })), ["DISPATCH", "PREP", "Idea"]);
  });

  it("concerns the whole tree where groups come or go", async () => {
    const { history, window, ids } = await aWindow();
    window.group("state");
    await treeText(window.tree);
    assert.equal(refreshed(window, history.desk, () => history.add(ids.idea, { kind: "changesDiscarded" })), "all");
  });

  it("concerns a task whose run has ended after its last event", async () => {
    const { history, window, ids } = await aWindow();
    history.add(ids.work, { kind: "taskPaused", reason: "outOfBudget", detail: "$50 are spent" });
    assert.match(window.tree.row(await nodeAt(window.tree, "PREP", "At work")).context, /status=running .*can=cancel/);
    assert.deepEqual(refreshed(window, history.desk, () => history.desk.setRunning(ids.work, false)), ["PREP", "At work"]);
    assert.match(window.tree.row(await nodeAt(window.tree, "PREP", "At work")).context, /status=paused .*can=resume/);
  });

  it("concerns all where another process takes the journal, and nothing where this one does", async () => {
    const { history, window } = await aWindow();
    assert.deepEqual(refreshed(window, history.desk, () => history.desk.setOwnership({ kind: "ours" })), []);
    assert.equal(refreshed(window, history.desk, () => history.desk.setOwnership({ kind: "theirs", owner: "process 7" })), "all");
    assert.match(window.tree.row(await nodeAt(window.tree, "PREP", "One")).context, /^task status=inQueue category=PREP$/);
  });

  it("concerns what waits when the queue is no longer held", async () => {
    const { history, window, ids } = await aWindow();
    const { queue } = history.desk;
    queue.isHeld = true;
    history.desk.setRunning(ids.work, true);
    window.tree.changed(history.desk, { kind: "queue" });
    assert.match(window.tree.row(await nodeAt(window.tree, "PREP", "One")).context, /can=run/);
    queue.isHeld = false;
    assert.deepEqual(refreshed(window, history.desk, () => history.desk.setRunning(ids.work, true)), ["One", "Two"]);
    assert.doesNotMatch(window.tree.row(await nodeAt(window.tree, "PREP", "One")).context, /can=run/);
  });

  it("concerns nothing while text streams", async () => {
    const { history, window, ids } = await aWindow();
    const session = history.desk.task(ids.work)!.sessions[0]?.id ?? ("generator-1-0001" as never);
    assert.deepEqual(refreshed(window, history.desk, () => history.desk.live({ kind: "textStreamed", task: ids.work, session, text: "…" })), []);
  });
});
