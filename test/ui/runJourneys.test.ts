// What happens to a run around its middle: a cancel, a reloaded window, a second window, and the end of its attempts.
import assert from "node:assert/strict";
import { SAMPLE_TITLE, journeyWorkspace } from "../builders/journeyScript";
import { RUN_LIMIT_MS, eventsOf, happens, journalOf } from "./taskJournal";
import type { EditorWindow } from "./editorWindow";
import { useWorkbench } from "./workbench";

/** By the steps of New Task, taking what each offers first. */
async function newTask(window: EditorWindow, title: string): Promise<void> {
  await window.runCommand("Countersign: New Task…");
  await window.type(title, "New Task");
  await window.accept();
  for (const asked of ["How shall it be done?", "Which checks suit it?", "Files that matter"]) {
    await window.asksFor(asked);
    await window.accept();
  }
  await window.pick("Create and run");
}

describe("a run that is disturbed", function () {
  this.timeout(4 * RUN_LIMIT_MS);
  const workbench = useWorkbench({ workspace: (folder) => journeyWorkspace(folder) });

  it("ends when it is cancelled, and goes on when it is resumed", async () => {
    const { window, opened } = workbench();
    await window.openContainer("Countersign");
    await newTask(window, SAMPLE_TITLE);
    await happens(opened, "planProposed");
    await window.runCommand("Countersign: Cancel");
    await happens(opened, "taskCancelled");
    await window.runCommand("Countersign: Resume");
    await happens(opened, "runStarted", 2);
    assert.equal(eventsOf(opened, "planProposed").length, 1, "the plan is not made twice");
  });

  it("is followed read-only by a second window, which says so", async () => {
    const { window, opened } = workbench();
    await happens(opened, "contractFrozen");
    const second = await workbench().openWindow();
    await second.openContainer("Countersign");
    await second.treeItem("Tasks", SAMPLE_TITLE).waitFor();
    await second.view("Tasks").getByText(/Read-only/).waitFor();
    await second.page.close();
    await window.treeItem("Tasks", SAMPLE_TITLE).waitFor();
  });

  it("outlives a reload of its window: it is offered again, and comes to its end", async () => {
    const { window, opened } = workbench();
    await happens(opened, "attemptStarted");
    await window.reload();
    await window.answerNotification(/interrupted/, "Resume");
    await happens(opened, "taskPassed");
    const order = journalOf(opened).map((event) => event.seq);
    assert.deepEqual(order, order.map((_, index) => index + 1), "no event is lost or written twice");
    assert.equal(eventsOf(opened, "taskCreated").length, 1);
    assert.equal(eventsOf(opened, "taskCancelled").length, 1, "a reload is no cancel");
    await window.openContainer("Countersign");
    await window.treeItem("Review", SAMPLE_TITLE).waitFor();
  });
});

describe("a task whose attempts are used up", function () {
  this.timeout(4 * RUN_LIMIT_MS);
  const workbench = useWorkbench({ workspace: (folder) => journeyWorkspace(folder, { settings: { "countersign.maxRetries": 0 }, answersIn: 2 }) });

  it("is escalated: it becomes the user's, with a report of what was tried", async () => {
    const { window, opened } = workbench();
    await window.openContainer("Countersign");
    await newTask(window, SAMPLE_TITLE);
    await happens(opened, "taskEscalated");
    await window.answerNotification(/needs you/, "Open Failure Report");
    await window.tab(/qc-failure-report/).waitFor();
    await window.statusBarItem(/Countersign|1/).waitFor();
    assert.equal(eventsOf(opened, "attemptRejected").length, 1);
  });

  it("goes on where the user says how, and passes", async () => {
    const { window, opened } = workbench();
    await window.runCommand("Countersign: Retry with Feedback…");
    await window.type("Compute with BigInt: doubles are not exact.", "Retry with Feedback");
    await window.accept();
    await happens(opened, "taskPassed");
    assert.equal(eventsOf(opened, "changesRequested")[0]?.request.text, "Compute with BigInt: doubles are not exact.");
  });
});

describe("an untrusted folder", function () {
  this.timeout(RUN_LIMIT_MS);
  const workbench = useWorkbench({ workspace: (folder) => journeyWorkspace(folder), trusted: false });

  it("is not read, and nothing of it is run", async () => {
    const { window, opened } = workbench();
    await window.openContainer("Countersign");
    await window.view("Tasks").getByText(/nothing runs before you trust it/).waitFor();
    assert.deepEqual(journalOf(opened), []);
  });
});
