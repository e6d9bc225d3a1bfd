// The read-only documents in the editor itself: transcripts that fold, link and grow, cost reports, exports.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Uri, commands, extensions, window, workspace, type DocumentLink, type DocumentSymbol, type FoldingRange, type TextDocument, type TextEditor } from "vscode";
import { costCsv, printCostReport } from "../../src/core/reports/printCosts";
import type { CostReport } from "../../src/core/reports/costReport";
import { REMOVED } from "../../src/core/reports/redaction";
import { aPassingScript, aScript, calls, reads, runs, writes, WRITE_HELLO } from "../builders/scriptBuilder";
import { until } from "../editor/until";
import { type HostTask, aHostTask, run, windowFolder } from "./hostTasks";
import { activeTab, closeEditors } from "./reviewedTask";

const LIMIT_MS = 60_000;
/** More than a window shows. */
const MANY_LINES = Array.from({ length: 200 }, (_, index) => `- point ${index + 1}`).join("\n");
/** Holds the agent's command up until the test writes into it. */
const GATE = "mkfifo gate && cat gate && rm gate";

const KEY = "sk-test-0123456789abcdef";
const LONG_FILE = `// the key is ${KEY}\n${Array.from({ length: 1500 }, (_, index) => `// line ${index} ${"x".repeat(20)}`).join("\n")}\n`;

const EDIT = { path: "src/errors.js", edits: [{ find: "export class UsageError", replace: "// Said to the user.\nexport class UsageError" }] };
const SCRIPT = aPassingScript().generator(
  1,
  { text: "I look first.", toolCalls: [reads("README.md"), reads("no/such/file.ts")] },
  calls(WRITE_HELLO, { name: "edit_file", input: EDIT }, runs("seq 1 900; exit 3")),
  calls(writes("src/long.js", LONG_FILE)),
);

let one: Promise<HostTask> | null = null;

/** A task that has passed; the same for all who only look at it. */
function played(): Promise<HostTask> {
  one ??= (async () => {
    const task = await aHostTask({}, SCRIPT);
    await run("runTask", { target: task.target });
    await task.until("taskPassed");
    return task;
  })();
  return one;
}

/** Opens a role's transcript as a click on its session does. */
async function opened(task: HostTask, role: string): Promise<TextEditor> {
  const session = task.eventsOf("sessionStarted").find((event) => event.role === role)?.session;
  assert.ok(session !== undefined, `no ${role} has begun`);
  await run("showTranscript", { target: { ...task.target, session } });
  const editor = window.activeTextEditor;
  assert.equal(editor?.document.uri.scheme, "countersign-transcript");
  assert.ok(editor !== undefined);
  return editor;
}

function lineOf(document: TextDocument, start: string): number {
  const line = document.getText().split("\n").findIndex((text) => text.startsWith(start));
  assert.notEqual(line, -1, `no line begins with ${start}:\n${document.getText()}`);
  return line;
}

function isShown(editor: TextEditor, line: number): boolean {
  return editor.visibleRanges.some(({ start, end }) => start.line <= line && line <= end.line);
}

describe("countersign.showTranscript", function () {
  this.timeout(LIMIT_MS);
  afterEach(closeEditors);

  it("opens a read-only document that tells the session from its request to its end", async () => {
    const task = await played();
    const { document } = await opened(task, "generator");
    assert.equal(document.languageId, "countersign-transcript");
    assert.equal(workspace.fs.isWritableFileSystem(document.uri.scheme), false);
    const text = document.getText();
    for (const said of [/^# Generator, attempt 1: Greet the reader$/m, /^- Outcome: completed$/m, /^## Turn 1 · \d\d:\d\d:\d\d · .* in.*, \d+ out · (\$\d|cost unknown)/m, /^I look first\.$/m, /^### ✔ read_file `README\.md` · \d+ lines · /m, /^### ✘ read_file `no\/such\/file\.ts` · /m, /^### ✘ run_command `seq 1 900; exit 3` · exit 3 · /m, /^## End · /m]) {
      assert.match(text, said);
    }
    assert.match(text, /### ✔ edit_file `src\/errors\.js`[^]*?```diff\n\+\/\/ Said to the user\.\n export class UsageError\n```/);
    assert.match(text, /```text\nexit 3\n1\n2\n[^]*\n900\n```/);
  });

  it("folds prompts and calls, and leaves what the agent says in view", async () => {
    const editor = await opened(await played(), "generator");
    const { document } = editor;
    await until("the calls are folded", () => !isShown(editor, lineOf(document, "### ✔ read_file `README.md`") + 2));
    for (const start of ["I look first.", "### ✔ read_file `README.md`", "### ✔ edit_file", "## Instructions", "## Request"]) assert.ok(isShown(editor, lineOf(document, start)), start);
    for (const start of ["### ✔ edit_file", "## Instructions", "## Request"]) assert.ok(!isShown(editor, lineOf(document, start) + 2), `below ${start}`);
  });

  it("keeps what the reader has unfolded when it is shown again", async () => {
    const task = await played();
    const editor = await opened(task, "generator");
    const inside = lineOf(editor.document, "## Request") + 2;
    await until("the request is folded", () => !isShown(editor, inside));
    await commands.executeCommand("editor.unfold", { levels: 1, selectionLines: [inside - 2] });
    await until("the request is unfolded", () => isShown(editor, inside));
    await window.showTextDocument(await workspace.openTextDocument({ content: "another" }));
    const again = await opened(task, "generator");
    assert.ok(isShown(again, lineOf(again.document, "## Request") + 2));
  });

  it("has turns and calls in its outline, and folds that match them", async () => {
    const { document } = await opened(await played(), "generator");
    const symbols = await commands.executeCommand<DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", document.uri);
    assert.deepEqual(
      symbols.map(({ name, children }) => [name, children.map((child) => child.name)]),
      [
        ["Instructions", []],
        ["Request", []],
        ["Turn 1", ["✔ read_file README.md", "✘ read_file no/such/file.ts"]],
        ["Turn 2", ["✔ write_file greeting.txt", "✔ edit_file src/errors.js", "✘ run_command seq 1 900; exit 3"]],
        ["Turn 3", ["✔ write_file src/long.js"]],
        ["Turn 4", []],
        ["End", []],
      ],
    );
    const folds = await commands.executeCommand<FoldingRange[]>("vscode.executeFoldingRangeProvider", document.uri);
    const calledAt = symbols.flatMap(({ children }) => children).map(({ range }) => range.start.line);
    assert.deepEqual(calledAt.filter((line) => !folds.some(({ start }) => start === line)), []);
  });

  /** Targets of links by how their text begins. */
  async function linksIn(document: TextDocument): Promise<(shown: string) => Uri> {
    const links = await commands.executeCommand<DocumentLink[]>("vscode.executeLinkProvider", document.uri, 100);
    return (shown) => {
      const target = links.find(({ range }) => document.getText(range).startsWith(shown))?.target;
      assert.ok(target !== undefined, `no link ${shown} among ${links.map(({ range }) => document.getText(range)).join(", ")}`);
      return target;
    };
  }

  it("links files to how the attempt left them", async () => {
    const link = await linksIn((await opened(await played(), "generator")).document);
    const file = link("greeting.txt");
    assert.equal(file.scheme, "command");
    await commands.executeCommand(file.path, ...(JSON.parse(file.query) as unknown[]));
    await until("the attempt's file is open", () => window.activeTextEditor?.document.uri.scheme === "countersign");
    assert.equal(window.activeTextEditor?.document.getText(), "hello\n");
  });

  it("shows a long text's head and tail, and opens all of it from there", async () => {
    const { document } = await opened(await played(), "generator");
    assert.match(document.getText(), /\+\/\/ the key is [^]*… \d+ bytes left out …[^]*\+\/\/ line 1499 x+\n```\n\nOpen the whole input \(\d+ KB\)\n/);
    const whole = await workspace.openTextDocument((await linksIn(document))("Open the whole input"));
    assert.equal(whole.getText().split("\n").length, 1501);
    assert.notEqual(whole.languageId, "countersign-transcript");
  });

  it("refuses a session that is not there, in words", async () => {
    const task = await played();
    await run("showTranscript", { target: { ...task.target, session: "generator-7-none" } });
    assert.equal(activeTab(), undefined);
  });
});

describe("a transcript of a session at work", function () {
  this.timeout(LIMIT_MS);
  afterEach(closeEditors);

  /** A single agent that has said much and now waits in a command for the test. */
  async function atWork(): Promise<HostTask> {
    const script = aScript().singleAgent({ thinking: "Let me see.", text: MANY_LINES, toolCalls: [reads("README.md"), runs(GATE)] }, { text: "Then this.", toolCalls: [reads("package.json")] }, { text: "Done." });
    const task = await aHostTask({ category: "DISPATCH" }, script);
    await run("runTask", { target: task.target });
    await until("the agent's command waits", () => existsSync(gateOf(task)));
    return task;
  }

  const gateOf = (task: HostTask): string => path.join(task.eventsOf("baseSnapshotted")[0]?.base.worktree ?? "", "gate");
  const goOn = (task: HostTask): void => writeFileSync(gateOf(task), "the test says so\n");
  const hasEnded = ({ document }: TextEditor): Promise<unknown> => until("the transcript has its end", () => /^## End · /m.test(document.getText()) && /^- Outcome: completed$/m.test(document.getText()), LIMIT_MS);

  it("says what is running, grows with the session, and follows its end", async () => {
    const task = await atWork();
    const editor = await opened(task, "single_agent");
    await until("the command is shown as running", () => /^### ● run_command `mkfifo gate/m.test(editor.document.getText()));
    assert.match(editor.document.getText(), /^- Outcome: running$/m);
    await until("the end is in view", () => isShown(editor, editor.document.lineCount - 1));
    goOn(task);
    await hasEnded(editor);
    assert.match(editor.document.getText(), /^### ✔ run_command `mkfifo gate[^\n]*exit 0[^]*the test says so[^]*^Then this\.$[^]*^### ✔ read_file `package\.json`[^]*^Done\.$/m);
    await until("the end is in view again", () => isShown(editor, editor.document.lineCount - 1));
    await until("what is over is folded", () => !isShown(editor, lineOf(editor.document, "### ✔ read_file `package.json`") + 2));
    await task.until("taskPassed");
  });

  it("leaves a reader who looks at something else where they are", async () => {
    const task = await atWork();
    const editor = await opened(task, "single_agent");
    await until("the end is in view", () => isShown(editor, editor.document.lineCount - 1));
    await commands.executeCommand("cursorTop");
    await until("the reader is at the top", () => isShown(editor, 0) && !isShown(editor, editor.document.lineCount - 1));
    goOn(task);
    await hasEnded(editor);
    assert.equal(editor.visibleRanges[0]?.start.line, 0);
    assert.ok(!isShown(editor, editor.document.lineCount - 1));
    await task.until("taskPassed");
  });
});

describe("countersign.costReport", function () {
  this.timeout(LIMIT_MS);
  afterEach(closeEditors);

  function cli(...args: readonly string[]): CostReport {
    const program = path.join(extensions.getExtension("countersign.countersign")?.extensionPath ?? "", "dist/cli.cjs");
    const out = execFileSync(process.execPath, [program, "cost", ...args, "--json", "--repo", windowFolder()], { encoding: "utf8" });
    return JSON.parse(out) as CostReport;
  }

  it("says of a task what the command line says of it", async () => {
    const task = await played();
    await run("costReport", { target: task.target });
    const document = window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, "countersign-report");
    assert.equal(document.languageId, "markdown");
    const report = cli("task", task.id);
    assert.ok(report.total.calls >= 5);
    assert.equal(document.getText(), printCostReport(report));
  });

  it("counts on while models are called", async () => {
    const task = await aHostTask({ category: "DISPATCH" }, aScript().singleAgent(calls(WRITE_HELLO), { text: "Done." }));
    await run("runTask", { target: task.target });
    await task.until("turnCompleted");
    await run("costReport", { target: task.target });
    const document = window.activeTextEditor?.document;
    await task.until("taskPassed");
    await until("both calls are counted", () => document?.getText().includes("for 2 calls"));
    assert.equal(document?.getText(), printCostReport(cli("task", task.id)));
  });

  it("is saved as CSV and as Markdown with the same numbers", async () => {
    const task = await played();
    await run("costReport", { target: task.target });
    const uri = window.activeTextEditor?.document.uri;
    const folder = mkdtempSync(path.join(tmpdir(), "saved costs "));
    for (const format of ["csv", "md"]) await run("exportCostReport", uri, format, Uri.file(path.join(folder, `cost.${format}`)));
    const { total } = cli("task", task.id);
    assert.equal(readFileSync(path.join(folder, "cost.md"), "utf8"), printCostReport(cli("task", task.id)));
    const [head, ...lines] = readFileSync(path.join(folder, "cost.csv"), "utf8").trimEnd().split("\n");
    assert.equal(head, costCsv([]).trimEnd());
    const column = head?.split(",").indexOf("calls") ?? -1;
    assert.equal(lines.reduce((sum, line) => sum + Number(line.split(",")[column]), 0), total.calls);
  });
});

describe("countersign.exportTask", function () {
  this.timeout(LIMIT_MS);
  afterEach(closeEditors);
  let folder = "";
  let before: string | undefined;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "exported tasks "));
    before = process.env["ANTHROPIC_API_KEY"];
    process.env["ANTHROPIC_API_KEY"] = KEY;
  });
  afterEach(() => {
    if (before === undefined) delete process.env["ANTHROPIC_API_KEY"];
    else process.env["ANTHROPIC_API_KEY"] = before;
  });

  it("writes one report, without a key, and nothing else", async () => {
    const task = await played();
    await run("exportTask", { target: task.target }, { what: "report", to: Uri.file(path.join(folder, "report.md")) });
    assert.deepEqual(readdirSync(folder), ["report.md"]);
    const text = readFileSync(path.join(folder, "report.md"), "utf8");
    for (const part of ["# Greet the reader\n", "## Request\n", "## Timeline\n", "## Plan\n", "```yaml\n", "## Attempt 1: PASS, score 95\n", "### QA report, attempt 1: PASS\n", "| `src/long.js` | added | +1501 | −0 |", "## Cost\n"]) assert.ok(text.includes(part), `${part} is missing`);
    assert.ok(!text.includes(KEY));
  });

  it("writes everything into a new folder of its own: report, handoff files, transcripts, events, diff", async () => {
    const task = await played();
    await run("exportTask", { target: task.target }, { what: "everything", to: Uri.file(folder) });
    assert.deepEqual(readdirSync(folder), [task.id]);
    const out = path.join(folder, task.id);
    const names = readdirSync(out, { recursive: true, encoding: "utf8" }).toSorted();
    const sessions = task.eventsOf("sessionStarted").map(({ session }) => session);
    for (const name of ["report.md", "events.ndjson", "diff.patch", "plan.md", "qa-report.md", "execution-log.md", "verification/attempt-1/K1.log", ...sessions.flatMap((id) => [`transcripts/${id}.md`, `sessions/${id}.ndjson`])]) {
      assert.ok(names.includes(name), `${name} is missing among ${names.join(", ")}`);
    }
    assert.ok(!names.includes("not-exported.txt"));
    const read = (name: string): string => readFileSync(path.join(out, name), "utf8");
    assert.equal(read("events.ndjson").trimEnd().split("\n").length, task.events().length);
    assert.match(read("diff.patch"), /^\+hello$/m);
    assert.match(read("report.md"), /\[log\]\(verification\/attempt-1\/K1\.log\)/);
    for (const name of names.filter((entry) => /\.(md|ndjson|patch)$/.test(entry))) assert.ok(!read(name).includes(KEY), `${name} holds the key`);
    assert.ok(read("diff.patch").includes(REMOVED));
    await run("exportTask", { target: task.target }, { what: "everything", to: Uri.file(folder) });
    assert.deepEqual(readdirSync(folder).toSorted(), [task.id, `${task.id}-2`]);
  });

  it("says in the editor that a place cannot be written to, and leaves nothing behind", async () => {
    const task = await played();
    const file = path.join(folder, "a file");
    writeFileSync(file, "");
    await run("exportTask", { target: task.target }, { what: "everything", to: Uri.file(file) });
    assert.deepEqual(readdirSync(folder), ["a file"]);
    assert.equal(readFileSync(file, "utf8"), "");
  });
});
