// The dashboard's page in a real browser, fed by the extension's own feed: what it shows and what it answers to. VS Code
// itself is stood in for; test/ui/dashboard.test.ts has the real one.
import assert from "node:assert/strict";
import type { TaskId } from "../../src/core/domain/task";
import { OVERVIEW, REF, ROOT, TASK, addTask, deskWithTasks, reviewedDesk, runningDesk } from "../builders/dashboardDesks";
import { SAMPLES } from "../builders/eventBuilder";
import { RECORDED_TASK } from "../builders/recordedRun";
import { until } from "../editor/until";
import { FakeDesk, FakeSource } from "../fakes/fakeDesk";
import { elements, isAtEnd, scrollTo, text, usePages } from "./usePages";

describe("the dashboard's page", () => {
  const open = usePages();

  describe("of a task", () => {
    it("shows where it stands, what its attempts came to, and what it cost", async () => {
      const { page } = await open(reviewedDesk(), TASK);
      await page.getByRole("heading", { level: 1, name: "Add a Fibonacci command" }).waitFor();
      assert.equal(await text(page.locator(".state-badge")), "Ready for review");
      assert.deepEqual(await page.locator(".span-name").evaluateAll((found) => found.map((one) => (one as { readonly title: string }).title)), ["Planning", "Contract", "Implementation", "Verification", "Implementation, attempt 2", "Verification, attempt 2"]);
      assert.match(await text(page.locator(".span.rejected .span-name")), /^Verification ?, rejected$/);
      assert.match(await text(page.locator(".attempt").nth(0)), /^Attempt 2 PASS score 96\/100 11\/11 checks green 4 files \+72 −2/);
      assert.match(await text(page.locator(".attempt").nth(1)), /^Attempt 1 FAIL score 62\/100 9\/11 checks green/);
      assert.equal(await page.locator(".attempt").nth(0).locator(".check").count(), 11);
      assert.match(await text(page.locator(".side-column")), /\$0\.25 of \$50\.00.*By role.*Planner \$0\.0452.*By phase.*Fresh input.*Cache write, 5 min.*Cache write, 1 h.*Cache read.*Output/);
      await page.getByRole("meter", { name: "Budget" }).waitFor();
      await page.getByRole("img", { name: "Score by attempt: attempt 1: 62, attempt 2: 96. 80 passes." }).locator("canvas").waitFor();
    });

    it("opens a failed attempt: red checks with their reason, the output on demand, issues and required fixes", async () => {
      const at = await open(reviewedDesk(), TASK);
      const first = at.page.locator(".attempt").nth(1);
      await first.getByRole("button", { name: /Attempt 1/ }).click();
      const red = first.locator(".check.red").first();
      assert.match(await text(red), /^red K3 node bin\/tally\.js fibonacci 90 exit 0 70 ms the output does not match/);
      assert.deepEqual(at.of("output"), []);
      await red.getByRole("button").first().click();
      await red.getByText("2880067194370816000", { exact: true }).waitFor();
      assert.match(await text(first), /Why it did not pass.*The score 62 is below 80\..*Criteria not met.*Issues.*Required fixes/);
      await red.getByRole("button", { name: "Open the whole output" }).click();
      await until("it was asked for", () => at.of("openOutput").length > 0);
      assert.deepEqual(at.of("openOutput")[0], { kind: "openOutput", ref: REF, attempt: 1, check: "K3" });
    });

    it("has a button for each thing that can be done now, busy until it is done", async () => {
      const at = await open(reviewedDesk(), TASK);
      const actions = at.page.getByRole("group", { name: "What you can do now" });
      assert.deepEqual(await actions.getByRole("button").evaluateAll((found) => found.map((one) => (one as { readonly title: string; readonly textContent: string }).title || (one as { readonly textContent: string }).textContent)), ["Review changes", "Accept all", "Request changes", "Compare attempts", "Discard"]);
      const accept = actions.getByRole("button", { name: "Accept all" });
      await accept.click();
      await until("it says so", () => at.of("act").length === 1);
      const [asked] = at.of("act");
      assert.deepEqual(asked, { kind: "act", request: asked!.request, ref: REF, action: "accept", session: null });
      assert.equal(await accept.getAttribute("aria-disabled"), "true");
      at.tell({ kind: "acted", request: asked.request });
      await until("it can be pressed again", async () => (await accept.getAttribute("aria-disabled")) === "false");
      await actions.getByRole("button", { name: "Request changes" }).click();
      await until("it is asked for with comments", () => at.of("act").at(-1)?.action === "requestChanges");
    });

    it("opens documents, transcripts and diffs", async () => {
      const at = await open(reviewedDesk(), TASK);
      await at.page.getByRole("button", { name: "QA report" }).click();
      await at.page.getByRole("button", { name: "Transcript of Verification, attempt 2" }).click();
      await at.page.getByRole("button", { name: /fibonacci\.js/ }).first().click();
      await until("all three are asked for", () => at.of("openChange").length === 1);
      assert.equal(at.of("openDocument")[0]?.document, "qaReport");
      assert.match(at.of("act")[0]?.session ?? "", /^evaluator-2-/);
      assert.deepEqual(at.of("openChange")[0], { kind: "openChange", ref: REF, attempt: 2, path: "src/commands/fibonacci.js" });
    });

    it("shows what happens right now: the tool, the words, the end of the output", async () => {
      const { desk, session } = runningDesk();
      const { page } = await open(desk, TASK);
      await page.getByRole("heading", { name: "Now" }).waitFor();
      const seq = desk.journal.length + 1;
      desk.replay({ ...SAMPLES.toolCalled, seq, time: new Date().toISOString(), task: RECORDED_TASK, session, tool: "run_command", summary: "npm test" });
      desk.live({ kind: "textStreamed", task: RECORDED_TASK, session, text: "I run the tests." });
      for (let n = 1; n <= 2000; n += 1) desk.live({ kind: "outputStreamed", task: RECORDED_TASK, source: session, text: `ok ${n} - it works\n` });
      const live = page.locator(".live");
      await live.getByText("ok 2000 - it works").waitFor();
      assert.match(await text(live.locator(".doing")), /^run_command npm test \d+ s$/);
      assert.equal(await text(live.getByRole("region", { name: "What the model says" })), "I run the tests.");
      const output = live.getByRole("region", { name: "Output of the command" });
      assert.ok((await output.innerText()).length <= 6000, "only the end of it is kept");
      assert.equal(await output.evaluate(isAtEnd), true, "its end is in view");
    });

    it("tells a screen reader politely what has become of the task", async () => {
      const { desk } = runningDesk();
      const { page } = await open(desk, TASK);
      await page.locator(".state-badge", { hasText: "Running" }).waitFor();
      desk.replay({ ...SAMPLES.taskEscalated, seq: desk.journal.length + 1, time: new Date().toISOString(), task: RECORDED_TASK });
      desk.setRunning(RECORDED_TASK, false);
      await page.locator("[role=status][aria-live=polite]", { hasText: "Add a Fibonacci command: escalated" }).waitFor({ state: "attached" });
      await page.getByText("3 attempts failed").waitFor();
    });

    it("says that another window runs the task, and offers nothing that would fail", async () => {
      const { desk } = runningDesk();
      desk.setOwnership({ kind: "theirs", owner: "process 4711 on ada" });
      desk.setRunning(RECORDED_TASK, false);
      const { page } = await open(desk, TASK);
      await page.getByText("Another window runs tasks here.").waitFor();
      assert.equal(await page.getByRole("group", { name: "What you can do now" }).count(), 0);
      assert.equal(await text(page.locator(".state-badge")), "Running");
    });

    it("calls an interrupted task so, and offers to resume it first", async () => {
      const { desk } = runningDesk();
      desk.setRunning(RECORDED_TASK, false);
      const { page } = await open(desk, TASK);
      assert.equal(await text(page.locator(".state-badge")), "Interrupted");
      assert.equal(await text(page.locator("vscode-button:not([secondary])")), "Resume");
    });

    it("says so when the task is gone", async () => {
      const { page } = await open(reviewedDesk(), { kind: "task", root: ROOT, task: "gone-0000", tab: "progress" });
      await page.getByText("There is no such task in this workspace any more.").waitFor();
      await page.getByRole("button", { name: "All tasks" }).click();
      await page.getByRole("heading", { name: "Tasks" }).waitFor();
    });
  });

  describe("of all tasks", () => {
    it("puts what needs the user first, with cost per day, and opens a task", async () => {
      const desk = reviewedDesk();
      addTask(desk, "t-new", "Not begun");
      const at = await open(desk, OVERVIEW, { now: () => Date.parse("2026-11-21T20:00:00.000Z") });
      assert.deepEqual((await at.page.locator(".list-heading").allInnerTexts()).map((heading) => heading.replaceAll(/\s+/g, " ")), ["NEEDS YOU 1", "NOT STARTED 1"]);
      await at.page.getByRole("img", { name: /^Cost per day, 30 days: \$0\.25 in all/ }).locator("canvas").waitFor();
      assert.match(await text(at.page.locator(".figures")), /Today \$0\.25 alert at \$100\.00/);
      await at.page.getByRole("button", { name: /^Add a Fibonacci command, Ready for review, PREP, attempt 2 · 96, \$0\.25/ }).click();
      await at.page.getByRole("heading", { level: 1, name: "Add a Fibonacci command" }).waitFor();
      assert.deepEqual(at.of("navigate")[0]?.page, TASK);
    });

    it("narrows the list by words, state and category", async () => {
      const desk = deskWithTasks(30);
      desk.append("t-7" as TaskId, { ...SAMPLES.categoryChanged, category: "YOURS", type: null });
      desk.append("t-8" as TaskId, { kind: "runQueued", rank: 1 });
      const { page } = await open(desk, OVERVIEW);
      const titles = async (): Promise<readonly string[]> => page.locator(".row-title").allInnerTexts();
      await page.getByRole("combobox", { name: "Category" }).selectOption("YOURS");
      await until("one is left", async () => (await titles()).join() === "Task number 7");
      await page.getByRole("combobox", { name: "Category" }).selectOption("");
      await page.getByRole("combobox", { name: "State" }).selectOption("inQueue");
      await until("the queued one is left", async () => (await titles()).join() === "Task number 8");
      await page.getByRole("combobox", { name: "State" }).selectOption("");
      await page.getByRole("textbox", { name: "Filter tasks" }).fill("number 12");
      await until("the named one is left", async () => (await titles()).join() === "Task number 12");
      await page.getByRole("textbox", { name: "Filter tasks" }).fill("nothing of the kind");
      await page.getByRole("button", { name: "Clear filter" }).click();
      await page.getByText("30 tasks", { exact: true }).waitFor();
    });

    it("is moved through with the keyboard alone, and opened with Enter", async () => {
      const at = await open(deskWithTasks(200), OVERVIEW);
      const { page } = at;
      const focused = (): Promise<string | null> => page.evaluate("document.activeElement?.getAttribute('aria-label')");
      await page.locator(".task-row").first().focus();
      for (let n = 0; n < 3; n += 1) await page.keyboard.press("ArrowDown");
      await until("the fourth has the focus", async () => (await focused())?.startsWith("Task number 196") === true);
      await page.keyboard.press("End");
      await until("the last has the focus", async () => (await focused())?.startsWith("Task number 0") === true);
      await page.keyboard.press("Home");
      await until("the first has the focus", async () => (await focused())?.startsWith("Task number 199") === true);
      await scrollTo(page.locator(".virtual"), 3000);
      assert.equal(await focused().then((name) => name?.startsWith("Task number 199")), true, "scrolled out of view it keeps the focus");
      await page.keyboard.press("Enter");
      await until("it is opened", () => at.of("navigate").some(({ page: to }) => to.kind === "task" && to.task === "t-199"));
      await page.getByRole("tab", { name: "Progress" }).focus();
      await page.keyboard.press("ArrowRight");
      await until("the other tab is chosen and has the focus", async () => (await page.evaluate("document.activeElement?.id")) === "tab-head-activity");
      assert.equal(await page.getByRole("tab", { name: "Activity" }).getAttribute("aria-selected"), "true");
    });

    it("draws only rows in view, of thousands", async () => {
      const at = await open(deskWithTasks(3000), OVERVIEW);
      await at.page.getByText("3000 tasks", { exact: true }).waitFor();
      assert.ok((await elements(at)) < 1200, `${await elements(at)} elements`);
      await scrollTo(at.page.locator(".virtual"), 1e9);
      await at.page.getByText("Task number 0", { exact: true }).waitFor();
      assert.ok((await elements(at)) < 1200, `${await elements(at)} elements`);
    });

    it("leads on where there is nothing yet", async () => {
      const at = await open(new FakeDesk(ROOT), OVERVIEW);
      await at.page.getByRole("button", { name: "Run the sample task" }).click();
      await at.page.getByRole("button", { name: "New task" }).click();
      await until("both are asked for", () => at.of("actGlobally").length === 2);
      assert.deepEqual(at.of("actGlobally").map(({ action }) => action), ["runSample", "newTask"]);
    });

    it("says why nothing can be shown", async () => {
      const source = new FakeSource();
      source.shownPlace = "untrusted";
      const at = await open(new FakeDesk(ROOT), OVERVIEW, { source });
      await at.page.getByText("This workspace is not trusted: nothing runs in it.").waitFor();
      source.shownPlace = "open";
      source.shownTroubles = ["tally: the journal is damaged at line 3"];
      source.folders();
      await at.page.getByText("the journal is damaged at line 3").waitFor();
      await at.page.getByRole("button", { name: "Try again" }).click();
      await until("it is asked for", () => at.of("actGlobally").some(({ action }) => action === "retryFolders"));
    });
  });

  it("says once when it was painted", async () => {
    const at = await open(reviewedDesk(), TASK);
    await until("it says so", () => at.of("painted").length > 0);
    await at.page.getByRole("tab", { name: "Activity" }).click();
    await at.page.locator(".activity-line").first().waitFor();
    assert.equal(at.of("painted").length, 1);
    assert.ok((at.of("painted")[0]?.ms ?? 0) > 0);
  });
});
