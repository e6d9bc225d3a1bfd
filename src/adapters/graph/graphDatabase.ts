// The tables of the knowledge graph's database, and how it comes from its file or from nothing. A projection: whatever is
// wrong with the file, an empty database is the answer.
import { messageOf } from "../../core/domain/errors";
import { FACTS_VERSION } from "../../core/graph/fileFacts";
import { TASKS_VERSION } from "../../core/graph/taskFacts";
import type { Logger } from "../../core/ports/logger";
import { readSnapshot } from "../store/snapshot";
import type { SqlDatabase, SqlEngine } from "../store/sqlDatabase";

/** Raise the first number with the tables: a file of another version is made anew. */
const VERSION = `1.${FACTS_VERSION}.${TASKS_VERSION}`;

const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE nodes (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    properties TEXT NOT NULL             -- JSON
  );
  CREATE INDEX nodes_type ON nodes (type, id);
  CREATE TABLE edges (
    source INTEGER NOT NULL,             -- keys of nodes
    type TEXT NOT NULL,
    target INTEGER NOT NULL,
    properties TEXT NOT NULL,
    PRIMARY KEY (source, type, target)
  ) WITHOUT ROWID;
  CREATE INDEX edges_target ON edges (target, type, source);
  CREATE TABLE files (                   -- what was read of which state of a file
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    modified REAL NOT NULL,              -- ms since 1970
    hash TEXT NOT NULL,
    facts TEXT                           -- JSON; NULL for a file that was passed over
  );
  CREATE TABLE tasks (id TEXT PRIMARY KEY, facts TEXT NOT NULL);
  INSERT INTO meta VALUES ('version', '${VERSION}');
`;

/** The database is in memory as a file: nothing is safer for a journal in another one, and its pages fit into the cache. */
export function tune(database: SqlDatabase): void {
  database.run("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;");
}

export async function openGraphDatabase(engine: SqlEngine, file: string, logger: Logger): Promise<SqlDatabase> {
  const snapshot = await readSnapshot(file);
  if (snapshot.kind === "damaged") logger.warn("the knowledge graph is damaged and made anew from the files and the journal", { file, reason: snapshot.reason });
  if (snapshot.kind !== "found") return emptyDatabase(engine);
  const database = engine.open(snapshot.bytes);
  try {
    if (metaOf(database, "version") === VERSION) {
      tune(database);
      return database;
    }
    logger.info("the knowledge graph was saved by another version and is made anew", { file });
  } catch (error) {
    logger.warn("the knowledge graph cannot be read and is made anew", { file, reason: messageOf(error) });
  }
  database.close();
  return emptyDatabase(engine);
}

export function emptyDatabase(engine: SqlEngine): SqlDatabase {
  const database = engine.open(null);
  tune(database);
  database.run(TABLES);
  return database;
}

export function metaOf(database: SqlDatabase, key: string): string | null {
  const value = database.rows("SELECT value FROM meta WHERE key = ?", [key])[0]?.["value"];
  return typeof value === "string" ? value : null;
}

export function setMeta(database: SqlDatabase, key: string, value: string): void {
  database.runAll("INSERT OR REPLACE INTO meta VALUES (?, ?)", [[key, value]]);
}
