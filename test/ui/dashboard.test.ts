// The dashboard in the real workbench: a run watched from its first event to the review, in the panel and in the view.
import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import { SAMPLE_TITLE, journeyWorkspace } from "../builders/journeyScript";
import { until } from "../editor/until";
import type { EditorWindow } from "./editorWindow";
import { RUN_LIMIT_MS, happens } from "./taskJournal";
import { useWorkbench } from "./workbench";

describe("the dashboard in the window", function () {
  this.timeout(3 * RUN_LIMIT_MS);
  const workbench = useWorkbench({ workspace: (folder) => journeyWorkspace(folder) });

  function panel(): Promise<Frame> {
    return workbench().window.webview('[data-place="panel"] .page');
  }

  async function newTask(window: EditorWindow): Promise<void> {
    await window.type(SAMPLE_TITLE, "New Task");
    await window.accept();
    for (const asked of ["How shall it be done?", "Which checks suit it?", "Files that matter"]) {
      await window.asksFor(asked);
      await window.accept();
    }
    await window.pick("Create and run");
  }

  it("starts a task by its own button, and shows it as it comes and runs", async () => {
    const { window, opened } = workbench();
    await window.openContainer("Countersign");
    await window.runCommand("Countersign: Open Dashboard");
    const page = await panel();
    await page.getByRole("button", { name: "New task" }).click();
    await newTask(window);
    await happens(opened, "runStarted");
    await page.getByRole("button", { name: new RegExp(`^${SAMPLE_TITLE}, `) }).click();
    await page.getByRole("heading", { name: "Now" }).waitFor();
    await window.tab(SAMPLE_TITLE).waitFor();
  });

  it("follows the run to its review, attempt by attempt", async () => {
    const { opened } = workbench();
    const page = await panel();
    await page.getByRole("button", { name: /^Attempt 1 FAIL/ }).waitFor({ timeout: RUN_LIMIT_MS });
    await happens(opened, "taskPassed");
    await page.locator(".state-badge", { hasText: "Ready for review" }).waitFor();
    await page.getByRole("button", { name: /^Attempt 2 PASS/ }).waitFor();
    await page.getByRole("img", { name: /^Score by attempt: attempt 1: \d+, attempt 2: \d+/ }).locator("canvas").waitFor();
  });

  it("opens what it names: a check's output, a document, the review", async () => {
    const { window } = workbench();
    const page = await panel();
    await page.locator(".check").first().getByRole("button").first().click();
    await page.getByRole("region", { name: "Output of K1" }).getByText("55", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Plan", exact: true }).click();
    await window.tab(/plan\.md/).waitFor();
    await window.tab(SAMPLE_TITLE).click();
    await (await panel()).getByRole("button", { name: "Review changes" }).click();
    await window.tab(new RegExp(`^${SAMPLE_TITLE} · attempt 2`)).waitFor();
  });

  it("is as it was when its panel is shown again, and after the window was reloaded", async () => {
    const { window } = workbench();
    await window.tab(SAMPLE_TITLE).click();
    const page = await panel();
    await page.getByRole("region", { name: "Output of K1" }).waitFor();
    await page.getByRole("tab", { name: "Activity" }).click();
    await page.getByText("Passed, in review").waitFor();
    await window.tab(/plan\.md/).click();
    await window.tab(SAMPLE_TITLE).click();
    await (await panel()).getByText("Passed, in review").waitFor();
    // By its own command VS Code has the time to keep what is open; a browser that is reloaded gives it none.
    await Promise.all([window.page.waitForEvent("load"), window.runCommand("Developer: Reload Window")]);
    const again = await until("the panel is back", () => panel().catch(() => undefined), RUN_LIMIT_MS);
    await again.getByText("Passed, in review").waitFor({ timeout: RUN_LIMIT_MS });
    await again.locator(".state-badge", { hasText: "Ready for review" }).waitFor();
  });

  it("stands in the panel below the editors, too, with the same tasks", async () => {
    const { window } = workbench();
    await window.runCommand("Countersign: Focus on Dashboard View");
    const view = await window.webview('[data-place="view"] .task-row');
    assert.match(await view.locator(".task-row").first().innerText(), new RegExp(SAMPLE_TITLE));
    await view.locator(".task-row").first().click();
    await view.getByRole("button", { name: "Review changes" }).waitFor();
    await until("both show the task", async () => (await (await panel()).locator(".state-badge").innerText()).includes("Ready"));
  });
});
