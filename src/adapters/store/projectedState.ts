// The task database as it stands: its rows, the place in the journal that they were made up to, and how it comes from
// a snapshot or from nothing.
import { messageOf } from "../../core/domain/errors";
import type { TaskId } from "../../core/domain/task";
import type { Logger } from "../../core/ports/logger";
import type { CostRow } from "../../core/ports/taskStore";
import type { CostKey } from "../../core/projections/costRows";
import type { TaskView } from "../../core/projections/taskView";
import { JOURNAL_START, type JournalMark } from "./journalLine";
import { latestVersion, migrate, schemaVersion } from "./migrations";
import { PROJECTION_VERSION, type Projected, type Projection } from "./projection";
import { readSnapshot } from "./snapshot";
import type { SqlDatabase, SqlEngine, SqlRow, SqlValue } from "./sqlDatabase";
import { costRow, text, viewOf } from "./taskRows";

/** A database, the place in the journal that it stands for, and the views already read from it. */
export class ProjectedState implements Projected {
  readonly #views = new Map<TaskId, TaskView>();
  readonly #known: Set<TaskId>;

  constructor(
    readonly database: SqlDatabase,
    private place: JournalMark,
  ) {
    this.#known = new Set(database.rows("SELECT id FROM tasks").map(idOf));
  }

  get mark(): JournalMark {
    return this.place;
  }

  /** Newest first. */
  all(): readonly TaskView[] {
    const columns = this.#views.size < this.#known.size ? "id, context" : "id";
    const rows = this.database.rows(`SELECT ${columns} FROM tasks ORDER BY seq DESC`);
    return rows.map((row) => this.#views.get(idOf(row)) ?? this.#keep(viewOf(row)));
  }

  view(task: TaskId): TaskView | null {
    const view = this.#views.get(task);
    if (view !== undefined || !this.#known.has(task)) return view ?? null;
    return this.#keep(viewOf(this.database.rows("SELECT context FROM tasks WHERE id = ?", [task])[0]));
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
    for (const view of stretch.views.values()) this.#keep(view);
    this.place = mark;
  }

  #keep(view: TaskView): TaskView {
    this.#views.set(view.request.id, view);
    this.#known.add(view.request.id);
    return view;
  }

  #costRows(where: string, params: readonly SqlValue[]): readonly CostRow[] {
    const order = "day, tasks.seq, agent_role, costs.phase, model";
    // CROSS keeps the small table outside: SQLite would walk the tasks, whose rows are large.
    const from = "costs CROSS JOIN tasks ON tasks.id = task";
    return this.database.rows(`SELECT costs.*, title FROM ${from} WHERE ${where} ORDER BY ${order}`, params).map(costRow);
  }
}

function idOf(row: SqlRow): TaskId {
  return text(row, "id") as TaskId;
}

export function emptyState(engine: SqlEngine): ProjectedState {
  const database = engine.open(null);
  migrate(database);
  return new ProjectedState(database, JOURNAL_START);
}

export async function fromSnapshot(engine: SqlEngine, file: string, logger: Logger): Promise<ProjectedState> {
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
