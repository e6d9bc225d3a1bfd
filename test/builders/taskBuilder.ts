// Builds whole task histories: `aTask().withSession("planner").withAttempt("fail").escalated()`.
import type { Contract } from "../../src/core/domain/contract";
import type { EventBody, JournalEvent } from "../../src/core/domain/event";
import type { Phase, Role, SessionId, TaskRequest } from "../../src/core/domain/task";
import { modelOf } from "../../src/core/roles/roleSettings";
import { nextView } from "../../src/core/projections/taskFold";
import type { TaskView } from "../../src/core/projections/taskView";
import { numbered } from "./eventBuilder";
import { A_CONTRACT, A_PLAN, A_SELF_EVALUATION, SOME_USAGE, aCheckResult, aTaskRequest, aVerdict } from "./samples";

const PHASE_OF: Readonly<Record<Role, Phase>> = {
  planner: "planning",
  contract_negotiator: "contract",
  generator: "implementation",
  evaluator: "verification",
  single_agent: "implementation",
  request_optimizer: "optimization",
  project_manager: "decomposition",
  preamble_writer: "preambles",
  worker: "implementation",
  qc: "verification",
  reporter: "report",
};

export function aTask(change: Partial<TaskRequest> = {}): TaskBuilder {
  return new TaskBuilder(aTaskRequest(change));
}

export class TaskBuilder {
  readonly #bodies: EventBody[];
  #sessions = 0;
  #attempts = 0;

  constructor(readonly request: TaskRequest) {
    this.#bodies = [
      { kind: "taskCreated", request, type: "multi_agent", reason: "PREP tasks are planned and verified" },
      { kind: "runStarted", resumed: false, version: "0.1.0" },
    ];
  }

  with(...bodies: readonly EventBody[]): this {
    this.#bodies.push(...bodies);
    return this;
  }

  /** A session of `turns` turns, each with one tool call and the cost `usd`. */
  withSession(role: Role, turns = 2, usd: number | null = 0.01): this {
    this.#sessions += 1;
    const attempt = this.#attempts;
    const session = `${role}-${attempt}-${this.#sessions.toString().padStart(4, "0")}` as SessionId;
    const model = modelOf(this.request.models, role);
    this.with({ kind: "sessionStarted", session, role, phase: PHASE_OF[role], attempt, model });
    for (let turn = 1; turn <= turns; turn += 1) {
      const call = `call_${turn}`;
      this.with(
        { kind: "toolCalled", session, call, tool: "read_file", summary: "src/cli.js 1–60" },
        { kind: "toolFinished", session, call, tool: "read_file", ok: true, summary: "60 lines", durationMs: 3 },
        { kind: "turnCompleted", session, turn, model, usage: SOME_USAGE, usd, durationMs: 900, stop: "toolUse", toolCalls: 1 },
      );
    }
    return this.with({ kind: "sessionEnded", session, outcome: "completed", detail: "" });
  }

  withPlan(): this {
    return this.with({ kind: "planProposed", plan: A_PLAN }, { kind: "handoffWritten", file: "plan.md" });
  }

  withContract(contract: Contract = A_CONTRACT): this {
    return this.with({ kind: "contractProposed", round: 1, contract }, { kind: "contractFrozen", hash: "5f2c", contract });
  }

  /** An attempt with its session, check and verdict. */
  withAttempt(result: "pass" | "fail"): this {
    const attempt = ++this.#attempts;
    const green = result === "pass";
    const check = aCheckResult(green ? {} : { green, reason: "exit 1 instead of 0", exitCode: 1 });
    const score = green ? 92 : 40;
    const where = { site: "attempt", attempt } as const;
    this.with({ kind: "attemptStarted", attempt }).withSession("generator");
    const file = { path: "src/commands/fibonacci.js", status: "added", added: 20, removed: 0 } as const;
    return this.with(
      { kind: "selfEvaluated", attempt, selfEvaluation: A_SELF_EVALUATION },
      { kind: "attemptCommitted", attempt, commit: `c0ffee${attempt}`, files: [file] },
      { kind: "checkStarted", expected: "green", where, check: A_CONTRACT.checks[0]! },
      { kind: "checkFinished", expected: "green", where, result: check },
      { kind: "attemptChecked", attempt, green: Number(green), red: Number(!green) },
      { kind: "attemptInspected", attempt, findings: [] },
      { kind: "verdictGiven", attempt, verdict: aVerdict(green ? {} : { verdict: "FAIL", score }) },
      green
        ? { kind: "attemptAccepted", attempt, score, decision: { pass: true, reasons: [] } }
        : { kind: "attemptRejected", attempt, score, decision: { pass: false, reasons: ["check K1 is red"] } },
    );
  }

  passed(): this {
    return this.with({ kind: "taskPassed", attempt: this.#attempts });
  }

  escalated(): this {
    return this.with({ kind: "taskEscalated", reason: "3 attempts failed" });
  }

  get bodies(): readonly EventBody[] {
    return this.#bodies;
  }

  events(firstSeq = 1): readonly JournalEvent[] {
    return numbered(this.request.id, this.#bodies, firstSeq);
  }

  view(): TaskView {
    const view = this.events().reduce<TaskView | null>(nextView, null);
    if (view === null) throw new Error("a history begins with taskCreated");
    return view;
  }
}
