// Keeps finished tasks in the graph as the journal tells them. It reads the journal from the disk, like any other process
// that follows it, so that no run ever waits for the graph.
import type { GraphChange } from "../../core/domain/graph";
import type { TaskId } from "../../core/domain/task";
import { edgesOfTask, nextFacts, nodesOfTask, type TaskFacts } from "../../core/graph/taskFacts";
import { JOURNAL_START, type JournalMark } from "../store/journalLine";
import type { JournalSource } from "../store/journalReader";
import type { SqlDatabase } from "../store/sqlDatabase";
import { metaOf, setMeta } from "./graphDatabase";
import type { SqlKnowledgeGraph } from "./sqlKnowledgeGraph";

export interface TaskIndexerDeps {
  readonly graph: SqlKnowledgeGraph;
  readonly journal: JournalSource;
  readonly hasFile: (path: string) => boolean;
}

/** `newSet`: files came or went, so that what tasks produced is another set of nodes. Returns whether anything changed. */
export async function indexTasks({ graph, journal, hasFile }: TaskIndexerDeps, newSet: boolean): Promise<boolean> {
  const { database } = graph;
  let mark = markOf(database);
  if (!(await journal.holds(mark))) {
    // Another journal than before: nothing of its tasks counts any more.
    await replace(graph, [...factsOf(database).values()].map((facts) => ({ before: facts, after: null })), hasFile);
    database.run("DELETE FROM tasks");
    mark = JOURNAL_START;
  }
  const known = factsOf(database);
  const now = new Map(known);
  for await (const batch of journal.after(mark)) {
    for (const event of batch.events) {
      const facts = nextFacts(now.get(event.task) ?? null, event);
      if (facts !== null) now.set(event.task, facts);
    }
    mark = batch.mark;
  }
  const changed = [...now].filter(([task, facts]) => newSet || known.get(task) !== facts).map(([task, facts]) => ({ before: known.get(task) ?? null, after: facts }));
  if (changed.length === 0 && mark.seq === markOf(database).seq) return false;
  await replace(graph, changed, hasFile);
  database.runAll("INSERT OR REPLACE INTO tasks VALUES (?, ?)", changed.map(({ after }) => [after.task, JSON.stringify(after)]));
  setMeta(database, "mark", JSON.stringify(mark));
  return true;
}

interface TaskChange {
  readonly before: TaskFacts | null;
  readonly after: TaskFacts | null;
}

async function replace(graph: SqlKnowledgeGraph, tasks: readonly TaskChange[], hasFile: (path: string) => boolean): Promise<void> {
  for (const { before, after } of tasks) {
    const nodes = after === null ? [] : nodesOfTask(after);
    const old = before === null ? [] : nodesOfTask(before);
    const kept = new Set(nodes.map(({ id }) => id));
    const edges = after === null ? [] : edgesOfTask(after, hasFile);
    const wanted = new Set(edges.map(({ target }) => target));
    const standing = before === null ? [] : edgesOfTask(before, () => true);
    const changes: readonly GraphChange[] = [
      ...old.filter(({ id }) => !kept.has(id)).map(({ id }): GraphChange => ({ kind: "removeNode", id })),
      ...nodes.map((node): GraphChange => ({ kind: "putNode", node })),
      ...standing.filter(({ target }) => !wanted.has(target)).map((edge): GraphChange => ({ kind: "removeEdge", edge })),
      ...edges.map((edge): GraphChange => ({ kind: "putEdge", edge })),
    ];
    await graph.apply(changes);
  }
}

function factsOf(database: SqlDatabase): ReadonlyMap<TaskId, TaskFacts> {
  const rows = database.rows("SELECT facts FROM tasks");
  const facts = rows.map((row) => JSON.parse(String(row["facts"])) as TaskFacts);
  return new Map(facts.map((one) => [one.task, one]));
}

function markOf(database: SqlDatabase): JournalMark {
  return (JSON.parse(metaOf(database, "mark") ?? "null") as JournalMark | null) ?? JOURNAL_START;
}
