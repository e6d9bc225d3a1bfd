// A folder that several windows have open, without a disk: one journal, one owner at a time, and runs that end when the
// test says so. Everything happens in order and at once; time is moved by hand.
import { nextView } from "../../src/core/projections/taskFold";
import type { TaskView } from "../../src/core/projections/taskView";
import { CountersignError } from "../../src/core/domain/errors";
import type { EventBody, JournalEvent } from "../../src/core/domain/event";
import type { TaskId, TaskRequest } from "../../src/core/domain/task";
import type { DeskDeps, DeskEngine } from "../../src/core/desk/deskPorts";
import { TaskDesk } from "../../src/core/desk/taskDesk";
import { ABANDONED } from "../../src/core/engine/abandoned";
import { assertRunnable, type Harness } from "../../src/core/engine/harness";
import type { Listeners } from "../../src/core/engine/recorder";
import { aTaskRequest } from "../builders/samples";
import { ManualClock } from "./manualClock";
import { MemoryTaskStore } from "./memoryTaskStore";
import { RecordingLogger } from "./recordingLogger";

interface FakeRun {
  readonly id: TaskId;
  readonly models: TaskRequest["models"] | undefined;
  readonly end: (bodies: readonly EventBody[]) => void;
  readonly fail: (error: unknown) => void;
}

export class MemoryDeskFolder {
  readonly clock = new ManualClock();
  readonly logger = new RecordingLogger();
  readonly runs: FakeRun[] = [];
  /** What was asked of engines: `window opens`, `window kills`, `window closes`. */
  readonly asked: string[] = [];
  owner: string | null = null;
  limit = 2;
  /** Thrown by the next call of it. */
  failing: { take?: Error; close?: Error; read?: Error } = {};
  /** Taking the journal waits for this. */
  gate: Promise<void> = Promise.resolve();
  #events: readonly JournalEvent[] = [];
  #forgotten = 0;
  readonly #watchers = new Set<() => void>();

  async open(window: string): Promise<TaskDesk> {
    return TaskDesk.open(this.deps(window));
  }

  get events(): readonly JournalEvent[] {
    return this.#events;
  }

  /** Somebody else's events appear in the file. */
  write(task: TaskId, ...bodies: readonly EventBody[]): readonly JournalEvent[] {
    const added = bodies.map((body, at) => ({ seq: this.#events.length + 1 + at, time: new Date(this.clock.now()).toISOString(), task, ...body }));
    this.#events = [...this.#events, ...added];
    return added;
  }

  /** The journal is removed, and perhaps another one put in its place. */
  replace(...events: readonly JournalEvent[]): void {
    this.#events = events;
    this.#forgotten += 1;
  }

  /** Watchers look, and what they do then is done. */
  async noticed(): Promise<void> {
    for (const look of this.#watchers) look();
    await settled();
  }

  run(id: TaskId): FakeRun {
    const found = this.runs.findLast((run) => run.id === id);
    if (found === undefined) throw new Error(`${id} was not run`);
    return found;
  }

  deps(window: string): DeskDeps {
    const store = new MemoryTaskStore({ events: () => this.#read(1) });
    const watch = (onChange: () => void): { dispose(): void } => {
      this.#watchers.add(onChange);
      return { dispose: () => this.#watchers.delete(onChange) };
    };
    return {
      root: "/home/ada/tally",
      clock: this.clock,
      logger: this.logger,
      maxConcurrentTasks: () => this.limit,
      own: (listeners, approvePlan) => this.#take(window, listeners, approvePlan),
      reader: {
        store,
        events: (fromSeq) => this.#read(fromSeq),
        forgotten: () => this.#forgotten,
        watch,
        owner: () => Promise.resolve(this.owner),
        close: () => Promise.resolve(),
      },
      files: {} as DeskDeps["files"],
    };
  }

  async *#read(fromSeq: number): AsyncIterable<JournalEvent> {
    await Promise.resolve();
    const { read } = this.failing;
    if (read !== undefined) throw read;
    for (const event of this.#events.slice(fromSeq - 1)) yield event;
  }

  async #take(window: string, listeners: Listeners, approvePlan: Parameters<DeskDeps["own"]>[1]): Promise<DeskEngine> {
    await this.gate;
    if (this.failing.take !== undefined) throw this.failing.take;
    if (this.owner !== null) throw new CountersignError("locked", `${this.owner} owns the journal. Nothing was changed.`);
    this.owner = window;
    this.asked.push(`${window} opens`);
    const harness = new FakeHarness(this, listeners, approvePlan) as unknown as Harness;
    return {
      harness,
      lastSeq: this.#events.at(-1)?.seq ?? 0,
      endAll: () => void this.asked.push(`${window} kills`),
      close: () => {
        this.owner = null;
        this.asked.push(`${window} closes`);
        const { close } = this.failing;
        return close === undefined ? Promise.resolve() : Promise.reject(close);
      },
    };
  }
}

/** What the desk and its queue ask of a harness. */
class FakeHarness {
  constructor(
    private readonly folder: MemoryDeskFolder,
    private readonly listeners: Listeners,
    readonly approvePlan: Parameters<DeskDeps["own"]>[1],
  ) {}

  async create(request: Omit<TaskRequest, "id">): Promise<TaskView> {
    const id = request.title.toLowerCase().replaceAll(" ", "-") as TaskId;
    this.#note(id, { kind: "taskCreated", request: { ...request, id }, type: request.category === "YOURS" ? null : "multi_agent", reason: "" });
    await Promise.resolve();
    return this.#view(id);
  }

  async enqueue(view: TaskView, rank: number): Promise<void> {
    assertRunnable(view);
    this.#note(view.request.id, { kind: "runQueued", rank });
    await Promise.resolve();
  }

  async dequeue(view: TaskView): Promise<void> {
    this.#note(view.request.id, { kind: "runDequeued" });
    await Promise.resolve();
  }

  run(view: TaskView, signal: AbortSignal, models?: TaskRequest["models"]): Promise<unknown> {
    const { id } = view.request;
    return new Promise<void>((resolve, reject) => {
      const end = (bodies: readonly EventBody[]): void => {
        for (const body of bodies) this.#note(id, body);
        resolve();
      };
      signal.addEventListener("abort", () => (signal.reason === ABANDONED ? reject(new Error("abandoned")) : end([{ kind: "taskCancelled", detail: "cancelled" }])));
      this.folder.runs.push({ id, models, end, fail: reject });
      this.#note(id, { kind: "runStarted", resumed: view.base !== null, version: "0.1.0" });
    });
  }

  #note(task: TaskId, body: EventBody): void {
    for (const event of this.folder.write(task, body)) this.listeners.onEvent(event, this.#view(task));
  }

  #view(task: TaskId): TaskView {
    const view = this.folder.events.filter((event) => event.task === task).reduce<TaskView | null>(nextView, null);
    if (view === null) throw new Error(`there is no task ${task}`);
    return view;
  }
}

/** The request of a task whose id is its title in lower case. */
export function titled(title: string, change: Partial<TaskRequest> = {}): Omit<TaskRequest, "id"> {
  const { id: _id, ...request } = aTaskRequest({ title, ...change });
  return request;
}

/** Everything that waits for nothing but its turn has had it. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}
