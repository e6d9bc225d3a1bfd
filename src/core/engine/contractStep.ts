// The contract: negotiated, tried on the base commit, approved where the user asked for that, and frozen by hash.
import { createHash } from "node:crypto";
import type { CheckResult, Contract } from "../domain/contract";
import { baseProblems, staticProblems } from "../domain/contractRules";
import { contractIn, printContract } from "../domain/contractYaml";
import { profileProblems, type ProfileNeeds } from "../domain/profileRules";
import { CountersignError } from "../domain/errors";
import { oneLine } from "../domain/markdown";
import { printPlan, stepsIn, withContract } from "../handoff/planFile";
import { PLAN_FILE } from "../handoff/planNames";
import { requestsOf } from "../projections/openRequests";
import { isSealed } from "../domain/sealed";
import { NEEDS_SEALED } from "../domain/sealedRules";
import { contractNegotiator, contractNegotiatorMessage, refusalMessage } from "../roles/contractNegotiator";
import type { Review, SessionEnd } from "./agentSession";
import { CheckRunner } from "./checkRunner";
import { secretProblems } from "./contractSecrets";
import type { Deadline } from "./deadline";
import type { TaskRun } from "./taskRun";

/** A refused contract goes back this often. Source: design, "The life of a task", 4. */
export const CONTRACT_REFUSALS = 2;

/** In the task's plan folder: the sealed files, for the user to read. What runs comes from the frozen contract. */
const SEALED_FOLDER = "sealed";

/** What the freeze step came to. */
export type FreezeEnd = { readonly outcome: "completed" } | { readonly outcome: "awaitingApproval"; readonly detail: string };

/** sha256 of the contract's printed form: what `contractFrozen` holds and every verification compares. */
export function contractHash(contract: Contract): string {
  return createHash("sha256").update(printContract(contract)).digest("hex");
}

export function negotiateStep(run: TaskRun): Promise<SessionEnd<Contract>> {
  return run.phase("contract_negotiator", 0, async (deadline) => {
    const { request } = run.recorder.view;
    const end = await run.session({
      definition: contractNegotiator,
      attempt: 0,
      firstMessage: contractNegotiatorMessage({ request, plan: run.plan, deliverablesFolder: run.deliverablesFolder, requests: requestsOf(run.recorder.view), sealedChecks: wantsSealed(run), dataVerification: run.deps.settings.dataVerification ?? null }),
      dir: run.base.worktree,
      toolCallLimit: run.deps.settings.toolCalls,
      deadline,
      review: (contract, { turn }) => reviewProposal(run, { contract, turn, deadline }),
    });
    if (end.outcome === "completed") await writeContract(run, end.value);
    return end;
  });
}

async function reviewProposal(
  run: TaskRun,
  { contract, turn, deadline }: { readonly contract: Contract; readonly turn: number; readonly deadline: Deadline },
): Promise<Review> {
  const { recorder } = run;
  const { refusal } = recorder.view;
  // A session that goes on after a crash may show the answer that was refused just before it.
  if (refusal?.turn === turn) return refused(refusal);
  const round = recorder.view.contractRounds + 1;
  // Some work cannot be tested from outside. Whether it may be done without sealed checks is a person's word, never the negotiator's.
  const isPersonAsked = recorder.view.request.approvePlan && round > CONTRACT_REFUSALS;
  const needsSealed = wantsSealed(run) && !isPersonAsked;
  const problems = await deadline.offTheClock((signal) => problemsOf(run, { contract, round, needsSealed, needs: needsOf(run) }, signal));
  if (problems.length === 0) {
    if (wantsSealed(run) && !contract.checks.some(isSealed)) recorder.note({ kind: "notificationRaised", level: "warning", text: unsealedText(run), about: "approval" });
    await recorder.commit({ kind: "contractProposed", round, contract });
    return { kind: "accepted" };
  }
  await recorder.commit({ kind: "contractRefused", round, turn, problems });
  return refused({ round, problems });
}

function refused({ round, problems }: { readonly round: number; readonly problems: readonly string[] }): Review {
  if (round <= CONTRACT_REFUSALS) return { kind: "sentBack", message: refusalMessage(problems) };
  const [first] = problems;
  const detail = problems.length === 1 && first === NEEDS_SEALED ? `no check of it is sealed, after ${round} rounds. ${WITHOUT_SEALED}` : `no valid contract after ${round} rounds: ${problems.join(" ")}`;
  return { kind: "refused", detail };
}

const WITHOUT_SEALED =
  "The generator would see every test that it must pass. To go on without, switch sealedChecks off, choose another kind of work than code, or ask to approve the plan yourself";

/** Sealed checks suit what can be run and tested. */
function wantsSealed(run: TaskRun): boolean {
  return run.deps.settings.sealedChecks && run.recorder.view.request.profile === "code";
}

function unsealedText(run: TaskRun): string {
  return `The contract of "${run.recorder.view.request.title}" has no sealed checks: the generator would see every test that it must pass. Approve the plan only if that will do.`;
}

interface Proposal {
  readonly contract: Contract;
  readonly round: number;
  readonly needsSealed: boolean;
  /** What suits its kind of work; null where a person has decided what is to be checked. */
  readonly needs: ProfileNeeds | null;
}

function needsOf({ deps, recorder }: TaskRun): ProfileNeeds {
  return { request: recorder.view.request, dataVerification: deps.settings.dataVerification ?? null };
}

async function problemsOf(run: TaskRun, { contract, round, needsSealed, needs }: Proposal, signal: AbortSignal): Promise<readonly string[]> {
  const written = [...staticProblems(contract, needsSealed), ...(needs === null ? [] : profileProblems(contract, needs)), ...secretProblems(contract)];
  return written.length > 0 ? written : baseProblems(contract, await runOnBase(run, contract, round, signal));
}

async function runOnBase(run: TaskRun, contract: Contract, round: number, signal: AbortSignal): Promise<readonly CheckResult[]> {
  // The worktree's set-up fills the cache from which the clean room is cloned.
  await run.prepared();
  const runner = new CheckRunner(run.deps, run.recorder);
  const room = await runner.openRoom(run.base, run.base.commit, signal);
  try {
    return await runner.run(room, { contract, where: { site: "base", round }, known: run.knownOnBase }, signal);
  } finally {
    await room.close();
  }
}

async function writeContract(run: TaskRun, contract: Contract): Promise<void> {
  const { plans } = run.deps;
  for (const { path, text } of contract.sealedFiles ?? []) await plans.write(run.recorder.task, `${SEALED_FOLDER}/${path}`, text);
  const current = await plans.read(run.recorder.task, PLAN_FILE);
  await run.handoff(PLAN_FILE, withContract(current ?? printPlan(run.plan, run.recorder.view.request), contract));
}

/** Freezes the proposed contract, after the user's approval where the task asks for it. */
export async function freezeStep(run: TaskRun): Promise<FreezeEnd> {
  const { recorder, deps } = run;
  const { request, proposedContract } = recorder.view;
  if (proposedContract === null) throw new CountersignError("internal", "There is no contract to freeze.");
  let contract = proposedContract;
  if (request.approvePlan && recorder.view.approval !== "approved") {
    const answer = await askApproval(run, proposedContract);
    if (answer.kind === "waits") {
      const path = deps.plans.pathOf(recorder.task, PLAN_FILE);
      const problems = answer.problems.length === 0 ? "" : `, and cannot be taken as it stands: ${answer.problems.join(" ")}`;
      return { outcome: "awaitingApproval", detail: `the plan waits for your approval: ${path}${problems}`.replace(/\.$/, "") };
    }
    contract = answer.contract;
  }
  await takeEditedSteps(run);
  await writeContract(run, contract);
  await recorder.commit({ kind: "contractFrozen", hash: contractHash(contract), contract });
  return { outcome: "completed" };
}

type Approval =
  /** The contract as it stands in `plan.md` then. */
  | { readonly kind: "approved"; readonly contract: Contract }
  /** Nobody answered, or the answer was no; problems of the plan that was said yes to, if any. */
  | { readonly kind: "waits"; readonly problems: readonly string[] };

async function askApproval(run: TaskRun, proposed: Contract): Promise<Approval> {
  const { recorder, deps } = run;
  await recorder.commit({ kind: "planApprovalRequested" });
  let problems: readonly string[] = [];
  while (deps.approvePlan !== null && (await deps.approvePlan(recorder.view, problems))) {
    const read = contractIn((await deps.plans.read(recorder.task, PLAN_FILE)) ?? "");
    const edited = read.ok && printContract(read.value) !== printContract(proposed);
    problems = read.ok ? (edited ? await editProblems(run, read.value) : []) : read.problems;
    if (read.ok && problems.length === 0) {
      await recorder.commit({ kind: "planApproved", edited });
      return { kind: "approved", contract: read.value };
    }
  }
  return { kind: "waits", problems };
}

async function editProblems(run: TaskRun, contract: Contract): Promise<readonly string[]> {
  const round = run.recorder.view.contractRounds + 1;
  // The user's own word: a contract without sealed checks, too, or without those that suit the kind of work.
  const problems = await problemsOf(run, { contract, round, needsSealed: false, needs: null }, run.signal);
  if (problems.length === 0) await run.recorder.commit({ kind: "contractProposed", round, contract });
  return problems;
}

/** Steps that a person changed in `plan.md` are the plan from now on. */
async function takeEditedSteps(run: TaskRun): Promise<void> {
  const { plan, recorder, deps } = run;
  const steps = stepsIn((await deps.plans.read(recorder.task, PLAN_FILE)) ?? "");
  const same = steps === null || JSON.stringify(steps) === JSON.stringify(plan.steps.map(oneLine));
  if (!same) await recorder.commit({ kind: "planProposed", plan: { ...plan, steps } });
}
