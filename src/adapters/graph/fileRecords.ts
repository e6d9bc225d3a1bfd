// What the graph's database remembers of each file: the state it was read in, and what was found in it.
import type { FileFacts } from "../../core/graph/facts";
import type { SqlDatabase, SqlRow } from "../store/sqlDatabase";

export interface FileRecord {
  readonly path: string;
  readonly size: number;
  /** ms since 1970. */
  readonly modified: number;
  readonly hash: string;
  /** JSON of `FileFacts`; null for a file that was passed over: binary, too large, unreadable. */
  readonly facts: string | null;
}

export class FileRecords {
  readonly #known: Map<string, Omit<FileRecord, "path" | "facts"> & { readonly isSkipped: boolean }>;

  constructor(private readonly database: SqlDatabase) {
    const rows = database.rows("SELECT path, size, modified, hash, facts IS NULL AS skipped FROM files");
    this.#known = new Map(rows.map((row) => [textOf(row, "path"), { size: Number(row["size"]), modified: Number(row["modified"]), hash: textOf(row, "hash"), isSkipped: row["skipped"] === 1 }]));
  }

  /** Those with a node. */
  paths(): readonly string[] {
    return [...this.#known].filter(([, { isSkipped }]) => !isSkipped).map(([path]) => path);
  }

  all(): readonly string[] {
    return [...this.#known.keys()];
  }

  counts(): { readonly files: number; readonly skipped: number } {
    const files = this.paths().length;
    return { files, skipped: this.#known.size - files };
  }

  stateOf(path: string): { readonly size: number; readonly modified: number; readonly hash: string } | undefined {
    return this.#known.get(path);
  }

  /** Of those that have any; all files where no paths are given. */
  facts(paths?: readonly string[]): ReadonlyMap<string, FileFacts> {
    const chosen = "SELECT path, facts FROM files WHERE facts IS NOT NULL AND (?1 IS NULL OR path IN (SELECT value FROM json_each(?1)))";
    const rows = this.database.rows(chosen, [paths === undefined ? null : JSON.stringify(paths)]);
    return new Map(rows.map((row) => [textOf(row, "path"), JSON.parse(textOf(row, "facts")) as FileFacts]));
  }

  put(records: readonly FileRecord[]): void {
    const rows = records.map(({ path, size, modified, hash, facts }) => [path, size, modified, hash, facts] as const);
    this.database.transaction(() => this.database.runAll("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", rows));
    for (const { path, size, modified, hash, facts } of records) this.#known.set(path, { size, modified, hash, isSkipped: facts === null });
  }

  /** The same content under another time. */
  restamp(stamps: readonly Pick<FileRecord, "path" | "size" | "modified">[]): void {
    const rows = stamps.map(({ path, size, modified }) => [size, modified, path] as const);
    this.database.transaction(() => this.database.runAll("UPDATE files SET size = ?, modified = ? WHERE path = ?", rows));
    for (const { path, size, modified } of stamps) {
      const known = this.#known.get(path);
      if (known !== undefined) this.#known.set(path, { ...known, size, modified });
    }
  }

  remove(paths: readonly string[]): void {
    this.database.transaction(() => this.database.runAll("DELETE FROM files WHERE path = ?", paths.map((path) => [path])));
    for (const path of paths) this.#known.delete(path);
  }
}

function textOf(row: SqlRow, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}
