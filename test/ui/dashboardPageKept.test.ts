// The dashboard's page in a real browser: what it does with thousands of lines, what it keeps when it is hidden, and that
// everybody can use it.
import assert from "node:assert/strict";
import type { TaskId } from "../../src/core/domain/task";
import type { Page } from "../../src/shared/protocol";
import { ACTIVITY, OVERVIEW, TASK, deskWithTurns, reviewedDesk, runningDesk } from "../builders/dashboardDesks";
import { SAMPLES } from "../builders/eventBuilder";
import { RECORDED_TASK } from "../builders/recordedRun";
import { until } from "../editor/until";
import { FakeSource } from "../fakes/fakeDesk";
import { accessibilityProblems } from "./accessibility";
import { elements, scrollTo, topOf, usePages } from "./usePages";

/** Scrolled sideways, or with a button beyond the edge. */
const TOO_WIDE = `[
  ...[...document.querySelectorAll("*")].filter((one) => /auto|scroll/.test(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1),
  ...[...document.querySelectorAll("button, vscode-button, select")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1),
].map((one) => one.outerHTML.slice(0, 200))`;

describe("the dashboard's page, in the long run", () => {
  const open = usePages();

  describe("of a task's activity", () => {
    it("follows what happens while its end is in view, and stays where the user has scrolled to", async () => {
      const desk = deskWithTurns(300);
      const { page } = await open(desk, ACTIVITY);
      await page.getByText("Turn 300", { exact: true }).waitFor();
      desk.append(RECORDED_TASK, { ...SAMPLES.turnCompleted, turn: 301 });
      await page.getByText("Turn 301", { exact: true }).waitFor();
      await scrollTo(page.locator(".virtual"), 2000);
      await page.getByRole("button", { name: "Newest" }).waitFor();
      desk.append(RECORDED_TASK, { ...SAMPLES.turnCompleted, turn: 302 });
      await page.getByText("304 entries").waitFor();
      assert.equal(await topOf(page.locator(".virtual")), 2000);
      await page.getByRole("button", { name: "Newest" }).click();
      await page.getByText("Turn 302", { exact: true }).waitFor();
    });

    it("draws only lines in view of 5,000, and fetches the older ones as they are scrolled to, without a jump", async () => {
      const at = await open(deskWithTurns(5000), ACTIVITY);
      const { page } = at;
      await page.getByText("Turn 5000", { exact: true }).waitFor();
      await page.getByText("1000 entries, more above").waitFor();
      assert.ok((await elements(at)) < 900, `${await elements(at)} elements`);
      await scrollTo(page.locator(".virtual"), 400);
      await page.getByText("2000 entries, more above").waitFor();
      assert.equal(await topOf(page.locator(".virtual")), 400 + 1000 * 22, "what was in view still is");
      for (const entries of ["3000 entries", "4000 entries", "5000 entries"]) {
        await scrollTo(page.locator(".virtual"), 0);
        await page.getByText(entries).waitFor();
      }
      await scrollTo(page.locator(".virtual"), 0);
      await page.getByText("Task created", { exact: true }).waitFor();
      await page.getByText("5002 entries", { exact: true }).waitFor();
      assert.ok((await elements(at)) < 900, `${await elements(at)} elements`);
    });

    it("filters by kind, problems and words, in all that has happened", async () => {
      const desk = deskWithTurns(3000);
      desk.append(RECORDED_TASK, SAMPLES.modelRetried);
      const { page } = await open(desk, ACTIVITY);
      await page.getByRole("button", { name: "Problems only" }).click();
      await page.getByText("1 entry", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Problems only" }).click();
      await page.getByRole("button", { name: "Progress", pressed: false }).click();
      await page.getByText("2 entries", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Progress", pressed: true }).click();
      await page.getByRole("textbox", { name: "Filter activity" }).fill("turn 1700");
      await page.getByText("1 entry", { exact: true }).waitFor();
      await page.getByText("Turn 1700", { exact: true }).waitFor();
    });
  });

  describe("that is hidden and shown again", () => {
    it("is where it was, with what has happened since", async () => {
      const desk = reviewedDesk();
      const at = await open(desk, TASK, { height: 500 });
      const { page } = at;
      await page.locator(".attempt").nth(1).getByRole("button", { name: /Attempt 1/ }).click();
      await page.locator(".attempt").nth(1).locator(".check.red").first().getByRole("button").first().click();
      await scrollTo(page.locator(".scrolls"), 350);
      await until("the place is kept", () => page.evaluate<boolean>("Object.values(JSON.parse(sessionStorage.getItem('state')).scroll).includes(350)"));
      await at.hideAndShow(() => desk.replay({ ...SAMPLES.changesAccepted, seq: desk.journal.length + 1, time: new Date().toISOString(), task: RECORDED_TASK }));
      await page.locator(".state-badge", { hasText: "Accepted" }).waitFor();
      await page.getByText("2880067194370816000", { exact: true }).waitFor({ state: "attached" });
      assert.equal(await topOf(page.locator(".scrolls")), 350);
      assert.equal(at.of("ready").at(-1)?.has, null, "what it was born with is of the past");
    });

    it("keeps its page, its filters and how far its activity was read", async () => {
      const desk = deskWithTurns(100);
      const at = await open(desk, OVERVIEW);
      const { page } = at;
      await page.getByRole("textbox", { name: "Filter tasks" }).fill("fibonacci");
      await page.locator(".task-row").first().click();
      await page.getByRole("tab", { name: "Activity" }).click();
      await page.getByRole("textbox", { name: "Filter activity" }).fill("turn");
      await page.getByText("100 entries").waitFor();
      await until("they are kept", () => page.evaluate<boolean>("JSON.parse(sessionStorage.getItem('state')).activity.text === 'turn'"));
      await at.hideAndShow(() => desk.append(RECORDED_TASK, { ...SAMPLES.turnCompleted, turn: 101 }));
      await page.getByText("101 entries").waitFor();
      assert.equal(await page.getByRole("textbox", { name: "Filter activity" }).inputValue(), "turn");
      await page.getByRole("button", { name: "All tasks" }).click();
      assert.equal(await page.getByRole("textbox", { name: "Filter tasks" }).inputValue(), "fibonacci");
    });

    it("asks anew when a message was lost, once, and is right again", async () => {
      const { desk } = runningDesk();
      const at = await open(desk, TASK);
      await at.page.locator(".state-badge", { hasText: "Running" }).waitFor();
      let lost = 0;
      at.loses = (message) => message.kind === "delta" && lost++ === 0;
      desk.replay({ ...SAMPLES.taskEscalated, seq: desk.journal.length + 1, time: new Date().toISOString(), task: RECORDED_TASK });
      desk.setRunning(RECORDED_TASK, false);
      await until("one is lost", () => lost > 0);
      desk.append("t-other" as TaskId, SAMPLES.taskCreated);
      await at.page.locator(".state-badge", { hasText: "Escalated" }).waitFor();
      assert.equal(at.of("resync").length, 1);
    });
  });

  describe("for everybody", () => {
    for (const theme of ["light", "dark", "highContrast"] as const) {
      it(`has a name for everything that can be used, and roles that fit, in ${theme}`, async () => {
        const { desk } = runningDesk();
        const source = new FakeSource(desk);
        const pages: readonly [Page, string][] = [[TASK, ".columns"], [ACTIVITY, ".activity-line"], [OVERVIEW, ".task-row"]];
        const at = await open(desk, OVERVIEW, { theme, source });
        for (const [page, shows] of pages) {
          await at.load(page);
          await at.page.locator(shows).first().waitFor();
          assert.deepEqual(await accessibilityProblems(at.page), [], page.kind);
        }
      });
    }

    it("can be read at the width of a side bar, without scrolling sideways", async () => {
      const at = await open(reviewedDesk(), TASK, { width: 300, height: 700 });
      for (const [page, shows] of [[TASK, ".attempt"], [ACTIVITY, ".activity-line"], [OVERVIEW, ".task-row"]] as const) {
        await at.load(page);
        await at.page.locator(shows).first().waitFor();
        assert.deepEqual(await at.page.evaluate<readonly string[]>(TOO_WIDE), [], page.kind);
      }
    });

    it("stands still for those who want it so", async () => {
      const { desk } = runningDesk();
      const { page } = await open(desk, TASK);
      await page.locator(".codicon-modifier-spin").first().waitFor();
      const moving = await page.evaluate<number>("document.getAnimations().filter((one) => one.playState === 'running' && one.effect.getComputedTiming().duration > 0).length");
      assert.equal(moving, 0);
    });

    it("shows which element has the focus", async () => {
      const { page } = await open(reviewedDesk(), TASK);
      for (const name of ["All tasks", "Plan", "Transcript of Planning"]) {
        const button = page.getByRole("button", { name, exact: true });
        await button.focus();
        await page.keyboard.press("Shift+Tab");
        await page.keyboard.press("Tab");
        assert.notEqual(await button.evaluate("(at) => getComputedStyle(at).outlineStyle"), "none", name);
      }
    });
  });
});
