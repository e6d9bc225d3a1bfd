// Queries over all tasks, answered by a database in memory that follows the journal and starts from a snapshot. The
// journal is the truth: whatever is wrong with the snapshot, it is made anew.
import path from "node:path";
import { CountersignError, messageOf } from "../../core/domain/errors";
import type { TaskId } from "../../core/domain/task";
import type { Logger } from "../../core/ports/logger";
import type { CostRow, TaskStore } from "../../core/ports/taskStore";
import type { TaskView } from "../../core/projections/taskView";
import type { JournalMark } from "./journalLine";
import type { JournalSource } from "./journalReader";
import { emptyState, fromSnapshot, type ProjectedState } from "./projectedState";
import { Projection } from "./projection";
import { writeSnapshot } from "./snapshot";
import type { SqlEngine } from "./sqlDatabase";

export interface TaskStoreOptions {
  readonly logger: Logger;
  /** Where sql.js' own program lies; found by itself when absent. */
  readonly wasmPath?: string;
}

/** `readOnly`: somebody else's journal is followed, and the snapshot is theirs to save. */
export type FollowedSource = JournalSource & { readonly readOnly: boolean };

/** Opens the store and brings it up to date. */
export async function openTaskStore(stateDir: string, source: FollowedSource, options: TaskStoreOptions): Promise<TaskStore> {
  const { loadSql } = await import("./sqlDatabase");
  const engine = await loadSql(options.wasmPath);
  const file = path.join(stateDir, "state.db");
  const store = new SqlTaskStore({ engine, file, source, logger: options.logger }, await fromSnapshot(engine, file, options.logger));
  await store.sync();
  return store;
}

interface StoreDeps {
  readonly engine: SqlEngine;
  readonly file: string;
  readonly source: FollowedSource;
  readonly logger: Logger;
}

class SqlTaskStore implements TaskStore {
  #queue: Promise<unknown> = Promise.resolve();
  #saved: JournalMark | null;
  #closed = false;

  constructor(
    private readonly deps: StoreDeps,
    private state: ProjectedState,
  ) {
    this.#saved = state.mark.seq === 0 ? null : state.mark;
  }

  sync(): Promise<void> {
    return this.#inTurn(() => this.#catchUp());
  }

  tasks(): readonly TaskView[] {
    return this.#state.all();
  }

  task(id: TaskId): TaskView | null {
    return this.#state.view(id);
  }

  costs(filter: { readonly from?: string; readonly to?: string; readonly task?: TaskId }): readonly CostRow[] {
    return this.#state.costs(filter);
  }

  save(): Promise<void> {
    return this.#inTurn(async () => {
      const { mark, database } = this.#state;
      if (this.deps.source.readOnly || mark === this.#saved) return;
      await writeSnapshot(this.deps.file, database.export());
      this.#saved = mark;
    });
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    const closing = this.#inTurn(async () => this.state.database.close());
    this.#closed = true;
    return closing;
  }

  get #state(): ProjectedState {
    if (this.#closed) throw new CountersignError("conflict", "The task store was closed");
    return this.state;
  }

  /** One after the other: a snapshot is never taken of half a sync. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new CountersignError("conflict", "The task store was closed"));
    const run = this.#queue.then(work);
    // Whoever asked gets the failure; the next one starts afresh.
    this.#queue = run.catch(() => null);
    return run;
  }

  async #catchUp(): Promise<void> {
    const { source, engine, logger, file } = this.deps;
    const current = this.state;
    if (await source.holds(current.mark)) {
      try {
        return await advance(current, source, logger);
      } catch (error) {
        if (CountersignError.is(error) || current.mark.seq === 0) throw error;
        logger.warn("the task database cannot be continued", { file, reason: messageOf(error) });
      }
    }
    logger.info("the task database is made anew from the journal", { file });
    const fresh = emptyState(engine);
    await advance(fresh, source, logger);
    this.state = fresh;
    current.database.close();
  }
}

/** Collects first and writes then, without a pause: queries meanwhile answer from the last sync. */
async function advance(state: ProjectedState, source: JournalSource, logger: Logger): Promise<void> {
  const stretch = new Projection(state, logger);
  let mark = state.mark;
  for await (const batch of source.after(mark)) {
    for (const event of batch.events) stretch.apply(event);
    mark = batch.mark;
  }
  if (mark !== state.mark) state.take(stretch, mark);
}
