// One task of a mission, from its claim to its merge: made where it was not, carried out by the same loop as any task,
// merged, or sent back with the evidence where it does not go together with what was merged before.
import { CountersignError } from "../../domain/errors";
import type { EventBody } from "../../domain/event";
import type { PlannedTask } from "../../domain/mission";
import type { TaskId } from "../../domain/task";
import type { MissionPart } from "../../engine/missionPart";
import type { RunEnd, StepEnd } from "../../engine/taskLoop";
import type { TaskRun } from "../../engine/taskRun";
import { printPlan } from "../../handoff/planFile";
import { PLAN_FILE } from "../../handoff/planNames";
import type { Claim, ClaimRef } from "../../ports/workQueue";
import type { NodeView } from "../../projections/missionView";
import type { TaskView } from "../../projections/taskView";
import { briefingsFor } from "./briefings";
import { childPlan, childRequest } from "./childTask";
import { askManager } from "./managerAnswers";
import type { MergeOrder } from "./mergeOrder";
import { mergeWork, type MergeEnd } from "./mergeWork";
import type { MissionHost } from "./missionHost";
import { missionOf } from "./missionOf";

/** Work that passed alone is sent back this often. */
const MOST_SENT_BACK = 3;

/** `held`: it can go on, but not now. `stopped`: its worker was. */
export type NodeEnd =
  | { readonly kind: "merged" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "held"; readonly reason: string; readonly stop: Extract<StepEnd, { kind: "end" }> }
  | { readonly kind: "stopped"; readonly reason: string };

export interface NodeContext {
  readonly order: MergeOrder;
  readonly isCurrent: (claim: ClaimRef) => Promise<boolean>;
}

interface Attending {
  readonly signal: AbortSignal;
  readonly heartbeat: () => void;
}

export class NodeWork {
  constructor(
    private readonly run: TaskRun,
    private readonly host: MissionHost,
    private readonly context: NodeContext,
  ) {}

  async carryOut(planned: PlannedTask, claim: Claim, attending: Attending): Promise<NodeEnd> {
    const { part: told, measures } = await briefingsFor(this.run, this.host, planned);
    let view = await this.claimed(planned, claim, measures);
    const part = this.partOf(planned, told, attending.heartbeat);
    for (;;) {
      attending.heartbeat();
      if (view.status !== "merging") {
        await this.finishMove(view);
        const ended = await this.host.run(view, attending.signal, part);
        view = ended.view;
        if (ended.end !== "passed") return this.notPassed(planned, claim, ended);
      }
      attending.heartbeat();
      const passed = view;
      const merge = await this.context.order.inTurn(planned.id, () => this.merge(planned, claim, passed, attending.signal));
      if (merge.kind === "merged") return merge;
      if (merge.kind === "stale") return { kind: "stopped", reason: "its claim does not count any more" };
      const { sentBack } = this.nodeOf(planned.id);
      if (sentBack > MOST_SENT_BACK) return this.failed(planned, claim, `it passed alone, and ${sentBack} times not together with the rest: ${merge.detail}`);
      view = merge.view;
    }
  }

  /** Its record says who works on it before its task exists: a task that was made is never lost. */
  private async claimed(planned: PlannedTask, claim: Claim, measures: readonly EventBody[]): Promise<TaskView> {
    const { run, host } = this;
    const known = this.nodeOf(planned.id).task;
    const task = known ?? host.newTaskId(planned.title);
    await run.recorder.commit({ kind: "nodeClaimed", node: planned.id, child: task, worker: claim.worker, token: claim.token });
    const view = (known === null ? null : await host.viewOf(task)) ?? (await host.create(task, childRequest(run.recorder.view, planned)));
    return view.plan === null ? this.plannedIn(view, planned, measures) : view;
  }

  private async plannedIn(view: TaskView, planned: PlannedTask, measures: readonly EventBody[]): Promise<TaskView> {
    const plan = childPlan(planned);
    await this.run.deps.plans.write(view.request.id, PLAN_FILE, printPlan(plan, view.request));
    return this.host.record(view, ...measures, { kind: "planProposed", plan }, { kind: "handoffWritten", file: PLAN_FILE });
  }

  private partOf(planned: PlannedTask, told: Pick<MissionPart, "worker" | "qc">, alive: () => void): MissionPart {
    const { run } = this;
    const { base } = run;
    return {
      ...told,
      alive,
      maxRetries: planned.maxRetries,
      from: { commit: missionOf(run).head ?? base.commit, head: base.head },
      ask: (question, signal) => askManager(run, { planned, question, signal }),
    };
  }

  /** A move of its base that is on record and was cut off is made; one that was made is left alone. */
  private async finishMove({ base, moved }: TaskView): Promise<void> {
    if (base !== null && moved !== null) await this.run.deps.workspace.moveBranch(base, { expected: moved.from, to: moved.work });
  }

  private merge(planned: PlannedTask, claim: Claim, view: TaskView, signal: AbortSignal): Promise<MergeEnd> {
    return mergeWork({ run: this.run, host: this.host, isCurrent: () => this.context.isCurrent(claim) }, { planned, claim, view, signal });
  }

  private async notPassed(planned: PlannedTask, claim: Claim, { end, view }: { readonly end: RunEnd; readonly view: TaskView }): Promise<NodeEnd> {
    const { detail, request } = view;
    const said = `${planned.id} (${request.id}): ${detail}`;
    switch (end) {
      case "escalated":
        return this.failed(planned, claim, detail);
      case "cancelled":
        return { kind: "stopped", reason: detail };
      case "paused": {
        const reason = view.sessions.some(({ outcome }) => outcome === "spendLimit") ? "spendLimit" : "outOfBudget";
        return this.held(planned, claim, { kind: "end", end, event: { kind: "taskPaused", reason, detail: said } });
      }
      case "failed":
        return this.held(planned, claim, { kind: "end", end, event: { kind: "taskFailed", code: "task", detail: said } });
      default:
        throw new CountersignError("internal", `A task of a mission ended as ${end}.`);
    }
  }

  private async failed({ id }: PlannedTask, { token }: Claim, reason: string): Promise<NodeEnd> {
    await this.run.recorder.commit({ kind: "nodeFailed", node: id, child: this.taskOf(id), token, reason });
    return { kind: "failed", reason };
  }

  private async held({ id }: PlannedTask, { token }: Claim, stop: Extract<StepEnd, { kind: "end" }>): Promise<NodeEnd> {
    const reason = "detail" in stop.event && typeof stop.event.detail === "string" ? stop.event.detail : stop.end;
    await this.run.recorder.commit({ kind: "nodeReclaimed", node: id, token, hung: false, reason });
    return { kind: "held", reason, stop };
  }

  private taskOf(node: string): TaskId {
    const { task } = this.nodeOf(node);
    if (task === null) throw new CountersignError("internal", `Nobody has claimed ${node}.`);
    return task;
  }

  private nodeOf(id: string): NodeView {
    const node = missionOf(this.run).nodes.find((known) => known.id === id);
    if (node === undefined) throw new CountersignError("internal", `The mission has no task ${id}.`);
    return node;
  }
}
