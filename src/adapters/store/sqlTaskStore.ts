// Queries over all tasks, answered by a database in memory that follows the journal and starts from a snapshot. The
// journal is the truth: whatever is wrong with the snapshot, it is made anew.
import path from "node:path";
import { CountersignError, messageOf } from "../../core/domain/errors";
import type { TaskId } from "../../core/domain/task";
import type { Logger } from "../../core/ports/logger";
import type { CostRow, TaskStore } from "../../core/ports/taskStore";
import type { CostKey } from "../../core/projections/costRows";
import type { TaskView } from "../../core/projections/taskView";
import { JOURNAL_START, type JournalMark } from "./journalLine";
import type { JournalSource } from "./journalReader";
import { latestVersion, migrate, schemaVersion } from "./migrations";
import { PROJECTION_VERSION, Projection, type Projected } from "./projection";
import { readSnapshot, writeSnapshot } from "./snapshot";
import type { SqlDatabase, SqlEngine, SqlValue } from "./sqlDatabase";
import { costRow, text, viewOf } from "./taskRows";

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
    return this.#state.ids().flatMap((id) => this.#state.view(id) ?? []);
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
    for (const { event } of batch) stretch.apply(event);
    mark = batch.at(-1)?.mark ?? mark;
  }
  if (mark !== state.mark) state.take(stretch, mark);
}

/** A database, the place in the journal that it stands for, and the views already read from it. */
class ProjectedState implements Projected {
  readonly #views = new Map<TaskId, TaskView>();

  constructor(
    readonly database: SqlDatabase,
    private place: JournalMark,
  ) {}

  get mark(): JournalMark {
    return this.place;
  }

  ids(): readonly TaskId[] {
    return this.database.rows("SELECT id FROM tasks ORDER BY seq DESC").map((row) => text(row, "id") as TaskId);
  }

  view(task: TaskId): TaskView | null {
    const known = this.#views.get(task);
    if (known !== undefined) return known;
    const row = this.database.rows("SELECT context FROM tasks WHERE id = ?", [task])[0];
    if (row === undefined) return null;
    const view = viewOf(row);
    this.#views.set(task, view);
    return view;
  }

  cost(key: CostKey): CostRow | null {
    const where = "day = ? AND task = ? AND agent_role = ? AND costs.phase = ? AND model = ?";
    return this.#costRows(where, [key.day, key.task, key.role, key.phase, key.model])[0] ?? null;
  }

  costs(filter: { readonly from?: string; readonly to?: string; readonly task?: TaskId }): readonly CostRow[] {
    const { from = null, to = null, task = null } = filter;
    const where = "(?1 IS NULL OR day >= ?1) AND (?2 IS NULL OR day <= ?2) AND (?3 IS NULL OR task = ?3)";
    return this.#costRows(where, [from, to, task]);
  }

  take(stretch: Projection, mark: JournalMark): void {
    this.database.transaction(() => stretch.write(this.database, mark));
    for (const [task, view] of stretch.views) this.#views.set(task, view);
    this.place = mark;
  }

  #costRows(where: string, params: readonly SqlValue[]): readonly CostRow[] {
    const order = "day, tasks.seq, agent_role, costs.phase, model";
    const sql = `SELECT costs.*, title FROM costs JOIN tasks ON tasks.id = task WHERE ${where} ORDER BY ${order}`;
    return this.database.rows(sql, params).map(costRow);
  }
}

function emptyState(engine: SqlEngine): ProjectedState {
  const database = engine.open(null);
  migrate(database);
  return new ProjectedState(database, JOURNAL_START);
}

async function fromSnapshot(engine: SqlEngine, file: string, logger: Logger): Promise<ProjectedState> {
  const snapshot = await readSnapshot(file);
  if (snapshot.kind === "damaged") logger.warn("the task database is damaged", { file, reason: snapshot.reason });
  if (snapshot.kind !== "found") return emptyState(engine);
  const database = engine.open(snapshot.bytes);
  try {
    const mark = markOf(database);
    if (mark !== null) return new ProjectedState(database, mark);
    logger.info("the task database was saved by another version", { file });
  } catch (error) {
    logger.warn("the task database cannot be read", { file, reason: messageOf(error) });
  }
  database.close();
  return emptyState(engine);
}

/** Brings a snapshot to the present schema; null when its rows were made by other rules than the present ones. */
function markOf(database: SqlDatabase): JournalMark | null {
  if (schemaVersion(database) > latestVersion()) return null;
  migrate(database);
  const rows = database.rows("SELECT key, value FROM meta");
  const meta = new Map(rows.map((row) => [text(row, "key"), text(row, "value")]));
  if (meta.get("projection") !== String(PROJECTION_VERSION)) return null;
  return JSON.parse(meta.get("mark") ?? "null") as JournalMark | null;
}
