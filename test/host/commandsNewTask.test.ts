// New Task and its ways in, by their arguments: what is created is on record as it was said.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { Diagnostic, DiagnosticSeverity, Position, Range, Selection, Uri, commands, languages, window, workspace, type CodeAction, type TextEditor } from "vscode";
import type { HasTarget } from "../../src/vscode/taskRef";
import { Repo } from "../builders/repoBuilder";
import { HostTask, aHostTask, eventsIn, run, windowFolder } from "./hostTasks";
import { until } from "../editor/until";
import { countersignLog } from "./hostLogs";
import { closeEditors } from "./reviewedTask";

const CODE = ["export function half(n) {", "  // TODO: numbers below zero", "  // are taken for positive ones.", "  return n / 2;", "}", ""].join("\n");

describe("New Task", () => {
  afterEach(closeEditors);

  const created = async (name: string, ...args: readonly unknown[]): Promise<HostTask> => {
    const made = await run<HasTarget | undefined>(name, ...args);
    assert.ok(made !== undefined, "nothing was created");
    return new HostTask(made.target);
  };

  async function opened(selection: Selection): Promise<TextEditor> {
    new Repo(windowFolder()).write("notes/half.js", CODE);
    // Set afterwards, it can be overtaken by the one that the window reports of itself.
    const editor = await window.showTextDocument(Uri.file(path.join(windowFolder(), "notes/half.js")), { selection });
    await until("the selection is there", () => window.activeTextEditor === editor && editor.selection.isEqual(selection));
    return editor;
  }

  describe("countersign.newTask", () => {
    it("creates what it is told, the first line as the title and every other one kept", async () => {
      const text = "Add a --json flag\n\nIt prints one object:\n\n\t{ \"n\": 1 }";
      const task = await aHostTask({ text, category: "DISPATCH", profile: "automation", attachments: ["README.md", path.join(windowFolder(), "src")] });
      const { title, description, category, profile, attachments, approvePlan } = task.request;
      assert.deepEqual([title, description, category, profile, approvePlan], ["Add a --json flag", text, "DISPATCH", "automation", false]);
      assert.deepEqual(attachments, ["README.md", "src"]);
      assert.equal(task.target.root, windowFolder());
      assert.deepEqual(task.eventsOf("runStarted"), []);
    });

    it("takes category, approval and models from the settings where nothing is said", async () => {
      const settings = workspace.getConfiguration("countersign");
      try {
        await settings.update("defaultCategory", "YOURS", true);
        await settings.update("approvePlan", true, true);
        await settings.update("models.generator", "claude-haiku-5-5", true);
        const task = await created("newTask", { text: "Think about names", run: false });
        const { category, approvePlan, models } = task.request;
        assert.deepEqual([category, approvePlan, models.generator, models.planner], ["YOURS", true, "claude-haiku-5-5", "claude-opus-5-5"]);
      } finally {
        for (const key of ["defaultCategory", "approvePlan", "models.generator"]) await settings.update(key, undefined, true);
      }
    });

    it("creates nothing for a file that agents could not read, or a folder that is not open", async () => {
      const before = eventsIn(windowFolder()).length;
      assert.equal(await run("newTask", { text: "Read it", run: false, attachments: ["/etc/hosts"] }), undefined);
      assert.equal(await run("newTask", { text: "Read it", run: false, folder: "elsewhere" }), undefined);
      assert.equal(eventsIn(windowFolder()).length, before);
    });

    it("does not take a setting that does not fit its description, and says so once", async () => {
      const settings = workspace.getConfiguration("countersign");
      try {
        await settings.update("defaultCategory", "LATER", true);
        for (const text of ["Anything", "Anything else"]) assert.equal((await created("newTask", { text, run: false })).request.category, "PREP");
        const said = /countersign\.defaultCategory must be one of DISPATCH, PREP, YOURS; its default, "PREP", is used\./g;
        await until("the log says so", () => countersignLog().match(said) !== null);
        assert.equal(countersignLog().match(said)?.length, 1);
      } finally {
        await settings.update("defaultCategory", undefined, true);
      }
    });
  });

  describe("countersign.newTaskFromSelection", () => {
    it("says which lines it is about, quotes them, and attaches the file", async () => {
      await opened(new Selection(3, 0, 4, 0));
      const task = await created("newTaskFromSelection", { text: "Divide by three", run: false });
      assert.equal(task.request.description, "Divide by three\n\nIt is about notes/half.js, line 4:\n\n```javascript\n  return n / 2;\n```");
      assert.deepEqual(task.request.attachments, ["notes/half.js"]);
    });

    it("takes a text that is no file for the task itself", async () => {
      const document = await workspace.openTextDocument({ language: "markdown", content: "Write a changelog\n\nSince 1.2.0." });
      await window.showTextDocument(document);
      assert.equal((await created("newTaskFromSelection", { run: false })).request.description, "Write a changelog\n\nSince 1.2.0.");
      await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    });

    it("creates nothing without a selection", async () => {
      await opened(new Selection(0, 0, 0, 0));
      assert.equal(await run("newTaskFromSelection", { text: "Anything", run: false }), undefined);
    });
  });

  describe("countersign.newTaskFromExplorer", () => {
    it("attaches the files that are selected, folders included", async () => {
      const uris = ["README.md", "src/commands"].map((name) => Uri.file(path.join(windowFolder(), name)));
      const task = await created("newTaskFromExplorer", uris[0], uris, { text: "Compare them", run: false });
      assert.deepEqual(task.request.attachments, ["README.md", "src/commands"]);
    });
  });

  describe("countersign.newTaskFromProblem", () => {
    const collection = languages.createDiagnosticCollection("host-test");
    after(() => collection.dispose());

    function problem(line: number, message: string, severity: DiagnosticSeverity): Diagnostic {
      const diagnostic = new Diagnostic(new Range(line, 2, line, 8), message, severity);
      diagnostic.source = "lint";
      diagnostic.code = "no-half";
      return diagnostic;
    }

    it("makes a task of the problem at the cursor", async () => {
      const editor = await opened(new Selection(3, 4, 3, 4));
      collection.set(editor.document.uri, [problem(0, "Elsewhere", DiagnosticSeverity.Error), problem(3, "Halves are not allowed.\nUse thirds.", DiagnosticSeverity.Warning)]);
      const { title, description, attachments } = (await created("newTaskFromProblem", { run: false })).request;
      assert.equal(title, "Fix: Halves are not allowed");
      assert.match(description, /The problem is in notes\/half\.js, line 4 \(lint\(no-half\)\):\n\nHalves are not allowed\.\nUse thirds\.\n\n```javascript\n {2}\/\/ TODO/);
      assert.deepEqual(attachments, ["notes/half.js"]);
    });

    it("is offered by the lightbulb, which hands the problem on", async () => {
      const editor = await opened(new Selection(0, 0, 0, 0));
      collection.set(editor.document.uri, [problem(3, "Halves are not allowed.", DiagnosticSeverity.Warning)]);
      const actions = await commands.executeCommand<CodeAction[]>("vscode.executeCodeActionProvider", editor.document.uri, new Range(3, 3, 3, 3));
      const ours = actions.filter(({ command }) => command?.command === "countersign.newTaskFromProblem");
      assert.deepEqual(ours.map(({ title, kind }) => [title, kind?.value]), [["Hand to Countersign", "quickfix.countersign"]]);
      const argument = (ours[0]?.command?.arguments as readonly object[] | undefined)?.[0] ?? {};
      assert.equal((await created("newTaskFromProblem", { ...argument, run: false })).request.title, "Fix: Halves are not allowed");
    });

    it("creates nothing where there is no problem", async () => {
      const editor = await opened(new Selection(1, 0, 1, 0));
      collection.set(editor.document.uri, []);
      assert.equal(await run("newTaskFromProblem", { run: false }), undefined);
    });
  });

  describe("countersign.newTaskFromTodo", () => {
    it("makes a task of the comment at the cursor, all its lines", async () => {
      await opened(new Selection(2, 5, 2, 5));
      const { title, description } = (await created("newTaskFromTodo", { run: false })).request;
      assert.equal(title, "Numbers below zero are taken for positive ones.");
      assert.match(description, /It stands as a TODO comment in notes\/half\.js, lines 2–3\. Remove the comment when it is done\.\n\n```javascript\n {2}\/\/ TODO: numbers below zero\n {2}\/\/ are taken/);
    });

    it("is offered by the lightbulb on a TODO, and on no other line", async () => {
      const editor = await opened(new Selection(0, 0, 0, 0));
      const offers = async (line: number): Promise<readonly string[]> => {
        const found = await commands.executeCommand<CodeAction[]>("vscode.executeCodeActionProvider", editor.document.uri, new Range(new Position(line, 0), new Position(line, 0)));
        return found.flatMap(({ title, command }) => (command?.command === "countersign.newTaskFromTodo" ? [title] : []));
      };
      assert.deepEqual(await offers(1), ["Hand this TODO to Countersign"]);
      assert.deepEqual(await offers(3), []);
    });

    it("creates nothing elsewhere", async () => {
      await opened(new Selection(3, 0, 3, 0));
      assert.equal(await run("newTaskFromTodo", { run: false }), undefined);
    });
  });

  describe("all of them", () => {
    it("leave the user's files as they were", () => {
      assert.equal(readFileSync(path.join(windowFolder(), "notes/half.js"), "utf8"), CODE);
    });
  });
});
