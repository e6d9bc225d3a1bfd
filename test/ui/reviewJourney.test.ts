// The way of a task as its user goes it: from New Task over a red check to a review, back to the agents with a comment and
// a rejected hunk, and into the working tree.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { ANSWERED_COMMENT, SAMPLE_TITLE, journeyWorkspace } from "../builders/journeyScript";
import { RUN_LIMIT_MS, eventsOf, happens } from "./taskJournal";
import { useWorkbench } from "./workbench";

const FIBONACCI = "src/commands/fibonacci.js";

describe("a task, from the first word to the accepted diff", function () {
  this.timeout(4 * RUN_LIMIT_MS);
  // A step stands on those before it: it cannot be gone twice.
  this.retries(0);
  const workbench = useWorkbench({ workspace: (folder) => journeyWorkspace(folder), settings: { "diffEditor.codeLens": true } });

  it("is created step by step, and run", async () => {
    const { window, opened } = workbench();
    await window.openContainer("Countersign");
    await window.runCommand("Countersign: New Task…");
    await window.type(SAMPLE_TITLE, "New Task");
    await window.accept();
    await window.asksFor("How shall it be done?");
    await window.accept();
    await window.asksFor("Which checks suit it?");
    await window.accept();
    await window.asksFor("Files that matter");
    await window.accept();
    await window.pick("Create and run");
    await happens(opened, "runStarted");
    await window.treeItem("Tasks", SAMPLE_TITLE).waitFor();
    const [created] = eventsOf(opened, "taskCreated");
    assert.equal(created?.request.category, "PREP");
  });

  it("shows its plan while it is being worked on", async () => {
    const { window, opened } = workbench();
    await happens(opened, "contractFrozen");
    await window.runCommand("Countersign: Open Plan");
    await window.tab(/plan\.md/).waitFor();
  });

  it("fails its checks once, passes on the second attempt, and tells so", async () => {
    const { window, opened } = workbench();
    await happens(opened, "taskPassed");
    assert.equal(eventsOf(opened, "attemptRejected").length, 1);
    assert.ok(eventsOf(opened, "checkFinished").some(({ result, where }) => where.site === "attempt" && where.attempt === 1 && !result.green));
    await window.notification(/ready for your review/).waitFor();
    await window.treeItem("Review", SAMPLE_TITLE).waitFor();
    assert.ok(!existsSync(workbench().file(FIBONACCI)), "nothing is in the user's tree before it is accepted");
  });

  it("shows all changes in one editor, and each file in a diff of its own", async () => {
    const { window } = workbench();
    await window.answerNotification(/ready for your review/, "Review");
    await window.tab(new RegExp(SAMPLE_TITLE)).waitFor();
    await window.expand(window.treeItem("Review", SAMPLE_TITLE));
    await window.treeItem("Review", "README.md").click();
    await window.tab(/README\.md/).waitFor();
    await window.editorShows("tally fibonacci N");
  });

  it("takes the rejection of a hunk", async () => {
    const { window, opened } = workbench();
    await window.runCommand("Countersign: Reject Hunk");
    await happens(opened, "hunksDecided");
    const [decided] = eventsOf(opened, "hunksDecided");
    assert.deepEqual([decided?.path, decided?.accepted, decided?.rejected.length], ["README.md", [], 1]);
  });

  it("goes back with a comment, and comes again with what was asked for", async () => {
    const { window, opened } = workbench();
    await window.runCommand("Countersign: Request Changes…");
    await window.type("Say why a list ends at 5,000 numbers.", "Request changes");
    await window.accept();
    await happens(opened, "changesRequested");
    await happens(opened, "taskPassed", 2);
    assert.equal(eventsOf(opened, "attemptStarted").at(-1)?.attempt, 3);
    const transcript = eventsOf(opened, "sessionStarted").findLast((event) => event.role === "generator");
    assert.equal(transcript?.attempt, 3);
  });

  it("reaches the working tree when it is accepted, and leaves it when that is undone", async () => {
    const { window, opened } = workbench();
    const file = (name: string): string => workbench().file(name);
    // The command means what is looked at, and that is still the second attempt: the tree's row means the task.
    await window.inlineAction(window.treeItem("Review", SAMPLE_TITLE), "Accept All");
    await happens(opened, "changesAccepted");
    assert.ok(readFileSync(file(FIBONACCI), "utf8").includes(ANSWERED_COMMENT));
    assert.match(execFileSync("node", ["bin/tally.js", "fibonacci", "90"], { cwd: opened, encoding: "utf8" }), /2880067194370816120/);
    await window.notification(/Accepted “/).waitFor();
    await window.runCommand("Countersign: Undo Accept");
    await happens(opened, "acceptUndone");
    assert.ok(!existsSync(file(FIBONACCI)));
    await window.inlineAction(window.treeItem("Review", SAMPLE_TITLE), "Accept All");
    await happens(opened, "changesAccepted", 2);
    assert.ok(existsSync(file(FIBONACCI)));
  });
});
