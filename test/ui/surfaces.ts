// What `npm run screenshots` shows: one entry for every surface a user sees. They are shown in this order in one
// window, once for each theme and size, so each brings the window to where it wants it and nothing may be left open.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { SAMPLE_SCRIPT, SAMPLE_TITLE } from "../builders/journeyScript";
import type { EditorWindow } from "./editorWindow";
import type { Workbench } from "./workbench";

export interface Surface {
  /** The picture's file name. */
  readonly name: string;
  /** Brings the window to where the surface is seen, whatever was shown before. */
  show(window: EditorWindow, workbench: Workbench): Promise<void>;
}

/** Runs once before the first picture: what all surfaces show is made here. */
export async function prepareSurfaces(workbench: Workbench): Promise<void> {
  playSample(workbench.opened);
  await workbench.window.openContainer("Countersign");
  await workbench.window.treeItem("Tasks", SAMPLE_TITLE).waitFor();
}

/** The command line does the sample's task, which ends in review, and leaves another one to the user. */
function playSample(folder: string): void {
  const task = `${SAMPLE_TITLE}\n\n\`tally fibonacci N\` prints the N-th Fibonacci number, exactly, also where a double is not exact any more.`;
  const cli = (...args: readonly string[]): unknown => execFileSync(process.execPath, [path.resolve("dist/cli.cjs"), ...args, "--repo", folder], { stdio: "pipe" });
  cli("run", task, "--model", `script:${SAMPLE_SCRIPT}`);
  cli("run", "Decide how tally rounds money", "--category", "YOURS", "--model", `script:${SAMPLE_SCRIPT}`);
}

/** Leaves the side bar with its trees, and no editor, panel or question. */
async function closeAll(window: EditorWindow): Promise<void> {
  await window.page.keyboard.press("Escape");
  if ((await window.page.locator(".part.panel:visible").count()) > 0) await window.runCommand("View: Hide Panel");
  await window.runCommand("View: Close All Editors");
  await window.openContainer("Countersign");
}

/** The dashboard's panel, with nothing else among the editors. */
async function openDashboard(window: EditorWindow): Promise<ReturnType<EditorWindow["webview"]>> {
  if ((await window.page.locator(".part.panel:visible").count()) > 0) await window.runCommand("View: Hide Panel");
  await window.runCommand("View: Close All Editors");
  await window.runCommand("Countersign: Open Dashboard");
  return await window.webview('[data-place="panel"] .task-row');
}

export const SURFACES: readonly Surface[] = [
  {
    name: "side-bar",
    async show(window) {
      await closeAll(window);
      await window.view("Tasks").waitFor();
    },
  },
  {
    name: "dashboard",
    async show(window) {
      const page = await openDashboard(window);
      await page.locator(".day-costs canvas").waitFor({ state: "attached" });
    },
  },
  {
    name: "dashboard-task",
    async show(window) {
      const page = await openDashboard(window);
      await page.locator(".task-row", { hasText: SAMPLE_TITLE }).click();
      await page.getByRole("img", { name: /^Score/ }).locator("canvas").waitFor({ state: "attached" });
    },
  },
  {
    name: "dashboard-activity",
    async show(window) {
      const page = await openDashboard(window);
      await page.locator(".task-row", { hasText: SAMPLE_TITLE }).click();
      await page.getByRole("tab", { name: "Activity" }).click();
      await page.getByText("Passed, in review").waitFor();
    },
  },
  {
    name: "dashboard-view",
    async show(window) {
      await window.runCommand("View: Close All Editors");
      await window.runCommand("Countersign: Focus on Dashboard View");
      await (await window.webview('[data-place="view"] .page')).locator(".page").waitFor();
    },
  },
  {
    name: "review",
    async show(window) {
      await closeAll(window);
      await (await window.revealedItem("Review", "README.md")).click();
      await window.editorShows("tally fibonacci N");
    },
  },
  {
    name: "all-changes",
    async show(window) {
      await closeAll(window);
      await window.inlineAction(await window.revealedItem("Review", SAMPLE_TITLE), "Review Changes");
      await window.tab(new RegExp(SAMPLE_TITLE)).waitFor();
      await window.page.locator(".multiDiffEntry .view-line").first().waitFor();
    },
  },
  {
    name: "transcript",
    async show(window) {
      await closeAll(window);
      await window.expand(await window.revealedItem("Agent Sessions", SAMPLE_TITLE));
      await (await window.revealedItem("Agent Sessions", "Planner")).click();
      await window.tab(/Planner/).waitFor();
      await window.editorShows("Planner");
    },
  },
  {
    name: "new-task",
    async show(window) {
      await closeAll(window);
      await window.runCommand("Countersign: New Task…");
      await window.type("Add a --json flag to the list command", "New Task");
      await window.accept();
      await window.asksFor("How shall it be done?");
    },
  },
  {
    name: "walkthrough",
    async show(window) {
      await closeAll(window);
      await window.runCommand("Countersign: Open Walkthrough");
      await window.page.getByText("See it work, without a key").waitFor();
      // VS Code leaves out what belongs to a step where there is no room beside it, and opens the first step not done yet.
      if (await window.page.locator(".getting-started-media").isVisible()) await window.webview("svg text, h1, h2");
    },
  },
  {
    name: "commands",
    async show(window) {
      await window.page.keyboard.press("F1");
      await window.type(">Countersign: ");
      await window.quickInput.locator(".monaco-list-row").nth(3).waitFor();
    },
  },
];
