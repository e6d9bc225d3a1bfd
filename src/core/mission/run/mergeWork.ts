// Passed work is merged into the mission's branch by the host: the merge is made beside the branch, every check that has
// to hold runs on it, and only then the branch moves. What does not go together goes back to the later task.
import type { PlannedTask } from "../../domain/mission";
import { messageOf } from "../../domain/errors";
import { CheckRunner } from "../../engine/checkRunner";
import type { TaskRun } from "../../engine/taskRun";
import type { Claim } from "../../ports/workQueue";
import type { TaskView } from "../../projections/taskView";
import type { TaskBase } from "../../domain/workspace";
import { CountersignError } from "../../domain/errors";
import { redTogether, type ContractAt } from "./checksTogether";
import type { MissionHost } from "./missionHost";
import { missionOf } from "./missionOf";

export type MergeEnd =
  | { readonly kind: "merged" }
  /** The claim does not count any more: nothing was merged. */
  | { readonly kind: "stale" }
  /** `view`: of the task, ready to go on with another round. */
  | { readonly kind: "sentBack"; readonly detail: string; readonly view: TaskView };

interface MergeDeps {
  readonly run: TaskRun;
  readonly host: MissionHost;
  readonly isCurrent: () => Promise<boolean>;
}

export interface PassedWork {
  readonly planned: PlannedTask;
  readonly claim: Claim;
  readonly view: TaskView;
  readonly signal: AbortSignal;
}

export async function mergeWork(deps: MergeDeps, work: PassedWork): Promise<MergeEnd> {
  const { run, host, isCurrent } = deps;
  const { planned, claim, view, signal } = work;
  const { workspace } = run.deps;
  const { base, commit } = passedWork(view);
  const head = missionOf(run).head ?? run.base.commit;
  const message = `${planned.title}\n\nCountersign mission ${run.recorder.task}, ${planned.id}.`;
  const merged = await workspace.merge(run.base, { onto: head, from: base.commit, to: commit, message });
  const problem = merged.conflicts.length > 0 ? conflictText(merged.conflicts) : await redText(deps, work, { head, commit: merged.commit });
  if (problem !== null) return sendBack(deps, work, { head, reason: merged.conflicts.length > 0 ? "conflict" : "redTogether", detail: problem });
  signal.throwIfAborted();
  if (!(await isCurrent())) return { kind: "stale" };
  // On record first: a branch that was not moved yet is moved when the mission goes on.
  await run.recorder.commit({ kind: "nodeMerged", node: planned.id, child: view.request.id, token: claim.token, from: head, commit: merged.commit });
  if (!(await workspace.moveBranch(run.base, { expected: head, to: merged.commit }))) {
    throw new CountersignError("conflict", `The branch ${run.base.branch} was moved by somebody else. The merge of ${planned.id} is in the commit ${merged.commit}.`);
  }
  await host.record(view, { kind: "workMerged", commit: merged.commit });
  await tidy(run, base);
  return { kind: "merged" };
}

/** Its commits are in the mission's branch: neither its worktree nor its own branch is needed. */
async function tidy({ deps }: TaskRun, base: TaskBase): Promise<void> {
  try {
    await deps.workspace.removeWorktree(base, { deleteBranch: true });
  } catch (error) {
    deps.logger.warn("a merged task's worktree could not be removed", { worktree: base.worktree, error: messageOf(error) });
  }
}

async function redText({ run, host }: MergeDeps, { view, signal, planned }: PassedWork, at: { readonly head: string; readonly commit: string }): Promise<string | null> {
  const { nodes } = missionOf(run);
  const others: ContractAt[] = [];
  for (const { task, state, id } of nodes) {
    if (state !== "merged" || task === null) continue;
    const other = await host.viewOf(task);
    if (other !== null && other.contract !== null) others.push({ node: id, contract: other.contract.contract, baseChecks: other.baseChecks });
  }
  const own: readonly ContractAt[] = view.contract === null ? [] : [{ node: planned.id, contract: view.contract.contract, baseChecks: view.baseChecks }];
  // Where nothing was merged since it began, its own checks have run on just this.
  const wanted = at.head === view.base?.commit ? others : [...own, ...others];
  const recorder = host.recorderOf(view);
  return redTogether({ run, runner: new CheckRunner(run.deps, recorder), folder: `verification/merged-${nodes.filter(({ merged }) => merged !== null).length + 1}` }, { commit: at.commit, contracts: wanted, alreadyRun: at.head === view.base?.commit ? own : [], signal });
}

/** The task goes on from where the mission stands now, with its work on it. */
async function sendBack(
  { run, host }: MergeDeps,
  { planned, view }: PassedWork,
  { head, reason, detail }: { readonly head: string; readonly reason: "conflict" | "redTogether"; readonly detail: string },
): Promise<MergeEnd> {
  const { workspace } = run.deps;
  const { base, commit } = passedWork(view);
  const message = `${planned.title}, on what was merged before\n\nCountersign mission ${run.recorder.task}, ${planned.id}.`;
  const { commit: moved, conflicts } = await workspace.merge(run.base, { onto: head, from: base.commit, to: commit, message });
  await run.recorder.commit({ kind: "nodeSentBack", node: planned.id, child: view.request.id, reason, detail });
  const asked = { text: detail, comments: [] };
  const after = await host.record(
    view,
    { kind: "baseMoved", base: { ...base, commit: head }, work: moved, conflicts },
    { kind: "changesRequested", afterAttempt: view.attempts.at(-1)?.attempt ?? 0, request: asked },
  );
  return { kind: "sentBack", detail, view: after };
}

function conflictText(files: readonly string[]): string {
  return (
    `Other tasks of the mission were merged while you worked, and they changed the same lines: ${files.join(", ")}. The worktree holds their work and yours now; ` +
    "these files have conflict markers. Resolve them so that both sides' behaviour is kept, and leave no marker."
  );
}

function passedWork({ base, attempts, request }: TaskView): { readonly base: TaskBase; readonly commit: string } {
  const commit = attempts.findLast(({ decision }) => decision?.pass === true)?.commit ?? null;
  if (base === null || commit === null) throw new CountersignError("internal", `Task ${request.id} has not passed.`);
  return { base, commit };
}
