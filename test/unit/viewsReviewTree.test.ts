// The Review tree as a user reads it: files in folders, counts, decisions, check boxes that persist.
import assert from "node:assert/strict";
import type { HunkId } from "../../src/core/domain/review";
import type { TaskId } from "../../src/core/domain/task";
import type { FileChange } from "../../src/core/domain/workspace";
import { filesBelow, foldersOf, type FileFolder } from "../../src/vscode/views/fileFolders";
import { ReviewedMarks } from "../../src/vscode/views/reviewedMarks";
import { ReviewTree } from "../../src/vscode/views/reviewTree";
import { DeskHistory } from "../builders/deskHistory";
import { nodeAt, treeText } from "../builders/treeText";
import { MemoryMemento } from "../fakes/memoryMemento";

const FILES: readonly FileChange[] = [
  { path: "README.md", status: "modified", added: 3, removed: 1 },
  { path: "media/spiral.png", status: "added", added: null, removed: null },
  { path: "src/commands/old/gcd.js", status: "deleted", added: 0, removed: 20 },
  { path: "src/commands/fibonacci.js", status: "added", added: 24, removed: 0 },
];

function aReview(memento = new MemoryMemento(), drafts: { pending(ref: { readonly task: TaskId }): number } = { pending: () => 0 }): { readonly history: DeskHistory; readonly tree: ReviewTree; readonly task: TaskId; readonly marks: ReviewedMarks } {
  const history = new DeskHistory();
  history.created("Not yet");
  const task = history.inReview("Add a command");
  history.add(task, { kind: "attemptCommitted", attempt: 2, commit: "c0ffee2", files: FILES });
  const marks = new ReviewedMarks(memento);
  return { history, task, marks, tree: new ReviewTree({ opened: [history.desk], all: () => Promise.resolve([history.desk]) }, marks, drafts) };
}

describe("ReviewTree", () => {
  it("shows tasks in review with their files in compact folders", async () => {
    assert.deepEqual(await treeText(aReview().tree), [
      "Add a command | attempt 2 · 4 files · +27 −21",
      "  media",
      "    spiral.png | binary",
      "  src/commands",
      "    old",
      "      gcd.js | +0 −20",
      "    fibonacci.js | +24 −0",
      "  README.md | +3 −1",
    ]);
  });

  it("says how many comments wait to be sent, and where to look when that changes", async () => {
    const pending = new Map<string, number>();
    const { tree, task } = aReview(new MemoryMemento(), { pending: ({ task: of }: { readonly task: TaskId }) => pending.get(of) ?? 0 });
    const node = await nodeAt(tree, "Add a command");
    pending.set(task, 2);
    assert.deepEqual(tree.commented({ root: "/home/ada/tally", task }), [node]);
    assert.equal(tree.row(node).description, "attempt 2 · 4 files · +27 −21 · 2 comments not sent");
    assert.deepEqual(tree.commented({ root: "/home/ada/other", task }), []);
  });

  it("says of files what their menus may offer, and opens their diff", async () => {
    const { tree, task } = aReview();
    const deleted = tree.row(await nodeAt(tree, "Add a command", "src/commands", "old", "gcd.js"));
    assert.deepEqual([deleted.context, deleted.resource], ["reviewFile status=D can=accept", { kind: "change", root: "/home/ada/tally", path: "src/commands/old/gcd.js", letter: "D" }]);
    const added = tree.row(await nodeAt(tree, "Add a command", "src/commands", "fibonacci.js"));
    assert.equal(added.context, "reviewFile status=A can=accept has=file");
    assert.ok(added.click?.kind === "command");
    assert.deepEqual([added.click.command, added.click.args], ["countersign.openChange", [{ target: { root: "/home/ada/tally", task, path: "src/commands/fibonacci.js", attempt: 2 } }]]);
    assert.match(tree.row(await nodeAt(tree, "Add a command")).context, /^reviewTask can=review can=accept can=retry can=compare can=discard$/);
  });

  it("marks files as reviewed, folders with all of theirs, and keeps that for another window", async () => {
    const memento = new MemoryMemento();
    const { tree } = aReview(memento);
    await tree.mark([[await nodeAt(tree, "Add a command", "src/commands"), true], [await nodeAt(tree, "Add a command", "README.md"), true]]);
    await tree.mark([[await nodeAt(tree, "Add a command", "README.md"), false]]);
    const later = aReview(memento).tree;
    const checked = async (...path: readonly string[]): Promise<boolean | null> => later.row(await nodeAt(later, "Add a command", ...path)).checked;
    assert.deepEqual(await Promise.all([checked("src/commands"), checked("src/commands", "old"), checked("src/commands", "fibonacci.js"), checked("README.md"), checked("media")]), [true, true, true, false, false]);
    assert.match(later.row(await nodeAt(later, "Add a command")).description, /2 of 4 reviewed$/);
  });

  it("refreshes the task whose files were marked", async () => {
    const { tree } = aReview();
    const task = await nodeAt(tree, "Add a command");
    assert.deepEqual(await tree.mark([[await nodeAt(tree, "Add a command", "README.md"), true]]), [task]);
  });

  it("forgets what was marked in another attempt", async () => {
    const { tree, history, task } = aReview();
    await tree.mark([[await nodeAt(tree, "Add a command", "README.md"), true]]);
    history.add(task, { kind: "attemptCommitted", attempt: 2, commit: "0ther00", files: FILES });
    assert.equal(tree.row(await nodeAt(tree, "Add a command", "README.md")).checked, false);
  });

  it("says what was decided about a file", async () => {
    const { tree, history, task } = aReview();
    const hunk = (id: string): HunkId => id as HunkId;
    history.add(
      task,
      { kind: "hunksDecided", path: "src/commands/fibonacci.js", accepted: [hunk("a"), hunk("b")], rejected: [hunk("c")] },
      { kind: "changesAccepted", result: { applied: ["README.md"], conflicts: ["media/spiral.png"], before: "f00" }, remaining: ["src/commands/fibonacci.js"] },
    );
    assert.deepEqual((await treeText(tree)).filter((text) => /accepted/.test(text)), [
      "    spiral.png | binary · accepted, in conflict",
      "    fibonacci.js | +24 −0 · 2 hunks accepted · 1 rejected",
      "  README.md | +3 −1 · accepted",
    ]);
    assert.equal(tree.row(await nodeAt(tree, "Add a command", "README.md")).context, "reviewFile status=M has=file");
  });

  it("drops a task with the last accepted file, and refreshes it alone before", async () => {
    const { tree, history, task } = aReview();
    const node = await nodeAt(tree, "Add a command");
    const seen: unknown[] = [];
    history.desk.onChange((change) => seen.push(tree.changed(history.desk, change)));
    const accepted = { kind: "changesAccepted", result: { applied: ["README.md"], conflicts: [], before: "f00" } } as const;
    history.add(task, { ...accepted, remaining: ["media/spiral.png"] }, { ...accepted, remaining: [] });
    assert.deepEqual(seen, [[node], "all"]);
    assert.deepEqual(await treeText(tree), []);
  });
});

describe("ReviewedMarks", () => {
  it("forgets tasks whose review is over", async () => {
    const memento = new MemoryMemento();
    const marks = new ReviewedMarks(memento);
    const [one, two] = [{ root: "/a", task: "one" as TaskId }, { root: "/a", task: "two" as TaskId }];
    await marks.set(one, "c1", ["x"], true);
    await marks.set(two, "c2", ["y"], true);
    await marks.prune((key) => key.endsWith("two"));
    const later = new ReviewedMarks(memento);
    assert.deepEqual([later.of(one, "c1"), later.of(two, "c2")], [[], ["y"]]);
  });

  it("begins anew where something else was kept", () => {
    const memento = new MemoryMemento();
    for (const kept of [null, [1], "x", { "/a\none": { commit: 7, paths: ["x"] } }, { "/a\none": null }]) {
      memento.kept.set("countersign.reviewed", JSON.stringify(kept));
      assert.deepEqual(new ReviewedMarks(memento).of({ root: "/a", task: "one" as TaskId }, "c1"), []);
    }
  });
});

describe("foldersOf", () => {
  it("keeps every file once, below the folder that its path names", () => {
    const paths = ["a/b/c/d.ts", "a/b/c/e.ts", "a/b/f.ts", "g.ts", "h/i.ts", "a-b/x.ts"];
    const root = foldersOf(paths);
    assert.deepEqual(filesBelow(root).toSorted(), paths.toSorted());
    const names = (folder: FileFolder): unknown => [folder.name, folder.folders.map(names), folder.files];
    assert.deepEqual(names(root), ["", [["a-b", [], ["a-b/x.ts"]], ["a/b", [["c", [], ["a/b/c/d.ts", "a/b/c/e.ts"]]], ["a/b/f.ts"]], ["h", [], ["h/i.ts"]]], ["g.ts"]]);
  });
});
