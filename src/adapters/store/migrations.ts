// The numbered steps that bring a database to the present schema. A released step is never changed: add one, and a
// fixture of the schema it starts from.
import type { SqlDatabase } from "./sqlDatabase";

export interface Migration {
  /** Consecutive from 1; stored in the database as `user_version`. */
  readonly version: number;
  readonly what: string;
  readonly sql: string;
}

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    what: "tasks and what their runs left: sessions, attempts, checks, verdicts, costs, notifications",
    sql: `
      CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
      CREATE TABLE tasks (
        id TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,                -- number of the event that created it
        version INTEGER NOT NULL,            -- number of its latest event: grows with every change
        title TEXT NOT NULL,
        category TEXT NOT NULL,
        task_type TEXT,
        status TEXT NOT NULL,
        phase TEXT,
        generator_retries INTEGER NOT NULL,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        usd REAL NOT NULL,
        unpriced_calls INTEGER NOT NULL,
        context TEXT NOT NULL                -- the whole view, as JSON
      );
      CREATE TABLE sessions (
        task TEXT NOT NULL,
        id TEXT NOT NULL,
        agent_role TEXT NOT NULL,
        phase TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        model TEXT NOT NULL,
        started_at TEXT NOT NULL,
        ended_at TEXT,
        outcome TEXT,
        turns INTEGER NOT NULL,
        tool_calls INTEGER NOT NULL,
        retries INTEGER NOT NULL,
        input_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        cache_read_tokens INTEGER NOT NULL,
        cache_write_5m_tokens INTEGER NOT NULL,
        cache_write_1h_tokens INTEGER NOT NULL,
        usd REAL NOT NULL,
        unpriced_calls INTEGER NOT NULL,
        PRIMARY KEY (task, id)
      );
      CREATE TABLE attempts (
        task TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        started_at TEXT NOT NULL,
        commit_id TEXT,
        files INTEGER NOT NULL,
        score REAL,
        passed INTEGER,
        cut_short TEXT,
        PRIMARY KEY (task, attempt)
      );
      CREATE TABLE checks (
        task TEXT NOT NULL,
        attempt INTEGER NOT NULL,            -- 0: on the base commit
        id TEXT NOT NULL,
        criterion TEXT NOT NULL,
        kind TEXT NOT NULL,
        green INTEGER NOT NULL,
        reason TEXT NOT NULL,
        exit_code INTEGER,
        timed_out INTEGER NOT NULL,
        duration_ms REAL NOT NULL,
        PRIMARY KEY (task, attempt, id)
      );
      CREATE TABLE verdicts (
        task TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        verdict TEXT NOT NULL,
        score REAL NOT NULL,
        summary TEXT NOT NULL,
        PRIMARY KEY (task, attempt)
      );
      CREATE TABLE costs (
        day TEXT NOT NULL,                   -- UTC
        task TEXT NOT NULL,
        agent_role TEXT NOT NULL,
        phase TEXT NOT NULL,
        model TEXT NOT NULL,
        calls INTEGER NOT NULL,
        input_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        cache_read_tokens INTEGER NOT NULL,
        cache_write_5m_tokens INTEGER NOT NULL,
        cache_write_1h_tokens INTEGER NOT NULL,
        usd REAL NOT NULL,
        unpriced_calls INTEGER NOT NULL,
        PRIMARY KEY (day, task, agent_role, phase, model)
      );
      CREATE TABLE notifications (
        seq INTEGER PRIMARY KEY,
        time TEXT NOT NULL,
        task TEXT NOT NULL,
        level TEXT NOT NULL,
        text TEXT NOT NULL
      );
      CREATE INDEX tasks_category ON tasks (category);
      CREATE INDEX tasks_type ON tasks (task_type);
      CREATE INDEX tasks_phase ON tasks (phase);
      CREATE INDEX sessions_role ON sessions (agent_role);
      CREATE INDEX sessions_phase ON sessions (phase);
      CREATE INDEX costs_task ON costs (task);
    `,
  },
];

export function schemaVersion(database: SqlDatabase): number {
  return Number(database.rows("PRAGMA user_version")[0]?.["user_version"] ?? 0);
}

/** Applies, each in a transaction of its own, the steps that a database has not had. Returns their numbers. */
export function migrate(database: SqlDatabase, migrations: readonly Migration[] = MIGRATIONS): readonly number[] {
  const from = schemaVersion(database);
  const due = migrations.filter(({ version }) => version > from).toSorted((a, b) => a.version - b.version);
  for (const { version, sql } of due) {
    database.transaction(() => database.run(`${sql};PRAGMA user_version = ${version};`));
  }
  return due.map(({ version }) => version);
}

export function latestVersion(migrations: readonly Migration[] = MIGRATIONS): number {
  return Math.max(0, ...migrations.map(({ version }) => version));
}
