// A review in front of the window, as a person does it: hunks by their lenses and hovers, unsaved edits, a conflict in the
// merge editor, a comment that survives a reload and goes back with the request.
import assert from "node:assert/strict";
import path from "node:path";
import { playReview, story, writeReviewFiles } from "../builders/reviewScenario";
import { Repo } from "../builders/repoBuilder";
import { sampleWorkspace } from "../editor/sampleWorkspace";
import { until } from "../editor/until";
import type { EditorWindow } from "./editorWindow";
import { useWorkbench } from "./workbench";

const TITLE = "Greet the reviewer";
/** The extension host starts anew. */
const RELOAD_LIMIT_MS = 60_000;
const THREE = "export const three = 3;\nexport const more = three + 1;";

describe("a review in the window", function () {
  this.timeout(150_000);
  const workbench = useWorkbench({
    settings: { "diffEditor.codeLens": true, "files.autoSave": "off" },
    // The rows of all files are in view.
    viewport: { width: 1440, height: 1300 },
    workspace: (folder) => {
      const repo = sampleWorkspace(path.join(folder, "tally"));
      writeReviewFiles(repo);
      playReview(repo, TITLE, { cli: path.resolve("dist/cli.cjs"), env: { ...process.env, COUNTERSIGN_CACHE_DIR: path.join(folder, "home", "cache", "countersign") } });
      return repo.dir;
    },
  });
  const repo = (): Repo => new Repo(workbench().opened);
  /** Opens a changed file from the Review view. */
  const openChange = async (file: string): Promise<EditorWindow> => {
    const { window } = workbench();
    await window.openContainer("Countersign");
    await window.treeItem("Review", file).click();
    await window.tab(new RegExp(`^${file.replaceAll(".", "\\.")} \\(base ↔ attempt 2\\)`)).waitFor();
    return window;
  };
  const right = ".modified-in-monaco-diff-editor";

  it("shows all changes in one editor, with what can be done above each hunk", async () => {
    const { window } = workbench();
    await window.openContainer("Countersign");
    await window.inlineAction(window.treeItem("Review", TITLE), "Review Changes");
    await window.tab(new RegExp(`^${TITLE} · attempt 2`)).waitFor();
    const editor = window.page.locator(".multiDiffEditor");
    await editor.locator(".codelens-decoration", { hasText: "Accept hunk" }).first().waitFor();
    await editor.getByText("größe und maß.md").waitFor();
    await editor.locator(":visible", { hasText: /^Binary file changed$/ }).first().waitFor();
  });

  it("accepts a hunk by a click, and shows that it is", async () => {
    const window = await openChange("story.ts");
    await window.page.locator(`${right} .codelens-decoration a`, { hasText: "Accept hunk" }).first().click();
    await until("the hunk is in the file", () => repo().read("review/story.ts") === story({ 3: THREE }));
    await window.page.locator(`${right} .codelens-decoration`, { hasText: "Accepted" }).waitFor();
    assert.equal(await window.page.locator(`${right} .codelens-decoration a`, { hasText: "Accept the other 2 hunks" }).count(), 1);
  });

  it("rejects another one from its hover", async () => {
    const window = await openChange("story.ts");
    await window.page.locator(`${right} .view-line`, { hasText: "twenty" }).hover({ position: { x: 60, y: 8 } });
    const hover = window.page.locator(".monaco-hover:visible", { hasText: "Not decided yet" });
    await hover.locator("a", { hasText: "Reject hunk" }).click();
    await window.page.locator(`${right} .codelens-decoration`, { hasText: "Rejected" }).waitFor();
    assert.equal(repo().read("review/story.ts"), story({ 3: THREE }));
  });

  it("asks before it merges into a file with unsaved edits, and leaves it alone until then", async () => {
    const { window } = workbench();
    await window.openFile("windows.txt");
    await window.page.locator(".editor-instance .view-line", { hasText: "drei" }).click();
    await window.page.keyboard.press("Control+End");
    await window.page.keyboard.type("vier");
    await window.editorShows("drei\nvier");
    await window.openContainer("Countersign");
    await window.inlineAction(window.treeItem("Review", "windows.txt"), "Accept File");
    await window.answerDialog("windows.txt has unsaved edits", "Cancel");
    assert.equal(repo().read("review/windows.txt"), "eins\r\nzwei\r\ndrei\r\n");
    await window.inlineAction(window.treeItem("Review", "windows.txt"), "Accept File");
    await window.answerDialog("windows.txt has unsaved edits", "Save and Accept");
    await until("both changes are in the file", () => repo().read("review/windows.txt") === "EINS\r\nzwei\r\ndrei\r\nvier");
    await window.notification("Accepted review/windows.txt").waitFor();
  });

  it("brings a conflict to the merge editor, and takes all of it back with one command", async () => {
    const { window } = workbench();
    // A merge editor has a draft of its own, which auto-save writes: undo goes back behind it.
    await workbench().changeSettings({ "files.autoSave": "afterDelay", "files.autoSaveDelay": 50 });
    repo().write("review/größe und maß.md", "# Größe\n\n11 m\n");
    await window.openContainer("Countersign");
    await window.inlineAction(window.treeItem("Review", "größe und maß.md"), "Accept File");
    await window.tab(/^Merging: größe und maß\.md/).waitFor();
    await window.notification("You have changed the same lines of review/größe und maß.md").waitFor();
    await until("the draft of the merge editor is saved", () => !repo().read("review/größe und maß.md").includes("<<<<<<<"));
    await window.runCommand("Countersign: Undo Accept");
    await until("the user's version is back", () => repo().read("review/größe und maß.md") === "# Größe\n\n11 m\n");
    await until("what was accepted earlier is taken back, too", () => repo().read("review/story.ts") === story());
    await until("the merge editor is closed", async () => (await window.tab(/^Merging/).count()) === 0);
  });

  it("keeps a comment over a reload, and sends it back with the request", async () => {
    const window = await openChange("story.ts");
    await window.page.locator(`${right} .view-line`, { hasText: "twenty" }).click({ position: { x: 60, y: 8 } });
    await window.runCommand("Comments: Add Comment on Current Selection");
    await window.page.locator(".review-widget .monaco-editor.focused").waitFor();
    await window.page.keyboard.type("Call it score.");
    await window.page.locator(".review-widget .monaco-button", { hasText: "Add Comment" }).click();
    await window.page.locator(".review-widget", { hasText: "not sent yet" }).waitFor();
    // The editor's own way, which waits until the workspace's state is kept.
    const reloaded = window.page.waitForEvent("load");
    await window.runCommand("Developer: Reload Window");
    await reloaded;
    await window.page.locator(".review-widget", { hasText: "Call it score." }).waitFor({ timeout: RELOAD_LIMIT_MS });
    await window.runCommand("Countersign: Request Changes…");
    await window.type("Rename it.", "1 comment on lines goes along");
    await window.accept();
    await window.notification(/was sent back with 1 comment/).waitFor();
    await until("the request is on record", () => /"kind":"changesRequested"[^\n]*Rename it\.[^\n]*Call it score\./.test(repo().read(".countersign/state/journal.ndjson")));
    assert.equal(await window.page.locator(".review-widget", { hasText: "not sent yet" }).count(), 0);
    await window.treeItem("Review", TITLE).filter({ hasText: "attempt 3" }).waitFor({ timeout: RELOAD_LIMIT_MS });
  });
});
