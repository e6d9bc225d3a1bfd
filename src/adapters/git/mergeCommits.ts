// Merges one commit's changes onto another, three-way and path by path, in the object store alone: no working tree is
// read or written. The decisions are those of an accept; the side that is merged onto is "ours".
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { MergedCommit } from "../../core/domain/workspace";
import { actionFor, isSubmodule, type ThreeWay } from "./acceptPlan";
import { entryChanges, type Entry, type EntryChange } from "./diff";
import { PrivateIndex } from "./privateIndex";
import { removeTree } from "./removeTree";
import type { Git, Place } from "./runGit";
import { commitTree, resolveNames } from "./snapshot";

const WORDS = { what: "The work could not be merged", kept: "It is kept on the task's branch." };

export interface MergeRequest {
  readonly onto: string;
  readonly from: string;
  readonly to: string;
  readonly message: string;
  /** What the sides are, in conflict markers. */
  readonly labels: readonly [onto: string, from: string, to: string];
  /** Folder for short-lived files. */
  readonly temporary: string;
}

interface Planned extends ThreeWay {
  readonly path: string;
}

/** The entry that a path comes to; `conflict` where both sides have changed the same. */
interface Settled {
  readonly path: string;
  readonly entry: Entry | null;
  readonly conflict: boolean;
}

export async function mergeCommits(git: Git, place: Place, request: MergeRequest): Promise<MergedCommit> {
  const merge = new CommitMerge(git, place, request);
  return merge.run();
}

class CommitMerge {
  private readonly folder: string;

  constructor(
    private readonly git: Git,
    private readonly place: Place,
    private readonly request: MergeRequest,
  ) {
    this.folder = path.join(request.temporary, `accept-merge-${process.pid}-${randomBytes(6).toString("hex")}`);
  }

  async run(): Promise<MergedCommit> {
    const { from, to, onto, message } = this.request;
    const [theirs, ours] = await Promise.all([this.changesTo(to), this.changesTo(onto)]);
    const changedByUs = new Map(ours.map((change) => [change.path, change]));
    const plans = theirs.map((change): Planned => {
      const own = changedByUs.get(change.path);
      return { path: change.path, base: change.from, ours: own === undefined ? change.from : own.to, theirs: change.to };
    });
    await mkdir(this.folder, { recursive: true });
    try {
      const settled = [...(await Promise.all(plans.map((plan) => this.settle(plan)))), ...foldersInTheWay(ours, theirs)];
      const commit = await this.commitOf(settled, await this.parentsOf(from, to, onto), message);
      return { commit, conflicts: [...new Set(settled.filter(({ conflict }) => conflict).map((one) => one.path))].sort() };
    } finally {
      await removeTree(this.folder);
    }
  }

  private async changesTo(commit: string): Promise<readonly EntryChange[]> {
    const changes = await entryChanges(this.git, this.place, this.request.from, commit);
    return changes.filter((change) => !isSubmodule(change.from) && !isSubmodule(change.to));
  }

  private async settle(plan: Planned): Promise<Settled> {
    const action = actionFor(plan);
    const { path: file, ours, theirs } = plan;
    switch (action.kind) {
      case "nothing":
        return { path: file, entry: ours, conflict: false };
      case "write":
      case "remove":
        return { path: file, entry: theirs, conflict: false };
      case "keep":
      case "beside":
        return { path: file, entry: ours, conflict: true };
      case "merge":
        return this.mergeTexts(plan, action.executable);
    }
  }

  private async mergeTexts({ path: file, base, ours, theirs }: Planned, executable: boolean): Promise<Settled> {
    const name = path.join(this.folder, randomBytes(6).toString("hex"));
    const sides = [ours, base, theirs] as const;
    const files = ["ours", "base", "theirs"].map((side) => `${name}.${side}`);
    await Promise.all(sides.map(async (side, at) => writeFile(files[at] ?? "", side === null ? "" : await this.blob(side))));
    const labels = this.request.labels.flatMap((label) => ["-L", label]);
    const { exitCode } = await this.git.attempt(this.place, ["merge-file", "-q", ...labels, ...files]);
    // Above 127: not two texts.
    if (exitCode > 127) return { path: file, entry: ours, conflict: true };
    const oid = await this.git.line(this.place, ["hash-object", "-w", "--stdin"], WORDS, { input: await readFile(files[0] ?? "") });
    return { path: file, entry: { mode: executable ? "100755" : "100644", oid }, conflict: exitCode > 0 };
  }

  private blob({ oid }: Entry): Promise<Buffer> {
    return this.git.run(this.place, ["cat-file", "blob", oid], WORDS);
  }

  /** Nothing to merge: no commit of two parents. */
  private async parentsOf(from: string, to: string, onto: string): Promise<readonly string[]> {
    return to === from ? [onto] : [onto, to];
  }

  private async commitOf(settled: readonly Settled[], parents: readonly string[], message: string): Promise<string> {
    const { onto, temporary } = this.request;
    const index = await PrivateIndex.copyOf(this.git, this.place, null, temporary);
    let tree: string;
    try {
      await index.readTree(onto, WORDS);
      await index.forget(settled.filter(({ entry }) => entry === null).map((one) => one.path), WORDS);
      await index.put(settled.flatMap(({ path: file, entry }) => (entry === null ? [] : [{ path: file, entry }])), WORDS);
      tree = await index.writeTree(WORDS);
    } finally {
      await index.dispose();
    }
    const [treeThere] = await resolveNames(this.git, this.place, [`${onto}^{tree}`], WORDS);
    if (tree === treeThere && parents.length === 1) return onto;
    return commitTree(this.git, this.place, { tree, parents, message }, WORDS);
  }
}

/** A file of one side where the other has brought a folder: ours stays, and the path is one to be looked at. */
function foldersInTheWay(ours: readonly EntryChange[], theirs: readonly EntryChange[]): readonly Settled[] {
  const brought = theirs.filter(({ to }) => to !== null);
  return ours.flatMap(({ path: file, to }) => {
    const inTheWay = to !== null && brought.some((change) => change.path.startsWith(`${file}/`) || file.startsWith(`${change.path}/`));
    return inTheWay ? [{ path: file, entry: to, conflict: true }] : [];
  });
}
