// The facade: what the command line and the editor call. Creates tasks, runs and resumes them, accepts and discards.
import { CountersignError } from "../domain/errors";
import type { EventBody } from "../domain/event";
import { routeTask } from "../domain/routing";
import type { Category, TaskId, TaskRequest, TaskStatus } from "../domain/task";
import type { AcceptResult } from "../domain/workspace";
import type { ChangeRequest, UndoResult } from "../domain/review";
import { attemptChosen } from "../projections/reviewedAttempt";
import type { TaskView } from "../projections/taskView";
import { Acceptance, commitAccepted, undoAccept, type HunkChoice } from "./acceptance";
import { Budget } from "./budget";
import { DayAlerts } from "./dayAlerts";
import type { EngineDeps, HarnessDeps } from "./engineDeps";
import { Recorder, recordCreation, type Listeners } from "./recorder";
import type { NodeDecision } from "../domain/missionEvents";
import { nodeDecided } from "../mission/run/nodeDecisions";
import { categoryChanged, changesRequested, taskDone } from "./taskDecisions";
import type { MissionHost } from "../mission/run/missionHost";
import { runMission } from "../mission/run/missionLoop";
import type { MissionPart } from "./missionPart";
import { runTask, type RunEnd } from "./taskLoop";
import { removeWorktree } from "./removeWorktree";
import { taskIdFor } from "./taskId";
import { TaskRun } from "./taskRun";

export class Harness {
  private readonly dayAlerts: DayAlerts;

  constructor(
    private readonly deps: HarnessDeps,
    private readonly listeners: Listeners,
  ) {
    this.dayAlerts = new DayAlerts(deps.isDayAlertOnRecord);
  }

  /** Puts a new task on record. A YOURS task stays there until a person does it. */
  create(request: Omit<TaskRequest, "id">): Promise<TaskView> {
    return this.createAs(taskIdFor(request.title, this.deps.randomText), request);
  }

  private createAs(id: TaskId, request: Omit<TaskRequest, "id">): Promise<TaskView> {
    const full: TaskRequest = { ...request, id };
    const route = routeTask(full);
    const type = route.kind === "run" ? route.type : null;
    return recordCreation(this.deps.journal, this.listeners, { kind: "taskCreated", request: full, type, reason: route.reason });
  }

  /**
   * Runs a task from where its view stands to an end or a pause, with other models from now on where `models` says so.
   * Rejects with `conflict` when it cannot be run, and with `cancelled` when `signal` was aborted as abandoned: then it
   * is left as it stands.
   */
  async run(view: TaskView, signal: AbortSignal, models?: TaskRequest["models"]): Promise<{ readonly end: RunEnd; readonly view: TaskView }> {
    assertRunnable(view);
    const run = this.begin(view, signal, null);
    const end = view.type === "mission" ? await runMission(run, this.hostOf(run), models) : await runTask(run, models);
    return { end, view: run.recorder.view };
  }

  private begin(view: TaskView, signal: AbortSignal, part: MissionPart | null): TaskRun {
    const recorder = new Recorder(this.deps.journal, part === null ? this.listeners : watched(this.listeners, part.alive), view, signal);
    const { prices, clock, settings } = this.deps;
    const spentTodayByOthers = (): Promise<number> => this.deps.spentTodayByOthers(view.request.id);
    const budget = new Budget({ settings: settings.budget, prices, spentTodayByOthers, dayAlerts: this.dayAlerts, now: () => new Date(clock.now()) }, recorder);
    return new TaskRun(depsOfRun(this.deps, recorder, part), recorder, budget, signal);
  }

  /** What a mission does with its tasks. They never run but for their mission. */
  private hostOf({ signal }: TaskRun): MissionHost {
    const { agentFiles, openQueue, viewOf } = this.deps;
    return {
      agentFiles,
      openQueue,
      viewOf,
      newTaskId: (title) => taskIdFor(title, this.deps.randomText),
      create: (id, request) => this.createAs(id, request),
      recorderOf: (view) => new Recorder(this.deps.journal, this.listeners, view, signal),
      record: async (view, ...bodies) => {
        const recorder = new Recorder(this.deps.journal, this.listeners, view, signal);
        for (const body of bodies) recorder.note(body);
        await this.deps.journal.flush();
        return recorder.view;
      },
      run: async (view, ended, part) => {
        const run = this.begin(view, ended, part);
        const end = await runTask(run);
        return { end, view: run.recorder.view };
      },
    };
  }

  /** Puts a task that can be run into the queue, or at another place in it. */
  async enqueue(view: TaskView, rank: number): Promise<void> {
    assertRunnable(view);
    await this.record(view, { kind: "runQueued", rank });
  }

  async dequeue(view: TaskView): Promise<void> {
    await this.record(view, { kind: "runDequeued" });
  }

  /**
   * Puts an attempt that passed into review, in place of what came after it; nothing of the user's is touched. Rejects
   * with `notFound`, and with `conflict` for one that did not pass or a task that is over.
   */
  async chooseAttempt(view: TaskView, attempt: number): Promise<TaskView> {
    const chosen = attemptChosen(view, attempt);
    return chosen === null ? view : this.record(view, chosen);
  }

  /** Merges the changes of the attempt in review (or some files of them), but for rejected hunks, into the user's working tree. */
  async accept(view: TaskView, files: readonly string[] | null): Promise<{ readonly result: AcceptResult; readonly view: TaskView }> {
    const recorder = this.recorderOf(view);
    const acceptance = await Acceptance.of(this.deps.workspace, recorder);
    const result = await acceptance.acceptFiles(files);
    await this.tidyAccepted(recorder.view);
    return { result, view: recorder.view };
  }

  /**
   * Decides about hunks of a file, ids as of `hunksOf(base, attempt)`: accepted ones are merged into the working tree,
   * others never get there, and what was accepted before and is rejected now is taken out again. `result` is null where
   * the working tree was not concerned. Rejects with `notAllowed` for a file that can only be accepted as a whole, with
   * `notFound` for ids of another attempt, and with `conflict` where the user has changed the lines to be taken out.
   */
  async decideHunks(view: TaskView, path: string, choice: HunkChoice): Promise<{ readonly result: AcceptResult | null; readonly view: TaskView }> {
    const recorder = this.recorderOf(view);
    const acceptance = await Acceptance.of(this.deps.workspace, recorder);
    const result = await acceptance.decide(path, choice);
    await this.tidyAccepted(recorder.view);
    return { result, view: recorder.view };
  }

  /** Takes back all that was accepted; what the user has changed since stays. The task is in review again. */
  async undoAccept(view: TaskView): Promise<{ readonly result: UndoResult; readonly view: TaskView }> {
    const recorder = this.recorderOf(view);
    return { result: await undoAccept(this.deps.workspace, recorder), view: recorder.view };
  }

  /** Makes the user's own commit of what was accepted; hooks and signing run, and `signal` ends them. */
  async commitAccepted(view: TaskView, message: string, signal: AbortSignal): Promise<{ readonly commit: string; readonly view: TaskView }> {
    const recorder = this.recorderOf(view);
    const { commit } = await commitAccepted(this.deps.workspace, recorder, message, signal);
    return { commit, view: recorder.view };
  }

  /**
   * Begins another round with what the user asks for: at most `maxRetries` + 1 attempts more, in the same worktree under
   * the same contract. The task is queued; `run` goes on. Rejects with `conflict` where there is nothing to change.
   */
  async requestChanges(view: TaskView, request: ChangeRequest): Promise<TaskView> {
    return this.record(view, changesRequested(view, request));
  }

  /** Moves a task that has not begun; it is routed anew. Rejects with `conflict` for any other. */
  async setCategory(view: TaskView, category: Category): Promise<TaskView> {
    return this.record(view, ...categoryChanged(view, category));
  }

  /**
   * What becomes of a task that failed in a mission that is at rest: done once more, left out, or done by the user's own
   * hands, which is not waited for. The mission is queued again; `run` goes on. Rejects with `conflict` for any other.
   */
  async decideNode(view: TaskView, node: string, decision: NodeDecision): Promise<TaskView> {
    return this.record(view, nodeDecided(view, node, decision));
  }

  /** A person did it by hand: what is YOURS ends so. Its branch is kept. */
  async markDone(view: TaskView): Promise<TaskView> {
    const done = await this.record(view, taskDone(view));
    if (view.base !== null) await this.deps.workspace.removeWorktree(view.base, { deleteBranch: false });
    return done;
  }

  /** Gives the work up: worktree and branch are removed, the handoff files stay. */
  async discard(view: TaskView): Promise<TaskView> {
    if (view.status === "accepted" || view.status === "discarded") {
      throw new CountersignError("conflict", `Task ${view.request.id} is ${view.status} already.`);
    }
    const recorder = this.recorderOf(view);
    await recorder.commit({ kind: "changesDiscarded" });
    await this.removeAll(view, { deleteBranch: true });
    return recorder.view;
  }

  /** Frees the disk of a task that does not run; the next run makes the worktree again, with all that was in it. */
  async removeWorktree(view: TaskView): Promise<void> {
    await removeWorktree(this.deps.workspace, view);
  }

  private async tidyAccepted(view: TaskView): Promise<void> {
    if (view.status === "accepted") await this.removeAll(view, { deleteBranch: false });
  }

  /** The worktrees of a task and, of a mission, of all that was begun in it. */
  private async removeAll({ base, mission }: TaskView, options: { readonly deleteBranch: boolean }): Promise<void> {
    const tasks = (mission?.nodes ?? []).flatMap(({ task, state }) => (task === null || state === "merged" ? [] : [task]));
    const views = await Promise.all(tasks.map((task) => this.deps.viewOf(task)));
    for (const one of [base, ...views.map((view) => view?.base ?? null)]) if (one !== null) await this.deps.workspace.removeWorktree(one, options);
  }

  private async record(view: TaskView, ...bodies: readonly EventBody[]): Promise<TaskView> {
    const recorder = this.recorderOf(view);
    for (const body of bodies) recorder.note(body);
    await this.deps.journal.flush();
    return recorder.view;
  }

  private recorderOf(view: TaskView): Recorder {
    return new Recorder(this.deps.journal, this.listeners, view);
  }
}

/** Tells of every sign of life, too. */
function watched(listeners: Listeners, alive: () => void): Listeners {
  return {
    onEvent: (event, view) => {
      alive();
      listeners.onEvent(event, view);
    },
    onLive: (event) => {
      alive();
      listeners.onLive(event);
    },
  };
}

/** With the commands of this run. The settings are asked for at every look, as before. */
function depsOfRun(deps: HarnessDeps, recorder: Recorder, part: MissionPart | null): EngineDeps {
  const commands = deps.commandsFor({ request: recorder.view.request, note: (event) => recorder.note(event) });
  return {
    ...deps,
    get settings() {
      return part === null ? deps.settings : { ...deps.settings, maxRetries: part.maxRetries };
    },
    part,
    commands,
    setup: deps.setup.using(commands),
  };
}

/** Whether it can be run, or be resumed. */
export function isRunnable({ type, status, request }: TaskView): boolean {
  return type !== null && request.partOf === undefined && RUNNABLE.has(status);
}

/** Throws `conflict` with what can be done instead. */
export function assertRunnable({ type, status, request: { id, partOf } }: TaskView): void {
  if (partOf !== undefined) throw new CountersignError("conflict", `Task ${id} is part of a mission and runs with it: resume ${partOf.mission}.`);
  if (type === null) throw new CountersignError("conflict", `Task ${id} is YOURS: it waits for you and is never run.`);
  if (!RUNNABLE.has(status)) throw new CountersignError("conflict", `Task ${id} is ${status}: there is nothing to run.${NEXT[status] ?? ""}`);
}

/** `running` in a journal that nobody else owns means that its process ended without saying so. */
const RUNNABLE: ReadonlySet<TaskStatus> = new Set(["queued", "running", "awaiting_approval", "failed", "paused", "cancelled"]);

const NEXT: Partial<Record<TaskStatus, string>> = {
  review: " Look at it with `diff`, then `accept` or `discard` it, or ask for changes with `retry`.",
  escalated: " Its qc-failure-report.md says what was tried; `retry` it with what you learned.",
};

/** The task with this id or the only one whose id starts so. */
export function findTask(views: readonly TaskView[], id: string): TaskView {
  const exact = views.find((view) => view.request.id === (id as TaskId));
  if (exact !== undefined) return exact;
  const starting = views.filter((view) => view.request.id.startsWith(id));
  const [only] = starting;
  if (starting.length === 1 && only !== undefined) return only;
  const known = views.slice(0, 10).map((view) => view.request.id);
  const why = starting.length > 1 ? `${starting.length} tasks start with "${id}"` : `There is no task "${id}"`;
  throw new CountersignError("notFound", `${why}. ${known.length === 0 ? "There are no tasks yet." : `Tasks: ${known.join(", ")}`}`);
}
