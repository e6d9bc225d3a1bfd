// Takes accepts back, the last one first: each is the same merge as an accept, from the tree after it to the one before.
import type { AcceptStep } from "../../core/domain/workspace";
import type { UndoResult } from "../../core/domain/review";
import { Accept } from "./accept";
import type { Repository } from "./locate";
import { commitName, type TaskNames } from "./names";
import type { Git } from "./runGit";
import { resolveNames, userPlace } from "./snapshot";

const WORDS = { what: "The accept could not be undone", kept: "Your files were not touched." };

export async function undoAccepts(
  git: Git,
  repository: Repository,
  undo: { readonly names: TaskNames; readonly temporary: string; readonly steps: readonly AcceptStep[] },
): Promise<UndoResult> {
  const { names, temporary } = undo;
  const restored = new Set<string>();
  const conflicts = new Set<string>();
  let before: string | null = null;
  for (const step of (await joined(git, repository, undo.steps)).toReversed()) {
    const change = { from: step.after, to: step.before, onConflict: "mark", ownLinks: null, keep: [] } as const;
    const labels = ["as accepted", "before the accept"] as const;
    const done = await new Accept(git, repository, temporary, { names, labels, ...change }).run();
    for (const file of done.applied) restored.add(file);
    for (const file of done.conflicts) conflicts.add(file);
    before ??= done.before;
  }
  return { restored: [...restored].filter((file) => !conflicts.has(file)), conflicts: [...conflicts], before: before ?? "" };
}

/** Accepts between which nothing else happened to the tree are one: a merge each would only cost time. */
async function joined(git: Git, repository: Repository, steps: readonly AcceptStep[]): Promise<readonly AcceptStep[]> {
  const names = steps.flatMap(({ before, after }) => [`${commitName(before)}^{tree}`, `${commitName(after)}^{tree}`]);
  const trees = await resolveNames(git, userPlace(repository), names, WORDS);
  const result: AcceptStep[] = [];
  for (const [at, step] of steps.entries()) {
    const last = result.at(-1);
    const isSame = at > 0 && trees[2 * at] === trees[2 * at - 1] && trees[2 * at] !== null;
    if (last !== undefined && isSame) result[result.length - 1] = { before: last.before, after: step.after };
    else result.push(step);
  }
  return result;
}
