// Every released schema comes forward to the present one. `test/fixtures/schema/vN.sql` is a database as version N
// wrote it: never edited, never made again.
import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { MIGRATIONS, latestVersion, migrate, schemaVersion, type Migration } from "../../src/adapters/store/migrations";
import { PROJECTION_VERSION, Projection } from "../../src/adapters/store/projection";
import { loadSql, type SqlDatabase, type SqlEngine } from "../../src/adapters/store/sqlDatabase";
import { viewOf } from "../../src/adapters/store/taskRows";
import { SAMPLES, numbered } from "../builders/eventBuilder";
import { aTask } from "../builders/taskBuilder";
import { RecordingLogger } from "../fakes/recordingLogger";

const FIXTURES = "test/fixtures/schema";
const fixture = (version: number): string => path.join(FIXTURES, `v${version}.sql`);

describe("MIGRATIONS", () => {
  let engine: SqlEngine;

  before(async () => {
    engine = await loadSql();
  });

  /** With UPDATE_GOLDEN=1 the latest version gets its fixture, once. */
  before(() => {
    if (process.env["UPDATE_GOLDEN"] !== "1" || existsSync(fixture(latestVersion()))) return;
    const database = engine.open(null);
    migrate(database);
    const events = aTask().withSession("planner").withPlan().withContract().withAttempt("fail").withAttempt("pass").passed().events();
    const raised = numbered(aTask().request.id, [SAMPLES.notificationRaised], events.length + 1);
    const stretch = new Projection({ view: () => null, cost: () => null }, new RecordingLogger());
    for (const event of [...events, ...raised]) stretch.apply(event);
    database.transaction(() => stretch.write(database, { seq: events.length + 1, offset: 9000, sum: 1 }));
    mkdirSync(FIXTURES, { recursive: true });
    writeFileSync(fixture(latestVersion()), dump(database));
  });

  it("are numbered from 1 without gaps", () => {
    assert.deepEqual(MIGRATIONS.map(({ version }) => version), MIGRATIONS.map((_, index) => index + 1));
  });

  it("have a fixture each", () => {
    assert.deepEqual(readdirSync(FIXTURES).toSorted(), MIGRATIONS.map(({ version }) => `v${version}.sql`).toSorted());
  });

  for (const { version } of MIGRATIONS) {
    it(`make, up to number ${version}, the very schema that version ${version} was released with`, () => {
      const [released, remade] = [restored(version), engine.open(null)];
      migrate(remade, MIGRATIONS.slice(0, version));
      assert.deepEqual(schemaOf(remade), schemaOf(released));
      assert.equal(schemaVersion(released), version);
    });

    it(`bring version ${version} forward without losing a row`, () => {
      const database = restored(version);
      const before = countsOf(database);
      migrate(database);
      const fresh = engine.open(null);
      migrate(fresh);
      assert.deepEqual(schemaOf(database), schemaOf(fresh));
      const after = countsOf(database);
      for (const [table, count] of before) assert.equal(after.get(table), count, table);
      assert.ok([...before.values()].every((count) => count > 0), "the fixture has rows in every table");
    });
  }

  it("leave views as they were written", () => {
    const database = restored(1);
    migrate(database);
    const view = viewOf(database.rows("SELECT context FROM tasks")[0]);
    assert.equal(view.request.title, "Add a Fibonacci command");
    assert.equal(view.attempts.length, 2);
  });

  function restored(version: number): SqlDatabase {
    const database = engine.open(null);
    database.run(readFileSync(fixture(version), "utf8"));
    return database;
  }
});

describe("migrate", () => {
  let engine: SqlEngine;
  const steps: readonly Migration[] = [
    { version: 1, what: "a table", sql: "CREATE TABLE a (x TEXT); INSERT INTO a VALUES ('kept')" },
    { version: 2, what: "a column", sql: "ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 7" },
    { version: 3, what: "another table", sql: "CREATE TABLE b (z TEXT)" },
  ];

  before(async () => {
    engine = await loadSql();
  });

  it("applies only what is due, in order, once", () => {
    const database = engine.open(null);
    assert.deepEqual(migrate(database, steps.slice(0, 1)), [1]);
    assert.deepEqual(migrate(database, steps.toReversed()), [2, 3]);
    assert.deepEqual(migrate(database, steps), []);
    assert.deepEqual(database.rows("SELECT * FROM a"), [{ x: "kept", y: 7 }]);
    assert.equal(schemaVersion(database), 3);
  });

  it("leaves no half of a step that fails", () => {
    const database = engine.open(null);
    const failing = { version: 2, what: "half", sql: "CREATE TABLE half (x TEXT); INSERT INTO nowhere VALUES (1)" };
    assert.throws(() => migrate(database, [steps[0]!, failing]), /nowhere/);
    assert.equal(schemaVersion(database), 1);
    assert.deepEqual(schemaOf(database).map(({ name }) => name), ["a"]);
    assert.deepEqual(migrate(database, steps), [2, 3]);
  });
});

describe("PROJECTION_VERSION", () => {
  /**
   * What the present rules make of one sample of every event. When this fails, the rules changed: raise
   * PROJECTION_VERSION, so that snapshots made by the old rules are made anew, and add a line here. A version that
   * was not released yet has no snapshots: replace its line instead.
   */
  const MADE_BY: Readonly<Record<number, string>> = {
    1: "cd5de4ba0a7140ba",
    2: "d78d6381067f032f",
    3: "d548f87aa28dd3b3",
    4: "5db7371b1797a4b2",
  };

  it("belongs to the rules by which views are made", () => {
    const bodies = [...aTask().withSession("planner").bodies, ...Object.values(SAMPLES).filter(({ kind }) => kind !== "taskCreated")];
    const events = numbered(aTask().request.id, bodies);
    const stretch = new Projection({ view: () => null, cost: () => null }, new RecordingLogger());
    const views: string[] = [];
    for (const event of events) {
      stretch.apply(event);
      views.push(JSON.stringify([...stretch.views.values()]));
    }
    assert.equal(MADE_BY[PROJECTION_VERSION], createHash("sha256").update(views.join("\n")).digest("hex").slice(0, 16));
  });
});

interface SchemaRow {
  readonly name: string;
  readonly sql: string;
}

/** White space and comments apart. */
function schemaOf(database: SqlDatabase): readonly SchemaRow[] {
  const rows = database.rows("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name");
  return rows.map(({ name, sql }) => ({ name: String(name), sql: String(sql).replaceAll(/--.*$/gm, "").replaceAll(/\s+/g, " ") }));
}

function countsOf(database: SqlDatabase): ReadonlyMap<string, number> {
  const tables = database.rows("SELECT name FROM sqlite_master WHERE type = 'table'").map(({ name }) => String(name));
  return new Map(tables.map((table) => [table, Number(database.rows(`SELECT count(*) AS n FROM ${table}`)[0]?.["n"])]));
}

function dump(database: SqlDatabase): string {
  const lines = schemaOf(database).toSorted((a, b) => a.sql.indexOf("INDEX") - b.sql.indexOf("INDEX")).map(({ sql }) => `${sql};`);
  for (const table of countsOf(database).keys()) {
    for (const row of database.rows(`SELECT * FROM ${table}`)) {
      const values = Object.values(row).map((value) => (typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value ?? "NULL")));
      lines.push(`INSERT INTO ${table} VALUES (${values.join(", ")});`);
    }
  }
  return `${lines.join("\n")}\nPRAGMA user_version = ${schemaVersion(database)};\n`;
}
