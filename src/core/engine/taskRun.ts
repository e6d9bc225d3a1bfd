// One run of one task: what all steps share. Holds no state of the task; that is in the recorder's view.
import type { Contract } from "../domain/contract";
import { CountersignError } from "../domain/errors";
import type { PhaseOutcome } from "../domain/event";
import { canGoOn } from "../domain/scriptModel";
import type { Phase, Role, SessionId } from "../domain/task";
import type { TaskBase } from "../domain/workspace";
import type { CommandRunner } from "../ports/commandRunner";
import type { Plan } from "../domain/handoff";
import { deliverablesFolderOf } from "../handoff/deliverables";
import type { RoleDefinition } from "../roles/role";
import { modelOf, PHASE_OF, type RoleSettings } from "../roles/roleSettings";
import { runSession, type SessionEnd, type SessionSpec } from "./agentSession";
import type { Budget } from "./budget";
import { Deadline } from "./deadline";
import type { EngineDeps } from "./engineDeps";
import { KnownResults } from "./knownResults";
import type { Recorder } from "./recorder";

export interface RoleCall<T> {
  readonly definition: RoleDefinition<T>;
  readonly attempt: number;
  readonly firstMessage: string;
  /** Absolute folder that the role's tools see. */
  readonly dir: string;
  readonly toolCallLimit: number;
  readonly deadline: Deadline;
  readonly review: SessionSpec<T>["review"];
  readonly onText?: SessionSpec<T>["onText"];
  readonly onCall?: SessionSpec<T>["onCall"];
}

/** How a phase ends when its session ended so; any other ending is a failure. */
const PHASE_END: Readonly<Record<string, PhaseOutcome>> = {
  completed: "completed",
  cancelled: "cancelled",
  outOfBudget: "paused",
  spendLimit: "paused",
};

export class TaskRun {
  /** Of checks on the base commit. */
  readonly knownOnBase = new KnownResults();
  private setup: Promise<void> | null = null;
  /** Phases begun in this run, with the clock's reading. */
  private readonly begun = new Map<string, number>();

  constructor(
    readonly deps: EngineDeps,
    readonly recorder: Recorder,
    readonly budget: Budget,
    /** The user's cancel. */
    readonly signal: AbortSignal,
  ) {}

  get base(): TaskBase {
    return this.present(this.recorder.view.base, "base");
  }

  get plan(): Plan {
    return this.present(this.recorder.view.plan, "plan");
  }

  get contract(): Contract {
    return this.present(this.recorder.view.contract, "contract").contract;
  }

  /** Where the generator puts files that do not belong in the repository, relative to the worktree. */
  get deliverablesFolder(): string {
    return deliverablesFolderOf(this.recorder.task);
  }

  settingsOf(role: Role): RoleSettings {
    return { ...this.deps.settings.roles[role], model: modelOf(this.recorder.view.request.models, role) };
  }

  /** Begins to prepare the worktree while a session already reads and thinks; `again` when it was made anew. */
  startPreparing(again = false): void {
    if (this.setup !== null && !again) return;
    this.setup = this.prepare(again);
    // Whoever awaits it gets the failure; until then it must not count as unhandled.
    this.setup.catch((error: unknown) => this.deps.logger.warn("set-up failed", { error: String(error) }));
  }

  /** Resolves when the worktree is prepared; rejects with `setup`. */
  async prepared(): Promise<void> {
    this.startPreparing();
    await this.setup;
  }

  /** An agent's commands in the worktree wait until it is prepared; the agent's time stands still meanwhile. */
  private commandsOf(deadline: Deadline): CommandRunner {
    const offTheClock = <T>(work: () => Promise<T>): Promise<T> => deadline.offTheClock(work);
    return {
      run: async (spec, signal) => {
        await offTheClock(() => this.prepared());
        return this.deps.commands.run({ ...spec, offTheClock }, signal);
      },
    };
  }

  /** Records that a phase has begun, once a run. */
  async beginPhase(phase: Phase, attempt: number): Promise<void> {
    const key = `${phase} ${attempt}`;
    if (this.begun.has(key)) return;
    this.begun.set(key, this.deps.clock.monotonic());
    await this.recorder.commit({ kind: "phaseStarted", phase, attempt, limitMs: this.deps.settings.phaseLimitsMs[phase] });
  }

  /** Runs a phase's agent work, holds it to its time limit, and records the phase's end. */
  async phase<T extends { readonly outcome: string }>(role: Role, attempt: number, work: (deadline: Deadline) => Promise<T>): Promise<T> {
    const { recorder, deps } = this;
    const phase = PHASE_OF[role];
    await this.beginPhase(phase, attempt);
    const deadline = new Deadline(deps.settings.phaseLimitsMs[phase], deps.clock, this.signal);
    const ended = (outcome: PhaseOutcome): Promise<void> => {
      const durationMs = Math.round(deps.clock.monotonic() - (this.begun.get(`${phase} ${attempt}`) ?? 0));
      return recorder.commit({ kind: "phaseEnded", phase, attempt, outcome, durationMs });
    };
    try {
      const result = await work(deadline);
      await ended(PHASE_END[result.outcome] ?? "failed");
      return result;
    } catch (error) {
      await ended(this.signal.aborted || CountersignError.is(error, "cancelled") ? "cancelled" : "failed");
      throw error;
    } finally {
      deadline.dispose();
    }
  }

  /** Runs one role's session, or goes on with the one that a crash or a pause interrupted. */
  session<T>(call: RoleCall<T>): Promise<SessionEnd<T>> {
    const { deps, recorder } = this;
    const { definition, attempt, dir } = call;
    const id = this.sessionId(definition.role, attempt);
    let outputs = 0;
    return runSession(
      { model: deps.model, transcripts: deps.transcripts, recorder, budget: this.budget, clock: deps.clock },
      {
        id,
        definition,
        settings: this.settingsOf(definition.role),
        attempt,
        firstMessage: call.firstMessage,
        context: {
          files: deps.filesAt(dir),
          commands: this.commandsOf(call.deadline),
          ...(deps.graph === undefined ? {} : { graph: deps.graph }),
          outputFile: (name) => deps.plans.pathOf(recorder.task, `sessions/${id}.output-${++outputs}-${name}.log`),
          onOutput: (text) => recorder.live({ kind: "outputStreamed", task: recorder.task, source: id, text }),
        },
        toolCallLimit: call.toolCallLimit,
        signal: call.deadline.signal,
        review: call.review,
        onText: call.onText ?? (() => undefined),
        onCall: call.onCall ?? (() => undefined),
      },
    );
  }

  /** Writes a handoff file and puts it on record. */
  async handoff(file: string, text: string): Promise<void> {
    await this.deps.plans.write(this.recorder.task, file, text);
    await this.recorder.commit({ kind: "handoffWritten", file });
  }

  /**
   * A role has one session an attempt. A step that runs again (after a crash or a pause) goes on with it: from its
   * transcript it finds its place, or just the answer that it had already given. With another model it begins anew:
   * thoughts are bound to the model that had them.
   */
  private sessionId(role: Role, attempt: number): SessionId {
    const { sessions, rounds } = this.recorder.view;
    // A session from before the user's last request does not know of it.
    const known = sessions.slice(rounds.at(-1)?.sessions ?? 0).findLast((s) => s.role === role && s.attempt === attempt);
    if (known !== undefined && canGoOn(known.model, this.settingsOf(role).model)) return known.id;
    return `${role}-${attempt}-${this.deps.randomText(4)}` as SessionId;
  }

  private async prepare(again: boolean): Promise<void> {
    if (this.recorder.view.setup !== null && !again) return;
    const steps = await this.deps.setup.prepare(this.base.worktree, this.signal);
    await this.recorder.commit({ kind: "setupFinished", place: "worktree", steps });
  }

  private present<T>(value: T | null, what: string): T {
    if (value === null) throw new CountersignError("internal", `The task has no ${what} yet.`);
    return value;
  }
}
