// The trees, the status bar and the messages of a window that opens on tasks of earlier days.
import assert from "node:assert/strict";
import path from "node:path";
import { openJournal } from "../../src/adapters/store/fileJournal";
import { SystemClock } from "../../src/adapters/clock/systemClock";
import type { SessionId } from "../../src/core/domain/task";
import { DeskHistory } from "../builders/deskHistory";
import { writeJournal } from "../builders/journalOnDisk";
import { sampleWorkspace } from "../editor/sampleWorkspace";
import { until } from "../editor/until";
import { FakeDesk } from "../fakes/fakeDesk";
import { SilentLogger } from "../fakes/silentLogger";
import type { EditorWindow } from "./editorWindow";
import { useWorkbench } from "./workbench";

/** Tasks in every state that a closed window leaves. */
function tasksOfYesterday(folder: string): string {
  const repo = sampleWorkspace(path.join(folder, "tally"));
  const history = new DeskHistory(new FakeDesk(repo.dir), Date.now() - 3_600_000);
  history.created("Explain how numbers are parsed", "DISPATCH");
  history.created("Decide on a licence", "YOURS");
  history.inReview("Add a fibonacci command");
  history.escalated("Make the parser forgiving");
  const cutOff = history.running("Write a page about primes");
  history.add(cutOff, { kind: "sessionStarted", session: "planner-0-0009" as SessionId, role: "planner", phase: "planning", attempt: 0, model: "claude-opus-5-5" });
  history.queued("Add a lcm command", 1);
  history.queued("Rename gcd", 2);
  writeJournal(repo.dir, history.desk.journal);
  return repo.dir;
}

interface DrawnRow {
  getBoundingClientRect(): { readonly top: number };
  querySelector(selector: string): { readonly textContent: string } | null;
}

/** Labels and descriptions of a view's rows, from top to bottom. */
async function rows(window: EditorWindow, view: string): Promise<readonly string[]> {
  return window
    .view(view)
    .locator(".monaco-list-row")
    .evaluateAll((found) => {
      const drawn = (found as unknown as readonly DrawnRow[]).map((row) => ({
        top: row.getBoundingClientRect().top,
        text: [row.querySelector(".label-name"), row.querySelector(".label-description")].map((part) => part?.textContent ?? "").join(" ").trim(),
      }));
      return drawn.toSorted((a, b) => a.top - b.top).map(({ text }) => text);
    });
}

async function shows(window: EditorWindow, view: string, expected: readonly RegExp[]): Promise<void> {
  let seen: readonly string[] = [];
  const fits = async (): Promise<boolean> => {
    seen = await rows(window, view);
    return seen.length === expected.length && expected.every((pattern, index) => pattern.test(seen[index] ?? ""));
  };
  await until(`${view} shows ${expected.join(" ")}`, fits).catch((error: unknown) => {
    throw new Error(`${String(error)} It shows:\n${seen.join("\n")}`);
  });
}

describe("the side bar of a window with tasks", () => {
  const workbench = useWorkbench({ workspace: tasksOfYesterday, viewport: { width: 1440, height: 1100 } });

  it("offers to go on with what was cut off, and starts nothing by itself", async () => {
    const { window } = workbench();
    await window.openContainer("Countersign");
    await window.answerNotification(/"Write a page about primes" was interrupted .* 2 tasks wait in the queue\./, "Not Now");
  });

  it("lists tasks by category, what waits for the user first", async () => {
    await shows(workbench().window, "Tasks", [
      /^DISPATCH 1$/,
      /^Explain how numbers/,
      /^PREP 4$/,
      /^Write a page about primes interrupted/,
      /^Add a fibonacci command review · attempt 2/,
      /^Add a lcm command 1st in queue/,
      /^Rename gcd 2nd in queue/,
      /^YOURS 2$/,
      /^Make the parser forgiving escalated/,
      /^Decide on a licence/,
    ]);
  });

  it("counts what waits for the user on the activity bar and in the status bar", async () => {
    const { window } = workbench();
    assert.equal(await window.activityBarItem("Countersign").locator(".badge-content").innerText(), "3");
    await window.statusBarItem(/^\s*2\s+3(?:\s|$)/).waitFor();
  });

  it("moves a task up in the queue", async () => {
    const { window } = workbench();
    await window.contextMenu(window.treeItem("Tasks", "Rename gcd"), "Move Up in Queue");
    await until("it is first", async () => (await rows(window, "Tasks"))[5]?.startsWith("Rename gcd 1st in queue"));
  });

  it("moves a task by dragging it to another category", async () => {
    const { window } = workbench();
    await window.treeItem("Tasks", "Explain how numbers are parsed").dragTo(window.treeItem("Tasks", "YOURS"));
    await until("DISPATCH is empty", async () => (await rows(window, "Tasks"))[0] === "DISPATCH 0");
    await until("YOURS has three", async () => (await rows(window, "Tasks")).includes("YOURS 3"));
  });

  it("filters by a part of the title, says so, and shows all again", async () => {
    const { window } = workbench();
    await window.runCommand("Countersign: Filter Tasks…");
    await window.type("add a", "Tick categories");
    await window.accept();
    await shows(window, "Tasks", [/^PREP 2$/, /^Add a fibonacci command/, /^Add a lcm command/]);
    await window.view("Tasks").getByText('Title contains "add a". 2 of 7 tasks.').waitFor();
    await window.runCommand("Countersign: Clear Filter");
    await until("all are shown", async () => (await rows(window, "Tasks")).length === 10);
  });

  it("says where a filter leaves nothing, with the way out", async () => {
    const { window } = workbench();
    await window.runCommand("Countersign: Filter Tasks…");
    await window.type("nothing like it", "Tick categories");
    await window.accept();
    await window.view("Tasks").getByText("No task matches the filter.").waitFor();
    await window.view("Tasks").getByText("Clear Filter").click();
    await until("all are shown", async () => (await rows(window, "Tasks")).length === 10);
  });

  it("shows changed files in folders, and counts what is marked as reviewed", async () => {
    const { window } = workbench();
    await window.treeItem("Review", "fibonacci.js").locator(".monaco-checkbox, .custom-view-tree-node-item-checkbox").click();
    await shows(window, "Review", [/^Add a fibonacci command .*1 of 1 reviewed/, /^src\/commands$/, /^fibonacci\.js \+20 −0/]);
  });

  it("groups by state", async () => {
    const { window } = workbench();
    await window.runCommand("Countersign: Group Tasks By…");
    await window.pick("State");
    await until("states are groups", async () => (await rows(window, "Tasks"))[0] === "Waiting for you 3");
  });

  it("lists agent sessions by task, and calls one interrupted whose task was cut off", async () => {
    const { window } = workbench();
    await window.expand(window.treeItem("Agent Sessions", "Write a page about primes"));
    await window.treeItem("Agent Sessions", "Planner").waitFor();
    assert.match(await window.treeItem("Agent Sessions", "Planner").innerText(), /interrupted/);
  });

  it("lists notifications until they are dismissed or cleared", async () => {
    const { window } = workbench();
    await window.page.locator(".pane-header", { hasText: "Notifications" }).click();
    await shows(window, "Notifications", [/^"Make the parser forgiving" needs you\. new/, /^"Add a fibonacci command" is ready for your review\. new/]);
    await window.inlineAction(window.treeItem("Notifications", /needs you/), "Dismiss");
    await shows(window, "Notifications", [/^"Add a fibonacci command" is ready/]);
    await window.runCommand("Countersign: Clear All Notifications");
    await window.view("Notifications").getByText("No notifications.").waitFor();
  });

  it("opens a menu from the status bar with what waits and where to go", async () => {
    const { window } = workbench();
    await window.statusBarItem(/^\s*2\s+3(?:\s|$)/).click();
    await window.asksFor("Open a task, or choose what to do");
    assert.match(await window.quickInput.innerText(), /Make the parser forgiving[\s\S]*New Task…[\s\S]*Open Dashboard[\s\S]*Cost Report/);
    await window.page.keyboard.press("Escape");
  });

  // Last: a window that is loaded anew at once may not have kept yet what was done in it a moment ago.
  it("is grouped and marked as before after the window was loaded anew", async () => {
    const { window } = workbench();
    await window.reload();
    await window.openContainer("Countersign");
    await until("states are groups", async () => (await rows(window, "Tasks"))[0] === "Waiting for you 3");
    await until("what was reviewed is marked", async () => (await rows(window, "Review"))[0]?.includes("1 of 1 reviewed"));
    await window.answerNotification(/was interrupted/, "Not Now");
  });
});

describe("the side bar of a window that follows", () => {
  const workbench = useWorkbench({ workspace: tasksOfYesterday });

  it("says that another process runs the tasks, and offers nothing that would need the journal", async () => {
    const journal = await openJournal(workbench().file(".countersign/state"), { clock: new SystemClock(), logger: new SilentLogger() });
    const { window } = workbench();
    await window.openContainer("Countersign");
    await window.view("Tasks").getByText(/^Read-only: process \d+ on .+ runs the tasks of this folder\./).waitFor();
    await window.treeItem("Tasks", "Explain how numbers are parsed").hover();
    assert.equal(await window.treeItem("Tasks", "Explain how numbers are parsed").locator('.action-label[aria-label^="Run"]').count(), 0);
    await journal.close();
    await until("it is read-only no longer", async () => (await window.view("Tasks").getByText(/^Read-only/).count()) === 0);
    await window.treeItem("Tasks", "Explain how numbers are parsed").hover();
    await window.treeItem("Tasks", "Explain how numbers are parsed").locator('.action-label[aria-label^="Run"]').waitFor();
  });
});
