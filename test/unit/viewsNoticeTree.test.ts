// The Notifications tree as a user reads it, and what they have done with its lines.
import assert from "node:assert/strict";
import type { TaskId } from "../../src/core/domain/task";
import { NoticeMarks } from "../../src/vscode/views/noticeMarks";
import { NoticeTree } from "../../src/vscode/views/noticeTree";
import { SHOWN_NOTICES, commandFor } from "../../src/vscode/views/notices";
import { DeskHistory } from "../builders/deskHistory";
import { nodeAt, treeText } from "../builders/treeText";
import { MemoryMemento } from "../fakes/memoryMemento";

function aTree(memento = new MemoryMemento()): { readonly history: DeskHistory; readonly tree: NoticeTree; readonly marks: NoticeMarks; readonly review: TaskId } {
  const history = new DeskHistory();
  const review = history.inReview("Good");
  history.escalated("Hopeless");
  const marks = new NoticeMarks(memento);
  const now = Date.parse(history.desk.journal.at(-1)!.time);
  return { history, review, marks, tree: new NoticeTree({ opened: [history.desk], all: () => Promise.resolve([history.desk]) }, marks, () => now) };
}

const ROOT = "/home/ada/tally";

describe("NoticeTree", () => {
  it("lists what the user was told, newest first, and says what is new", async () => {
    assert.deepEqual(await treeText(aTree().tree), [`"Hopeless" needs you. | new · just now`, `"Good" is ready for your review. | new · 1 min ago`]);
  });

  it("takes for read what was opened, and what the task has left behind", async () => {
    const { tree, marks, history, review } = aTree();
    const escalation = await nodeAt(tree, `"Hopeless" needs you.`);
    await marks.markRead(ROOT, escalation.seq);
    history.add(review, { kind: "changesAccepted", result: { applied: ["a.js"], conflicts: [], before: "f00" }, remaining: [] });
    assert.deepEqual((await treeText(tree)).map((text) => text.split(" | ")[1]), ["just now", "1 min ago"]);
  });

  it("leaves out what was dismissed or cleared, in later windows too", async () => {
    const memento = new MemoryMemento();
    const { tree, marks } = aTree(memento);
    await marks.dismiss(ROOT, (await nodeAt(tree, `"Hopeless" needs you.`)).seq);
    assert.equal((await treeText(aTree(memento).tree)).length, 1);
    const { seq } = await nodeAt(tree, `"Good" is ready for your review.`);
    await new NoticeMarks(memento).clear(ROOT, seq);
    const { history, tree: later, review } = aTree(memento);
    assert.equal((await treeText(later)).length, 0);
    history.add(review, { kind: "notificationRaised", level: "warning", about: "budget", text: "Half is spent" });
    assert.deepEqual((await treeText(later)).map((text) => text.split(" | ")[0]), ["Half is spent"]);
  });

  it("is bounded", async () => {
    const { tree, history } = aTree();
    for (let index = 0; index < SHOWN_NOTICES; index += 1) {
      const task = history.created(`Task ${index}`);
      history.add(task, { kind: "notificationRaised", level: "info", about: "review", text: `Notice ${index}` });
    }
    assert.equal((await tree.children(null)).length, SHOWN_NOTICES);
  });

  it("reads the list again for a notice and for what settles one, and not while a task works", () => {
    const { tree, history, review } = aTree();
    const seen: unknown[] = [];
    history.desk.onChange((change) => seen.push(tree.changed(change)));
    history.add(review, { kind: "handoffWritten", file: "plan.md" }, { kind: "changesDiscarded" }, { kind: "notificationRaised", level: "info", text: "x" });
    assert.deepEqual(seen, [[], "all", "all"]);
  });
});

describe("NoticeMarks", () => {
  it("begins anew where something else was kept", () => {
    const memento = new MemoryMemento();
    for (const kept of [null, 7, { [ROOT]: "x" }, { [ROOT]: { clearedTo: "9", dismissed: ["1"], read: {} } }]) {
      memento.kept.set("countersign.notifications", JSON.stringify(kept));
      const marks = new NoticeMarks(memento);
      assert.deepEqual([marks.isDismissed(ROOT, 1), marks.isRead(ROOT, 1)], [false, false]);
    }
  });

  it("keeps a bounded number of marks, the latest", async () => {
    const memento = new MemoryMemento();
    const marks = new NoticeMarks(memento);
    for (let seq = 1; seq <= 600; seq += 1) await marks.dismiss(ROOT, seq);
    assert.deepEqual([marks.isDismissed(ROOT, 600), marks.isDismissed(ROOT, 1)], [true, false]);
    assert.ok((memento.kept.get("countersign.notifications") ?? "").length < 3000);
  });
});

describe("commandFor", () => {
  it("leads to the document that a notice is about, or to the task where there is none", () => {
    const all = ["plan.md", "qc-failure-report.md"];
    const command = (about: Parameters<typeof commandFor>[0]["about"], handoffs: readonly string[], status: Parameters<typeof commandFor>[1]["status"]): string => commandFor({ about }, { handoffs, status });
    assert.equal(command("review", all, "review"), "countersign.reviewChanges");
    assert.equal(command("review", all, "accepted"), "countersign.openTask");
    assert.equal(command("escalation", all, "escalated"), "countersign.openFailureReport");
    assert.equal(command("escalation", [], "escalated"), "countersign.openTask");
    assert.equal(command("approval", all, "awaiting_approval"), "countersign.openPlan");
    assert.equal(command("budget", all, "paused"), "countersign.openTask");
    assert.equal(command(null, all, "failed"), "countersign.openTask");
  });
});
