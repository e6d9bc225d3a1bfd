// The questions of New Task and of setting models up, as a person goes through them: forth, back, away and on again.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { sampleWorkspace } from "../editor/sampleWorkspace";
import { FakeModelApi } from "../fakes/fakeModelApi";
import { until } from "../editor/until";
import type { EditorWindow } from "./editorWindow";
import { RUN_LIMIT_MS, eventsOf, happens } from "./taskJournal";
import { useWorkbench } from "./workbench";

const KEY = "sk-ant-ui-test-0123456789abcdef";
const TEXT = "Add a --json flag to the list command";

describe("New Task, question by question", function () {
  this.timeout(2 * RUN_LIMIT_MS);
  const workbench = useWorkbench();
  const begin = (): Promise<void> => workbench().window.runCommand("Countersign: New Task…");

  /** The questions up to this one, taking what each offers first. */
  async function upTo(last: string, window: EditorWindow): Promise<void> {
    for (const question of ["How shall it be done?", "Which checks suit it?", "Files that matter", "PREP"]) {
      await window.asksFor(question);
      if (question === last) return;
      await window.accept();
    }
  }

  it("keeps what was typed when the person leaves, and offers it again", async () => {
    const { window } = workbench();
    await begin();
    await window.type(TEXT, "New Task (1/5)");
    await window.accept();
    await window.asksFor("How shall it be done?");
    await window.page.keyboard.press("Escape");
    await begin();
    await window.asksFor("Your draft from the last time");
    assert.equal(await window.quickInput.locator("input.input").inputValue(), TEXT);
  });

  it("goes back without losing anything, and counts only the questions that are asked", async () => {
    const { window } = workbench();
    await window.accept();
    await upTo("How shall it be done?", window);
    await window.pick(/DISPATCH/);
    await window.asksFor("Files that matter");
    await window.asksFor("(3/4)");
    await window.quickInput.locator(".codicon-quick-input-back").click();
    await window.asksFor("How shall it be done?");
    await window.quickInput.locator(".codicon-quick-input-back").click();
    await until("the text is asked again", async () => (await window.quickInput.locator("input.input").inputValue()) === TEXT);
    await window.accept();
    await window.asksFor("How shall it be done?");
    await window.pick(/PREP/);
  });

  it("attaches the files that are found by a few letters, says what is going to run, and creates the task", async () => {
    const { window, opened } = workbench();
    await window.asksFor("Which checks suit it?");
    await window.accept();
    for (const [letters, file] of [["registry", "src/registry.js"], ["readme", "README.md"]] as const) {
      await window.asksFor("Files that matter");
      await window.type(letters);
      await window.pick(file);
    }
    await window.type("");
    await window.asksFor("2 Selected");
    await window.accept();
    await window.asksFor(/at most 3 attempts · stops before \$50/);
    await window.asksFor("Models: none is set up yet");
    await window.pick(/Ask me to approve the plan first/);
    await until("approval is on", async () => /approve the plan first\s*on/.test(await window.quickInput.innerText()));
    await window.pick("Create only");
    await happens(opened, "taskCreated");
    const [created] = eventsOf(opened, "taskCreated");
    assert.ok(created !== undefined);
    const { title, category, attachments, approvePlan } = created.request;
    assert.deepEqual([title, category, approvePlan], [TEXT, "PREP", true]);
    assert.deepEqual(attachments.toSorted(), ["README.md", "src/registry.js"]);
    await begin();
    await window.asksFor("The first line becomes the title");
    assert.equal(await window.quickInput.locator("input.input").inputValue(), "", "a draft that became a task is no draft any more");
    await window.page.keyboard.press("Escape");
  });

  it("takes several lines from an editor, and closes it when the task is there", async () => {
    const { window, opened } = workbench();
    await begin();
    await window.type("Write a changelog", "New Task");
    await window.quickInput.locator(".action-label.codicon-edit").click();
    await window.editorShows("Write a changelog");
    // One goes on where one was: the cursor is behind what was typed.
    await window.page.locator(".statusbar-item", { hasText: "Ln 1, Col 18" }).waitFor();
    await window.page.locator(".monaco-editor.focused").waitFor();
    await window.page.keyboard.type("\n\nOne entry a version.");
    await window.page.locator(".codelens-decoration a", { hasText: "Create a Countersign task from this text" }).click();
    await window.asksFor("It has 3 lines, which are kept");
    await window.accept();
    await window.asksFor("How shall it be done?");
    await window.pick(/YOURS/);
    await window.asksFor("Files that matter");
    await window.accept();
    await window.pick("Create");
    await happens(opened, "taskCreated", 2);
    assert.equal(eventsOf(opened, "taskCreated")[1]?.request.description, "Write a changelog\n\nOne entry a version.");
    await until("its editor is closed", async () => (await window.tab(/changelog|Untitled/).count()) === 0);
  });

  it("says once that no model is set up, with the ways out, and starts nothing", async () => {
    const { window, opened } = workbench();
    await window.runCommand("Countersign: Run");
    const said = window.notification("No model is set up");
    await said.waitFor();
    await said.hover();
    assert.deepEqual(await said.locator(".monaco-button").allInnerTexts(), ["Set API Key", "Choose Models", "Run the Sample"]);
    assert.deepEqual(eventsOf(opened, "runStarted"), []);
    await window.page.keyboard.press("Escape");
  });
});

describe("setting models up, question by question", function () {
  this.timeout(2 * RUN_LIMIT_MS);
  let api: FakeModelApi;
  before(async () => {
    api = await FakeModelApi.start([{ text: "hi" }], { keys: [KEY] });
  });
  after(() => api.close());
  const workbench = useWorkbench();

  it("is ticked in the walkthrough, also where it was done before that was opened", async () => {
    const { window } = workbench();
    const isTicked = async (step: string): Promise<boolean> => (await window.page.locator(`[data-done-step-id$="#start#${step}"][aria-checked="true"]`).count()) > 0;
    await workbench().changeSettings({ "countersign.baseUrl": api.url });
    await window.runCommand("Countersign: Set API Key…");
    await window.asksFor(/Key for 127\.0\.0\.1/);
    await window.page.keyboard.press("Escape");
    await window.runCommand("Countersign: Open Walkthrough");
    await window.page.getByText("Choose your models").first().waitFor();
    await until("the step is ticked", () => isTicked("models"));
    assert.equal(await isTicked("sample"), false);
  });

  it("tries a key, refuses a wrong one in words, and shows what the right one can use", async () => {
    const { window } = workbench();
    await window.runCommand("Countersign: Set API Key…");
    await window.type("sk-ant-wrong-0000", /Key for 127\.0\.0\.1/);
    await window.accept();
    await window.asksFor(/The key was refused and is not kept\. .* is not valid there/);
    await window.type(KEY, "Set API Key");
    assert.equal(await window.quickInput.locator("input.input").getAttribute("type"), "password");
    await window.accept();
    await window.answerNotification("The key works: 3 models.", "Choose Models");
    await window.asksFor("For which role?");
    await window.pick("Evaluator");
    await window.asksFor("Listed by the server now (key: secret storage)");
    await window.pick("claude-haiku-5-5");
    await window.asksFor("Where Does It Count?");
    await window.pick("Everywhere");
    await window.asksFor("press Escape when you are done");
    await until("the role has it", async () => /Evaluator\s*claude-haiku-5-5/.test(await window.quickInput.innerText()));
    await window.page.keyboard.press("Escape");
  });
});

describe("New Task in a window of two folders", function () {
  this.timeout(RUN_LIMIT_MS);
  const workbench = useWorkbench({
    workspace: (folder) => {
      const names = ["tally", "other"];
      for (const name of names) sampleWorkspace(path.join(folder, name));
      const file = path.join(folder, "two.code-workspace");
      writeFileSync(file, JSON.stringify({ folders: names.map((name) => ({ path: name })) }));
      return file;
    },
  });

  it("asks for the folder first, and the task belongs to it", async () => {
    const { window, opened } = workbench();
    await window.runCommand("Countersign: New Task…");
    await window.asksFor("In which folder?");
    await window.pick("other");
    await window.type(TEXT, "(2/6)");
    await window.accept();
    await window.asksFor("How shall it be done?");
    await window.pick(/YOURS/);
    await window.asksFor("Files that matter");
    await window.accept();
    await window.pick("Create");
    const folders = ["other", "tally"].map((name) => path.join(path.dirname(opened), name));
    await happens(folders[0] ?? "", "taskCreated");
    assert.deepEqual(eventsOf(folders[1] ?? "", "taskCreated"), []);
  });
});

describe("New Task in an untrusted folder", function () {
  this.timeout(RUN_LIMIT_MS);
  const workbench = useWorkbench({ trusted: false });

  it("asks nothing, makes nothing, and says what to do", async () => {
    const { window, opened } = workbench();
    await window.runCommand("Countersign: New Task…");
    await window.answerNotification("This workspace is not trusted", "Manage Workspace Trust");
    await window.page.locator(".workspace-trust-editor").waitFor();
    assert.deepEqual(eventsOf(opened, "taskCreated"), []);
  });
});

describe("New Task in a folder of many files", function () {
  this.timeout(RUN_LIMIT_MS);
  const workbench = useWorkbench({
    workspace: (folder) => {
      const repo = sampleWorkspace(path.join(folder, "tally"));
      for (let n = 0; n < 600; n += 1) repo.write(`data/part-${n}.txt`, "");
      return repo.dir;
    },
  });

  it("finds each by a few letters, and keeps what is chosen while something else is looked for", async () => {
    const { window, opened } = workbench();
    await window.runCommand("Countersign: New Task…");
    await window.type(TEXT, "New Task");
    await window.accept();
    await window.asksFor("How shall it be done?");
    await window.pick(/DISPATCH/);
    for (const [index, name] of ["data/part-577.txt", "data/part-12.txt", "src/registry.js"].entries()) {
      await window.asksFor("Files that matter");
      await window.type(name.slice(-10, -3));
      await window.pick(name);
      await window.asksFor(`${index + 1} Selected`);
    }
    await window.type("");
    await window.asksFor("3 Selected");
    await window.accept();
    await window.pick("Create only");
    await happens(opened, "taskCreated");
    assert.deepEqual(eventsOf(opened, "taskCreated")[0]?.request.attachments.toSorted(), ["data/part-12.txt", "data/part-577.txt", "src/registry.js"]);
  });
});
