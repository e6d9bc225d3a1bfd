// `run`, `resume`, `retry` and `sample`: the commands that spend money and time.
import { createInterface } from "node:readline/promises";
import { relative } from "node:path";
import { CountersignError } from "../core/domain/errors";
import type { JournalEvent, LiveEvent } from "../core/domain/event";
import { assertRunnable, findTask } from "../core/engine/harness";
import type { TaskRequest } from "../core/domain/task";
import { changesRequested } from "../core/engine/taskDecisions";
import type { RunEnd } from "../core/engine/taskLoop";
import { DEFAULT_WORKERS } from "../core/domain/mission";
import { titleOf } from "../core/engine/taskId";
import { planFileOf } from "../core/handoff/planNames";
import type { TaskView } from "../core/projections/taskView";
import type { Command } from "./arguments";
import { hasTasks, openEngine, openSite, readStore, type Environment, type OpenEngine, type Site } from "../composition/site";
import { commandsOfScript } from "../composition/commandGuard";
import { openConsent } from "./consent";
import { changedModels, roleModels } from "./settings";
import { openModel, type OpenModel } from "./models";
import { Progress } from "./progress";
import { prepareSample } from "../composition/sample";
import { printSummary } from "./summary";
import { prefixed, quoteArgument, type Terminal } from "./terminal";

export interface CommandContext {
  readonly env: Environment;
  readonly cwd: string;
  readonly out: Terminal;
  readonly err: Terminal;
  /** How this program is called. */
  readonly program: string;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Called at once by the second. */
  readonly onForcedExit: (end: () => void) => void;
}

export const EXIT = { passed: 0, error: 1, escalated: 2, paused: 3, cancelled: 4, awaitingApproval: 5 } as const;

const EXIT_OF: Readonly<Record<RunEnd, number>> = { ...EXIT, failed: EXIT.error };

type RunOf = Extract<Command, { kind: "run" }>;

export function runCommand(command: RunOf, context: CommandContext): Promise<number> {
  return runNew(command, context, null);
}

/** `sample`: the commands of the bundled sample, where it is that one. */
async function runNew(command: RunOf, context: CommandContext, sample: ReadonlySet<string> | null): Promise<number> {
  const site = await openSite(command.repo, context.env);
  const { category, type, profile, attachments, approvePlan, text } = command;
  const request = {
    title: titleOf(text),
    description: text,
    category,
    requestedType: type,
    profile,
    attachments,
    approvePlan,
    models: roleModels(site.settings, command),
    ...(type === "mission" ? { mission: { optimize: command.optimize, maxWorkers: command.workers, chain: command.chain } } : {}),
  };
  const models = category === "YOURS" ? null : request.models;
  return withEngine({ site, command, context, approve: false, models, sample }, async (engine) => {
    const view = await engine.harness.create(request);
    return view.type === null ? { view, end: null } : engine.harness.run(view, context.signal);
  });
}

export async function resumeCommand(command: Extract<Command, { kind: "resume" }>, context: CommandContext): Promise<number> {
  const site = await openSite(command.repo, context.env);
  // Nothing is made in a folder that holds no task.
  if (!hasTasks(site)) taskToResume([], command.task);
  // Before a model is looked for: whoever has no such task must not be sent to look for a key.
  const models = await withTasks(site, (views) => {
    const view = taskToResume(views, command.task);
    assertRunnable(view);
    return modelsAfter(view, command);
  });
  return withEngine({ site, command, context, approve: command.approve, models, sample: null }, async (engine) => {
    const view = taskToResume((await engine.store()).tasks(), command.task);
    return engine.harness.run(view, context.signal, changedModels(view.request.models, command));
  });
}

function modelsAfter({ request }: TaskView, command: Extract<Command, { kind: "resume" | "retry" }>): TaskRequest["models"] {
  return changedModels(request.models, command) ?? request.models;
}

/** Asks for changes in what a task has done, and runs its next attempts. */
export async function retryCommand(command: Extract<Command, { kind: "retry" }>, context: CommandContext): Promise<number> {
  const site = await openSite(command.repo, context.env);
  const request = { text: command.text, comments: [] };
  if (!hasTasks(site)) findTask([], command.task);
  // Before a model is looked for: whoever has no such task must not be sent to look for a key.
  const models = await withTasks(site, (views) => {
    const view = findTask(views, command.task);
    changesRequested(view, request);
    return modelsAfter(view, command);
  });
  return withEngine({ site, command, context, approve: false, models, sample: null }, async (engine) => {
    const view = await engine.harness.requestChanges(findTask((await engine.store()).tasks(), command.task), request);
    return engine.harness.run(view, context.signal, changedModels(view.request.models, command));
  });
}

async function withTasks<T>(site: Site, look: (views: readonly TaskView[]) => T): Promise<T> {
  const { store, close } = await readStore(site);
  try {
    return look(store.tasks());
  } finally {
    await close();
  }
}

export async function sampleCommand(command: Extract<Command, { kind: "sample" }>, context: CommandContext): Promise<number> {
  const { repo, script, task } = await prepareSample(command.keep);
  if (!command.json) context.out.line(`A copy of the sample repository is in ${repo}. The model is a script; everything else is real.\n`);
  const none = { roleModels: {}, record: null, budgetUsd: null, dayBudgetUsd: null, retries: null, setup: null, allow: [], deny: [] };
  const run = { kind: "run", text: task, category: "PREP", type: null, profile: "code", attachments: [], approvePlan: false, optimize: false, workers: DEFAULT_WORKERS, chain: null } as const;
  return runNew({ ...run, ...none, model: `script:${script}`, repo, json: command.json }, context, await commandsOfScript(script));
}

interface Session {
  readonly site: Site;
  readonly command: Extract<Command, { kind: "run" | "resume" | "retry" }>;
  readonly context: CommandContext;
  readonly approve: boolean;
  /** null: nothing will be asked. */
  readonly models: TaskRequest["models"] | null;
  readonly sample: ReadonlySet<string> | null;
}

async function tasksOf(engine: OpenEngine, { type, request }: TaskView): Promise<readonly TaskView[]> {
  if (type !== "mission") return [];
  return (await engine.store()).tasks().filter((task) => task.request.partOf?.mission === request.id);
}

type Outcome = { readonly view: TaskView; readonly end: RunEnd | null };

/** So that the next query starts from a snapshot. One that cannot be written is no reason to hide how the run ended. */
async function saveSnapshot(engine: OpenEngine, err: Terminal): Promise<void> {
  try {
    await (await engine.store()).save();
  } catch (error) {
    if (!CountersignError.is(error, "io")) throw error;
    err.line(`countersign: ${error.message}`);
  }
}

async function withEngine(session: Session, work: (engine: OpenEngine) => Promise<Outcome>): Promise<number> {
  const { site, command, context } = session;
  const { env, out, err, signal } = context;
  const { clock, logger, settings } = site;
  const model = session.models === null ? NO_MODEL_NEEDED : await openModel(command, Object.values(session.models), { env, clock, logger, settings });
  const listeners = command.json ? jsonListeners(out) : humanListeners(out);
  const approvePlan = session.approve ? approved(session) : askInTerminal(session);
  const consent = await openConsent(site, { ...command, sample: session.sample }, context);
  const engine = await openEngine(site, { model: model.client, limits: command, listeners, approvePlan, consent });
  engine.commands.endOrphans();
  context.onForcedExit(() => engine.commands.endAll());
  try {
    const { view, end } = await work(engine);
    if (!command.json) printEnd(session, view, await tasksOf(engine, view));
    else if (end === "failed") err.line(`countersign: ${view.detail}`);
    if (signal.aborted && end === "cancelled" && !command.json) err.line("Cancelled. What was done is kept.");
    await model.close();
    await saveSnapshot(engine, err);
    return end === null ? EXIT.passed : EXIT_OF[end];
  } finally {
    engine.commands.endAll();
    await engine.journal.close();
  }
}

const NO_MODEL_NEEDED: OpenModel = {
  client: {
    stream: () => {
      throw new CountersignError("noModel", "This task is never run.");
    },
  },
  close: () => Promise.resolve(),
};

function jsonListeners(out: Terminal): { onEvent(event: JournalEvent): void; onLive(event: LiveEvent): void } {
  return { onEvent: (event) => out.raw(`${JSON.stringify(event)}\n`), onLive: () => undefined };
}

function humanListeners(out: Terminal): { onEvent(event: JournalEvent, view: TaskView): void; onLive(event: LiveEvent): void } {
  const all = new Map<string, Progress>();
  // Tasks of a mission run side by side: each line says whose it is.
  const of = (task: string, view: TaskView | null): Progress => {
    const node = view?.request.partOf?.node;
    const progress = all.get(task) ?? new Progress(node === undefined ? out : prefixed(out, out.dim(`[${node}]`)));
    all.set(task, progress);
    return progress;
  };
  return { onEvent: (event, view) => of(event.task, view).event(event, view), onLive: (event) => all.get(event.task)?.live(event) };
}

/** `--approve` is said once: what is wrong with an edited plan is told, and the task waits again. */
function approved({ site, context: { err } }: Session): (view: TaskView, problems: readonly string[]) => Promise<boolean> {
  return (view, problems) => {
    if (problems.length > 0) err.line(`${site.plans.pathOf(view.request.id, planFileOf(view))} cannot be taken as it is:`);
    for (const problem of problems) err.line(err.red(`  ${problem}`));
    return Promise.resolve(problems.length === 0);
  };
}

/** Asks on the error stream, so that standard output stays clean; an end of input is no answer. */
function askInTerminal({ site, context }: Session): (view: TaskView, problems: readonly string[]) => Promise<boolean> {
  return async (view, problems) => {
    const { err, signal } = context;
    for (const problem of problems) err.line(err.red(`  ${problem}`));
    const isMission = view.type === "mission";
    err.line(`\n${isMission ? "The plan of the mission waits" : "The plan and its contract wait"} for you: ${site.plans.pathOf(view.request.id, planFileOf(view))}`);
    err.line(`You may edit ${isMission ? "its tasks" : "the steps and the contract"} there first.`);
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    // A terminal that is read line by line turns Ctrl-C into this event.
    lines.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
    try {
      const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
      const answer = await Promise.race([lines.question("Approve it? [y/N] ", { signal }), closed]);
      return /^y(es)?$/i.test(answer.trim());
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    } finally {
      lines.close();
    }
  };
}

/** `tasks`: of a mission. */
function printEnd({ site, command, context }: Session, view: TaskView, tasks: readonly TaskView[]): void {
  const { out, program, cwd } = context;
  const folder = site.plans.pathOf(view.request.id);
  const inside = !relative(site.workspace.root, cwd).startsWith("..");
  const repoFlag = inside ? "" : ` --repo ${quoteArgument(command.repo)}`;
  printSummary(out, { view, tasks, folder, program, repoFlag });
}

function taskToResume(views: readonly TaskView[], id: string | null): TaskView {
  if (id !== null) return findTask(views, id);
  const isOpen = ({ status, base }: TaskView): boolean => ["running", "awaiting_approval", "failed", "paused", "cancelled"].includes(status) || (status === "queued" && base !== null);
  const open = views.find((view) => view.request.partOf === undefined && isOpen(view));
  if (open === undefined) throw new CountersignError("notFound", "There is no task to resume.");
  return open;
}
