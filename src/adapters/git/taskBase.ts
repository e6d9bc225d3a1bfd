// A task's base commit, branch and refs: made in one step, found again afterwards.
import path from "node:path";
import type { Repository } from "./locate";
import type { TaskNames } from "./names";
import type { Git } from "./runGit";
import { commitTree, resolveNames, stageUsersTree, userPlace } from "./snapshot";

const WORDS = { what: "The snapshot of your working tree could not be made" };

export interface BaseDeps {
  readonly git: Git;
  readonly repository: Repository;
  /** Folder for short-lived files. */
  readonly temporary: string;
  readonly shadow: boolean;
}

export interface BaseCommit {
  readonly commit: string;
  readonly head: string | null;
}

/** The same from a commit that is there already; a base that was made before is found again. */
export async function baseFromCommit(deps: Pick<BaseDeps, "git" | "repository">, names: TaskNames, from: BaseCommit): Promise<BaseCommit> {
  const { git, repository } = deps;
  const place = { cwd: repository.commonDir, gitDir: repository.gitDir };
  const [branch = null, base = null, headThen = null] = await resolveNames(git, place, [names.branchRef, names.baseRef, names.headRef], WORDS);
  if (base !== null) {
    if (branch === null) await updateRefs(git, place, [`create ${names.branchRef} ${base}`]);
    return { commit: base, head: headThen };
  }
  const { commit, head } = from;
  const lines = [branch === null ? `create ${names.branchRef} ${commit}` : `update ${names.branchRef} ${commit}`, `create ${names.baseRef} ${commit}`];
  await updateRefs(git, place, head === null ? lines : [...lines, `update ${names.headRef} ${head}`]);
  return from;
}

export async function createTaskBase(deps: BaseDeps, names: TaskNames, signal: AbortSignal): Promise<BaseCommit> {
  const { git, repository } = deps;
  const place = { cwd: repository.commonDir, gitDir: repository.gitDir };
  // Most calls are the first for their task: the snapshot is begun while the refs are looked up.
  const staging = stageUsersTree(git, repository, deps.temporary, { words: WORDS, signal });
  // Whoever awaits it gets the failure; a known base does not need it.
  staging.catch(() => undefined);
  const refs = ["HEAD", "HEAD^{tree}", names.branchRef, names.baseRef, names.headRef];
  const [head = null, headTree = null, branch = null, base = null, headThen = null] = await resolveNames(
    git,
    place,
    refs,
    WORDS,
  );
  const known = base ?? branch;
  if (known !== null) {
    await staging.then(
      (index) => index.dispose(),
      () => undefined,
    );
    const lines = [
      ...(branch === null ? [`create ${names.branchRef} ${known}`] : []),
      ...(base === null ? [`create ${names.baseRef} ${known}`] : []),
    ];
    if (lines.length > 0) await updateRefs(git, place, lines);
    return { commit: known, head: headThen };
  }
  const index = await staging;
  let tree: string;
  try {
    tree = await index.writeTree(WORDS);
    // The shadow's index is nobody's: it saves the next snapshot from reading every file again.
    if (deps.shadow) await index.copyTo(path.join(repository.gitDir, "index"));
  } finally {
    await index.dispose();
  }
  const parents = head === null ? [] : [head];
  const message = `Working tree at the start of ${names.id}`;
  const commit =
    head !== null && tree === headTree
      ? head
      : await commitTree(git, userPlace(repository), { tree, parents, message }, WORDS);
  const refLines = [`create ${names.branchRef} ${commit}`, `create ${names.baseRef} ${commit}`];
  await updateRefs(git, place, head === null ? refLines : [...refLines, `create ${names.headRef} ${head}`]);
  return { commit, head };
}

async function updateRefs(
  git: Git,
  place: { readonly cwd: string; readonly gitDir: string },
  lines: readonly string[],
): Promise<void> {
  await git.run(place, ["update-ref", "--stdin"], WORDS, { input: lines.map((line) => `${line}\n`).join("") });
}
