// The review in the editor: what an attempt changed as files and diffs, decided about by hunk, file or whole, commented on
// and sent back. The work is real; only the model is a script.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { commands, ConfigurationTarget, FileSystemError, Range, Selection, TabInputTextDiff, window, workspace, type Comment, type CommentThread, type Uri } from "vscode";
import { FIRST_STORY, PICTURE, SECOND_STORY, story } from "../builders/reviewScenario";
import { until } from "../editor/until";
import { ReviewedTask, activeTab, closeEditors, lensIn } from "./reviewedTask";

const PLAY_LIMIT_MS = 60_000;
const HUNKS = ["1 Accept all 3 hunks", "3 Accept hunk", "3 Reject hunk", "21 Accept hunk", "21 Reject hunk", "39 Accept hunk", "39 Reject hunk"];

describe("the review in the editor", function () {
  // Nine diff editors at once take a busy machine a while to draw.
  this.timeout(PLAY_LIMIT_MS);
  let task: ReviewedTask;

  before(async () => {
    task = await ReviewedTask.play("Greet the reviewer");
  });
  afterEach(closeEditors);

  const run = async (command: string, more: object = {}): Promise<void> => {
    await commands.executeCommand(`countersign.${command}`, { ...task.target, ...more });
  };
  const read = async (file: string, side: "base" | "attempt", attempt = 2): Promise<Buffer> => Buffer.from(await workspace.fs.readFile(task.uri(file, side, attempt)));

  describe("the files of an attempt", () => {
    it("are what the commits hold: texts with their line ends, pictures, links, odd names", async () => {
      assert.equal((await read("review/story.ts", "base")).toString(), story());
      assert.equal((await read("review/story.ts", "attempt")).toString(), SECOND_STORY);
      assert.equal((await read("review/story.ts", "attempt", 1)).toString(), FIRST_STORY);
      assert.equal((await read("review/windows.txt", "attempt")).toString(), "EINS\r\nzwei\r\ndrei\r\n");
      assert.equal((await read("review/größe und maß.md", "attempt")).toString(), "# Größe\n\n12 m\n");
      assert.deepEqual(await read("review/picture.png", "base"), PICTURE);
      assert.deepEqual(await read("review/picture.png", "attempt"), Buffer.concat([PICTURE, Buffer.from("x")]));
      assert.equal((await read("review/link", "attempt")).toString(), "story.ts");
    });

    it("are empty where there is none, and know their language", async () => {
      assert.equal((await read("review/neu/new file.ts", "base")).length, 0);
      assert.equal((await read("review/old.md", "attempt")).length, 0);
      const document = await workspace.openTextDocument(task.uri("review/neu/new file.ts", "attempt"));
      assert.equal(document.languageId, "typescript");
      assert.equal((await workspace.openTextDocument(task.uri("review/windows.txt", "attempt"))).lineCount, 4);
    });

    it("cannot be written, removed or made up", async () => {
      const uri = task.uri("review/story.ts", "attempt");
      assert.equal((await workspace.fs.stat(uri)).permissions, 1);
      await assert.rejects(async () => workspace.fs.writeFile(uri, new Uint8Array([1])));
      await assert.rejects(async () => workspace.fs.delete(uri));
      await assert.rejects(async () => workspace.fs.readFile(uri.with({ authority: "gone-0000" })), FileSystemError);
      await assert.rejects(async () => workspace.fs.readFile(uri.with({ query: "{}" })), FileSystemError);
    });
  });

  describe("countersign.reviewChanges", () => {
    it("shows the whole attempt in the multi-diff editor, once however often it is asked for", async () => {
      await run("reviewChanges");
      // The tab names files that have both sides; the others are in the title's count.
      assert.deepEqual(shownIn(activeTab()?.input), [
        ["review/größe und maß.md (base)", "review/größe und maß.md (attempt 2)"],
        ["review/picture.png (base)", "review/picture.png (attempt 2)"],
        ["review/story.ts (base)", "review/story.ts (attempt 2)"],
        ["review/windows.txt (base)", "review/windows.txt (attempt 2)"],
      ]);
      assert.match(activeTab()?.label ?? "", /^Greet the reviewer · attempt 2/);
      await run("reviewChanges");
      assert.equal(window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 1);
    });

    it("shows an earlier attempt as well", async () => {
      await run("reviewChanges", { attempt: 1 });
      assert.deepEqual(shownIn(activeTab()?.input), [["review/story.ts (base)", "review/story.ts (attempt 1)"]]);
    });
  });

  describe("countersign.openChange", () => {
    it("opens the two sides of a file", async () => {
      await run("openChange", { path: "review/story.ts" });
      const input = activeTab()?.input;
      assert.ok(input instanceof TabInputTextDiff);
      assert.deepEqual([input.original.toString(), input.modified.toString()], [task.uri("review/story.ts", "base"), task.uri("review/story.ts", "attempt")].map(String));
      assert.equal(activeTab()?.label, "story.ts (base ↔ attempt 2)");
    });

    it("opens a file of the attempt by itself", async () => {
      await run("openAttemptFile", { path: "review/neu/new file.ts" });
      assert.equal(window.activeTextEditor?.document.getText(), "export const isNew = true;\n");
    });
  });

  describe("countersign.compareAttempts", () => {
    it("shows what is different between two attempts, the older one on the left", async () => {
      await run("compareAttempts", { attempt: 1, with: 2 });
      assert.deepEqual(shownIn(activeTab()?.input).filter(([, modified]) => /story|greeting/.test(modified)), [
        ["greeting.txt (attempt 1)", "greeting.txt (attempt 2)"],
        ["review/story.ts (attempt 1)", "review/story.ts (attempt 2)"],
      ]);
    });
  });

  describe("hunks", () => {
    it("are offered one by one on the attempt's side, and nowhere else", async () => {
      assert.deepEqual((await task.lenses("review/story.ts")).map(({ says }) => says), HUNKS);
      assert.deepEqual((await task.lenses("review/story.ts", "base")).map(({ says }) => says), []);
      assert.deepEqual((await task.lenses("review/old.md", "base")).map(({ says }) => says), ["1 Accept hunk", "1 Reject hunk"]);
      assert.deepEqual((await task.lenses("review/story.ts", "attempt", 1)).map(({ says }) => says), []);
      assert.deepEqual((await task.lenses("review/link")).map(({ says }) => says), []);
    });

    it("go into the working tree when they are accepted, and out of it again when that is undone", async () => {
      await lensIn(await task.lenses("review/story.ts"), "21 Accept hunk").click();
      assert.equal(task.repo.read("review/story.ts"), story({ 20: "export const twenty = 20;" }));
      const now = await task.lenses("review/story.ts");
      assert.deepEqual(now.map(({ says }) => says).filter((says) => says.startsWith("21")), ["21 Accepted", "21 Reject instead"]);
      await lensIn(now, "21 Reject instead").click();
      assert.equal(task.repo.read("review/story.ts"), story());
      const then = await task.lenses("review/story.ts");
      assert.deepEqual(then.map(({ says }) => says).filter((says) => says.startsWith("21")), ["21 Rejected", "21 Accept instead"]);
    });

    it("are decided at the cursor, which goes on to the next one", async () => {
      await run("openChange", { path: "review/story.ts" });
      const editor = await until("the right side has the cursor", () => activeEditorOf(task.uri("review/story.ts", "attempt")));
      editor.selection = selection(3);
      await commands.executeCommand("countersign.acceptHunk");
      assert.equal(task.repo.read("review/story.ts"), story({ 3: "export const three = 3;\nexport const more = three + 1;" }));
      assert.equal(editor.selection.start.line, 38);
      await commands.executeCommand("countersign.rejectHunk");
      assert.deepEqual(task.eventsOf("hunksDecided").at(-1)?.rejected.length, 2);
    });

    it("are left alone by a cursor that is in none", async () => {
      await run("openChange", { path: "review/story.ts" });
      const editor = await until("the right side has the cursor", () => activeEditorOf(task.uri("review/story.ts", "attempt")));
      editor.selection = selection(10);
      const before = task.events().length;
      await commands.executeCommand("countersign.acceptHunk");
      assert.equal(task.events().length, before);
    });
  });

  describe("accepting", () => {
    it("takes a file, then the rest, but for what was rejected", async () => {
      await run("acceptFile", { path: "review/windows.txt" });
      assert.equal(task.repo.read("review/windows.txt"), "EINS\r\nzwei\r\ndrei\r\n");
      assert.ok(!task.repo.has("greeting.txt"));
      await run("acceptAll");
      assert.equal(task.repo.read("greeting.txt"), "hello\n");
      assert.ok(!task.repo.has("review/old.md"));
      assert.deepEqual(readFileSync(path.join(task.repo.dir, "review/copy.png")), PICTURE);
      assert.equal(task.repo.read("review/story.ts"), story({ 3: "export const three = 3;\nexport const more = three + 1;" }));
      assert.deepEqual(task.eventsOf("changesAccepted").at(-1)?.remaining, []);
    });

    it("is taken back by one command, which puts the files back and the task into review", async () => {
      await run("undoAccept");
      assert.equal(task.repo.read("review/story.ts"), story());
      assert.ok(task.repo.has("review/old.md") && !task.repo.has("greeting.txt"));
      assert.deepEqual((await task.lenses("review/story.ts")).map(({ says }) => says), HUNKS);
    });

    it("leaves a conflict to the merge editor, and loses nothing", async () => {
      task.repo.write("review/story.ts", story({ 20: "export const line20 = 'mine';" }));
      await run("acceptFile", { path: "review/story.ts" });
      const merging = (): boolean => window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.startsWith("Merging: story.ts")));
      const isDrafted = (): boolean => workspace.textDocuments.some(({ uri, isDirty }) => isDirty && uri.path.endsWith("/review/story.ts"));
      await until("a merge editor has made its draft", () => merging() && isDrafted());
      await run("undoAccept");
      assert.equal(task.repo.read("review/story.ts"), story({ 20: "export const line20 = 'mine';" }));
      await until("the merge editor is closed", () => !merging() && !isDrafted());
      assert.equal(task.repo.read("review/story.ts"), story({ 20: "export const line20 = 'mine';" }));
      task.repo.write("review/story.ts", story());
    });
  });

  describe("comments and requests", () => {
    it("keep a comment as a draft that can be edited and deleted", async () => {
      const thread = threadAt(task.uri("review/story.ts", "attempt"), 21);
      await commands.executeCommand("countersign.addComment", { thread, text: "Why twenty?" });
      assert.deepEqual(thread.comments.map(({ body, contextValue }) => [body, contextValue]), [["Why twenty?", "draft"]]);
      const [comment] = thread.comments;
      assert.ok(comment !== undefined);
      await commands.executeCommand("countersign.saveComment", { ...comment, body: "Call it score." });
      assert.deepEqual(thread.comments.map(({ body }) => body), ["Call it score."]);
      const other = threadAt(task.uri("review/windows.txt", "base"), 1);
      await commands.executeCommand("countersign.addComment", { thread: other, text: "Never mind" });
      await commands.executeCommand("countersign.deleteComment", other.comments[0]);
    });

    it("sends what is left back with the text, and another attempt begins", async () => {
      await run("requestChanges", { text: "Rename it." });
      const [request] = task.eventsOf("changesRequested").map((event) => event.request);
      assert.ok(request !== undefined);
      assert.equal(request.text, "Rename it.");
      assert.deepEqual(request.comments, [
        { path: "review/story.ts", side: "attempt", attempt: 2, line: 21, endLine: 21, quote: "export const twenty = 20;", text: "Call it score." },
      ]);
      await until("the third attempt has begun", () => task.eventsOf("attemptStarted").some(({ attempt }) => attempt === 3));
    });

    it("shows the second attempt while the third one runs or is done, without deciding about it", async () => {
      await run("reviewChanges", { attempt: 2 });
      assert.match(activeTab()?.label ?? "", /attempt 2/);
      assert.deepEqual((await task.lenses("review/story.ts")).map(({ says }) => says), []);
    });

    it("accepts the third attempt, and commits it where that is wanted", async () => {
      await until("the third attempt waits for its review", () => task.eventsOf("taskPassed").length === 2, PLAY_LIMIT_MS);
      const settings = workspace.getConfiguration("countersign");
      task.repo.git("config", "user.name", "Ada");
      task.repo.git("config", "user.email", "ada@example.org");
      await settings.update("commitOnAccept", "always", ConfigurationTarget.Global);
      try {
        // The run ends a moment after it has passed; until then nothing is accepted.
        await until("it is accepted", async () => {
          await run("acceptAll");
          return (task.eventsOf("changesAccepted").at(-1)?.seq ?? 0) > (task.eventsOf("taskPassed").at(-1)?.seq ?? 0);
        });
      } finally {
        await settings.update("commitOnAccept", undefined, ConfigurationTarget.Global);
      }
      assert.equal(task.repo.read("review/story.ts"), story({ 3: "export const line3 = 'III';" }));
      const [committed] = task.eventsOf("changesCommitted");
      assert.equal(committed?.commit, task.repo.git("rev-parse", "HEAD"));
      assert.match(task.repo.git("log", "-1", "--format=%an %s"), /^Ada Greet/);
      assert.ok(committed?.files.includes("greeting.txt"));
    });
  });
});

/** Both sides of the files of a multi-diff editor's tab, which has no type in the API yet. */
function shownIn(input: unknown): readonly (readonly [string, string])[] {
  const { textDiffs = [] } = (input ?? {}) as { readonly textDiffs?: readonly { readonly original: Uri; readonly modified: Uri }[] };
  const named = (uri: Uri): string => `${uri.path.slice(1)} (${(JSON.parse(uri.query) as { readonly version: string }).version})`;
  return textDiffs.map(({ original, modified }) => [named(original), named(modified)]);
}

function activeEditorOf(uri: Uri): typeof window.activeTextEditor {
  return window.activeTextEditor?.document.uri.toString() === uri.toString() ? window.activeTextEditor : undefined;
}

function selection(line: number): Selection {
  return new Selection(line - 1, 0, line - 1, 0);
}

/** As the editor makes one when a person clicks beside a line. */
function threadAt(uri: Uri, line: number): CommentThread & { comments: readonly Comment[] } {
  return { uri, range: new Range(line - 1, 0, line - 1, 0), comments: [], collapsibleState: 1, canReply: true, dispose: () => undefined };
}
