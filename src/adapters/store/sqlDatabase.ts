// The only module that knows sql.js. It is bundled on its own and loaded lazily (`await import`), because it costs tens
// of milliseconds; it knows nothing of tasks.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import initSqlJs from "sql.js";

export type SqlValue = number | string | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** One database in memory. Synchronous: between two awaits nobody sees half a transaction. */
export interface SqlDatabase {
  /** Runs one or more statements without parameters. */
  run(sql: string): void;
  rows(sql: string, params?: readonly SqlValue[]): readonly SqlRow[];
  /** Runs one statement once for each row of parameters. */
  runAll(sql: string, rows: Iterable<readonly SqlValue[]>): void;
  /** All or nothing. */
  transaction(work: () => void): void;
  export(): Uint8Array;
  close(): void;
}

export interface SqlEngine {
  /** From the bytes of a database file, or empty. */
  open(bytes: Uint8Array | null): SqlDatabase;
}

export async function loadSql(wasmPath?: string): Promise<SqlEngine> {
  const wasm = await readFile(wasmPath ?? findWasm());
  const sql = await initSqlJs({ wasmBinary: new Uint8Array(wasm).buffer });
  return { open: (bytes) => new OpenDatabase(new sql.Database(bytes)) };
}

/** Beside the bundle where it is installed, in its package where it is developed. */
function findWasm(): string {
  const beside = path.join(__dirname, "sql-wasm.wasm");
  return existsSync(beside) ? beside : path.join(__dirname, "../node_modules/sql.js/dist/sql-wasm.wasm");
}

type Database = InstanceType<Awaited<ReturnType<typeof initSqlJs>>["Database"]>;

class OpenDatabase implements SqlDatabase {
  constructor(private readonly database: Database) {}

  run(sql: string): void {
    this.database.exec(sql);
  }

  rows(sql: string, params: readonly SqlValue[] = []): readonly SqlRow[] {
    const statement = this.database.prepare(sql);
    try {
      statement.bind([...params]);
      const columns = statement.getColumnNames();
      const rows: SqlRow[] = [];
      while (statement.step()) rows.push(rowOf(columns, statement.get()));
      return rows;
    } finally {
      statement.free();
    }
  }

  runAll(sql: string, rows: Iterable<readonly SqlValue[]>): void {
    const statement = this.database.prepare(sql);
    try {
      for (const row of rows) statement.run([...row]);
    } finally {
      statement.free();
    }
  }

  transaction(work: () => void): void {
    this.database.exec("BEGIN");
    try {
      work();
      this.database.exec("COMMIT");
    } catch (error) {
      this.database.exec("ROLLBACK");
      throw error;
    }
  }

  export(): Uint8Array {
    return this.database.export();
  }

  close(): void {
    this.database.close();
  }
}

function rowOf(columns: readonly string[], values: readonly (SqlValue | Uint8Array)[]): SqlRow {
  const row: Record<string, SqlValue> = {};
  columns.forEach((column, index) => {
    const value = values[index] ?? null;
    if (value instanceof Uint8Array) throw new TypeError(`column ${column} holds a blob; the schema has none`);
    row[column] = value;
  });
  return row;
}
