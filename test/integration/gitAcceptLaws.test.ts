// The laws of a three-way merge, on random trees: base, the user's edits and the attempt's, files, links, binaries and
// folders in each other's way.
import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import type { AcceptResult } from "../../src/core/domain/workspace";
import { GitBench, TASK } from "../builders/gitBench";
import { aRepository, filesInCommit, filesOnDisk, fingerprint, type Repo } from "../builders/repoBuilder";
import { tempFolder } from "../builders/tempFolder";

/** A file as `filesOnDisk` describes it; null: not there. */
type Content = string | null;
type Tree = Readonly<Record<string, Content>>;

const LINES = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"];
const PATHS = ["a", "b c", "ü/x", "ü/y", "e", "f", "g/h/i", "ü"];

const text = fc.subarray(LINES, { minLength: 1 }).map((lines) => `${lines.join("\n")}\n`);
const content: fc.Arbitrary<Content> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: text.map((lines) => `x:${lines}`) },
  { weight: 1, arbitrary: fc.constantFrom("\0binary", "\0other binary", "-> nowhere", "-> a") },
);
/** Base, and on each side either the same or something else. */
const threeTrees = fc
  .tuple(...PATHS.map(() => fc.record({ base: content, ours: fc.option(content), theirs: fc.option(content) })))
  .map((sides) => {
    const tree = (pick: (at: (typeof sides)[number]) => Content): Tree =>
      Object.fromEntries(PATHS.map((file, at) => [file, pick(sides[at]!)]));
    return { base: tree((s) => s.base), ours: tree((s) => s.ours ?? s.base), theirs: tree((s) => s.theirs ?? s.base) };
  });

describe("GitWorkspace.accept, by its laws", function () {
  this.timeout(240_000);
  const folder = tempFolder();
  let run = 0;

  it("keeps what only one side changed, and loses nothing of either", async () => {
    await fc.assert(
      fc.asyncProperty(threeTrees, async (trees) => {
        const home = path.join(folder(), String(run++));
        mkdirSync(home);
        const repo = aRepository(path.join(home, "r"), {});
        const base = lay(repo, trees.base);
        repo.commit({});
        const bench = await GitBench.start(home, repo);
        const theirs = lay(bench.tree, trees.theirs);
        const ours = lay(repo, trees.ours);
        const attempt = await bench.attempt();
        const before = fingerprint(path.join(repo.dir, ".git"));
        const result = await bench.accept(attempt);
        const after = filesOnDisk(repo.dir);
        checkLaws({ base, ours, theirs, after, result, saved: filesInCommit(bench.base.gitDir, result.before) });
        const again = await bench.accept(attempt);
        assert.deepEqual(filesOnDisk(repo.dir), after, "accepting again changes nothing");
        assert.deepEqual([again.applied, again.conflicts], [result.applied, result.conflicts]);
        const undone = await bench.workspace.undoAccept(TASK, [result, again].map((step) => ({ before: step.before, after: step.after! })));
        assert.deepEqual([filesOnDisk(repo.dir), undone.conflicts], [ours, []], "an undo takes back all of it");
        assert.deepEqual(fingerprint(path.join(repo.dir, ".git")), before);
        rmSync(home, { recursive: true });
      }),
      { numRuns: 25 },
    );
  });
});

interface Outcome {
  readonly base: Record<string, string>;
  readonly ours: Record<string, string>;
  readonly theirs: Record<string, string>;
  readonly after: Record<string, string>;
  readonly result: AcceptResult;
  /** The commit of the state before. */
  readonly saved: Record<string, string>;
}

function checkLaws({ base, ours, theirs, after, result, saved }: Outcome): void {
  assert.deepEqual(saved, ours, "the state before is kept whole");
  const changed = [...new Set([...Object.keys(base), ...Object.keys(theirs)])].filter(
    (file) => base[file] !== theirs[file],
  );
  assert.deepEqual(
    [...result.applied, ...result.conflicts].toSorted(),
    changed.toSorted(),
    "every changed path is answered for",
  );
  for (const file of new Set([...Object.keys(ours), ...PATHS])) {
    if (!changed.includes(file)) assert.equal(after[file], ours[file], `${file} was not theirs to touch`);
  }
  for (const file of changed) {
    const sides = { was: base[file], mine: ours[file], its: theirs[file], now: after[file] };
    if (result.conflicts.includes(file)) checkConflict(file, sides, { ours, after });
    else checkApplied(file, sides);
    if (sides.mine !== undefined && sides.mine !== sides.was) {
      assert.ok(holds(sides.now, sides.mine, sides.was), `the user's lines are missing from ${file}`);
    }
  }
}

interface Sides {
  readonly was: string | undefined;
  readonly mine: string | undefined;
  readonly its: string | undefined;
  readonly now: string | undefined;
}

function checkApplied(file: string, { was, mine, its, now }: Sides): void {
  if (mine === its) assert.equal(now, mine, `${file} was equal on both sides`);
  else if (mine === was) assert.equal(now, its, `${file} was changed by the attempt alone`);
  else assert.ok(its !== undefined && holds(now, its, was), `the attempt's lines are missing from ${file}`);
}

function checkConflict(file: string, { was, mine, its, now }: Sides, all: Pick<Outcome, "ours" | "after">): void {
  assert.notEqual(mine, its, `${file} was equal on both sides`);
  if (mine === was) assert.ok(isBlocked(file, all.ours), `${file} is a conflict although nothing stands in its way`);
  if (its !== undefined)
    assert.ok(holds(now, its, was) || beside(all.after, file).includes(its), `the attempt's ${file} is lost`);
}

/** Every line that this side added is in the text; anything but a text must be there as it is. */
function holds(now: string | undefined, side: string, base: string | undefined): boolean {
  if (now === undefined) return false;
  if (now === side) return true;
  if (side.startsWith("\0") || side.startsWith("-> ")) return false;
  const old = new Set(linesOf(base ?? ""));
  const present = new Set(linesOf(now));
  return linesOf(side).every((line) => old.has(line) || present.has(line));
}

function linesOf(text: string): readonly string[] {
  return text.replace(/^x:/, "").split("\n");
}

/** Contents of what was put beside a path or beside what stood in its way. */
function beside(after: Record<string, string>, file: string): readonly (string | undefined)[] {
  const parts = file.split("/");
  const names = parts.map((_, at) => {
    const blocker = parts.slice(0, at + 1).join("/");
    const rest = parts.slice(at + 1);
    return [`${blocker}.countersign`, ...rest].join("/");
  });
  return names.map((name) => after[name]);
}

/** The user has a file where the path needs a folder, or a folder where it is a file. */
function isBlocked(file: string, ours: Record<string, string>): boolean {
  return Object.keys(ours).some((other) => file.startsWith(`${other}/`) || other.startsWith(`${file}/`));
}

/** Makes a folder hold the tree, as far as its paths do not exclude each other; tells what it holds then. */
function lay(repo: Repo, tree: Tree): Record<string, string> {
  for (const file of Object.keys(filesOnDisk(repo.dir))) repo.remove(file);
  for (const [file, what] of Object.entries(tree)) {
    const isTaken =
      existsSync(path.join(repo.dir, file)) ||
      (repo.has(file.split("/")[0] ?? "") && !folderAt(repo, file.split("/")[0] ?? ""));
    if (what === null || isTaken) continue;
    if (what.startsWith("-> ")) repo.link(file, what.slice(3));
    else repo.write(file, what.replace(/^x:/, ""), what.startsWith("x:") ? 0o755 : 0o644);
  }
  return filesOnDisk(repo.dir);
}

function folderAt(repo: Repo, file: string): boolean {
  return Object.keys(filesOnDisk(repo.dir)).some((other) => other.startsWith(`${file}/`));
}
