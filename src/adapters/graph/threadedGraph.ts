// The knowledge graph in a thread of its own, started by the first question and ended when nobody has asked for a while.
// It keeps no process alive that waits for no answer.
import path from "node:path";
import { Worker } from "node:worker_threads";
import { CountersignError } from "../../core/domain/errors";
import type { Clock } from "../../core/ports/clock";
import type { GraphState, WorkspaceGraph } from "../../core/ports/knowledgeGraph";
import type { Logger } from "../../core/ports/logger";
import type { GraphAnswer, GraphCall, GraphMethod, GraphWorkerData } from "./graphMessages";

export interface ThreadedGraphOptions extends GraphWorkerData {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The thread's program; default: the product's own. */
  readonly program?: string;
}

/** In the product beside this bundle, in tests in the build's folder. */
const PROGRAM = path.join(__dirname, "..", "dist", "graphWorker.cjs");
/** A thread that nobody has asked for so long is ended; its memory is the graph. */
export const IDLE_MS = 600_000;
/** After a change of files the next ones are waited for, ms. */
export const QUIET_MS = 1_000;
/** However many files change, looks begin at least this far apart, ms. */
export const BETWEEN_LOOKS_MS = 10_000;
/** Nobody waits longer for a look that is under way when all ends, ms: the next process does it again. */
const END_MS = 1_000;
/** A repository whose graph needs more is not indexed; the host must not suffer for it. */
const MOST_MEGABYTES = 1024;

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: CountersignError) => void;
}

export class ThreadedGraph implements WorkspaceGraph {
  #worker: Worker | null = null;
  readonly #pending = new Map<number, Pending>();
  #lastCall = 0;
  #idle: { dispose(): void } | null = null;
  #look: { dispose(): void } | null = null;
  #lookedAt = -BETWEEN_LOOKS_MS;
  #closed = false;
  /** A thread that is being ended. Never rejects. */
  #ending: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ThreadedGraphOptions) {}

  readonly state: WorkspaceGraph["state"] = (...args) => this.#ask("state", args);
  readonly node: WorkspaceGraph["node"] = (...args) => this.#ask("node", args);
  readonly search: WorkspaceGraph["search"] = (...args) => this.#ask("search", args);
  readonly query: WorkspaceGraph["query"] = (...args) => this.#ask("query", args);
  readonly neighbours: WorkspaceGraph["neighbours"] = (...args) => this.#ask("neighbours", args);
  readonly subgraph: WorkspaceGraph["subgraph"] = (...args) => this.#ask("subgraph", args);
  readonly path: WorkspaceGraph["path"] = (...args) => this.#ask("path", args);
  readonly refresh: WorkspaceGraph["refresh"] = () => this.#ask("refresh", []);

  /** Files have changed. A graph that nobody uses is not woken: it looks anyway when it is next asked. */
  changed(): void {
    if (this.#worker === null || this.#look !== null || this.#closed) return;
    const { clock, logger } = this.options;
    const wait = Math.max(QUIET_MS, this.#lookedAt + BETWEEN_LOOKS_MS - clock.monotonic());
    this.#look = clock.after(wait, () => {
      this.#look = null;
      this.#lookedAt = clock.monotonic();
      this.#call<GraphState>("refresh", []).catch((error: unknown) => logger.debug("a look at changed files failed", { error: String(error) }));
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#end();
  }

  #ask<T>(method: GraphMethod, args: readonly unknown[]): Promise<T> {
    if (this.#closed) return Promise.reject(new CountersignError("conflict", "The knowledge graph was closed."));
    this.#idle?.dispose();
    this.#idle = this.options.clock.after(IDLE_MS, () => void this.#end().catch((error: unknown) => this.options.logger.warn("the graph's thread did not end", { error: String(error) })));
    return this.#call(method, args);
  }

  async #call<T>(method: GraphMethod, args: readonly unknown[]): Promise<T> {
    await this.#ending;
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#lastCall;
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ id, method, args } satisfies GraphCall);
    });
  }

  #start(): Worker {
    const { root, stateDir, program = PROGRAM, logger } = this.options;
    const worker = new Worker(program, { workerData: { root, stateDir } satisfies GraphWorkerData, resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES }, name: "countersign-graph" });
    worker.on("message", (answer: GraphAnswer) => this.#answered(worker, answer));
    worker.on("error", (error) => {
      logger.warn("the knowledge graph's thread failed", { error: String(error) });
      this.#lost(worker, String(error));
    });
    worker.on("exit", () => this.#lost(worker, "it ended"));
    return worker;
  }

  #answered(worker: Worker, answer: GraphAnswer): void {
    if (answer.kind === "log") return this.options.logger[answer.level](answer.message, answer.data);
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) worker.unref();
    if (answer.kind === "failure") pending?.reject(new CountersignError(answer.code, answer.message));
    else pending?.resolve(answer.value as never);
  }

  /** Whoever waits is told; the next question starts another thread. */
  #lost(worker: Worker, why: string): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const { reject } of this.#pending.values()) reject(new CountersignError("process", `The knowledge graph gave no answer: ${why}. Nothing is lost; it is made anew from the files and the journal. Go on without it.`));
    this.#pending.clear();
  }

  async #end(): Promise<void> {
    this.#idle?.dispose();
    this.#look?.dispose();
    this.#look = null;
    const worker = this.#worker;
    if (worker === null) return;
    const inTime = new AbortController();
    const closed = this.#call("close", []).catch(() => undefined);
    const ended = Promise.race([closed, this.options.clock.sleep(END_MS, inTime.signal)]).then(() => {
      inTime.abort();
      this.#lost(worker, "it was closed");
      return worker.terminate();
    });
    this.#ending = ended;
    await ended;
  }
}
