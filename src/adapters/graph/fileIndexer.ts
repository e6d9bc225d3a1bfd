// Keeps the graph's files as the workspace has them: what is new or changed is read, what is gone vanishes, and imports
// are resolved anew whenever the set of files is another one. Nothing here waits for anybody.
import { createHash } from "node:crypto";
import { lstatSync, type Stats } from "node:fs";
import { realpath } from "node:fs/promises";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import type { GraphChange, GraphNode } from "../../core/domain/graph";
import { factsOf } from "../../core/graph/fileFacts";
import type { FileFacts } from "../../core/graph/facts";
import { fileId, nodesOfFile, partsOfFile } from "../../core/graph/fileNodes";
import type { Logger } from "../../core/ports/logger";
import type { Exclusions } from "../files/exclusions";
import { listedFiles } from "../files/fileListing";
import { readContent } from "../files/readContent";
import type { FileRecord, FileRecords } from "./fileRecords";
import { linkFiles } from "./linkFiles";
import type { SqlKnowledgeGraph } from "./sqlKnowledgeGraph";

export interface IndexerDeps {
  /** Absolute. */
  readonly root: string;
  readonly graph: SqlKnowledgeGraph;
  readonly records: FileRecords;
  /** What agents must never read. */
  readonly exclusions: Exclusions;
  /** A text without secrets. */
  readonly redact: (text: string) => string;
  readonly logger: Logger;
  /** Called between pieces of work of a few milliseconds: others get their turn. */
  readonly rest: () => Promise<void>;
}

/** Larger files are generated, recorded, or data. */
const LARGEST_BYTES = 512 * 1024;
/** Files of a repository beyond this many are counted and passed over. */
export const MOST_FILES = 50_000;
/** Files that are taken over together. */
const BATCH = 50;
const NOT_CANCELLED = new AbortController().signal;

interface Stamp {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

type Reading = { readonly kind: "read"; readonly record: FileRecord; readonly facts: FileFacts | null } | { readonly kind: "same"; readonly stamp: Stamp } | { readonly kind: "gone" };

/** Returns whether anything is different, and whether files came or went. */
export async function indexFiles(deps: IndexerDeps): Promise<{ readonly changed: boolean; readonly newSet: boolean }> {
  const { records, logger, exclusions } = deps;
  const root = await realpath(deps.root);
  const isExcluded = exclusions.look(deps.root);
  const listed = (await listedFiles(root, "", logger, NOT_CANCELLED)).filter((file) => !file.isLink && !isExcluded(file.path)).map((file) => file.path);
  if (listed.length > MOST_FILES) logger.warn("the knowledge graph leaves files out: there are too many", { files: listed.length, indexed: MOST_FILES });
  const wanted = new Set(listed.slice(0, MOST_FILES));
  const before = new Set(records.paths());
  await forget(deps, records.all().filter((file) => !wanted.has(file)));
  const changed: string[] = [];
  const batch: Reading[] = [];
  for (const file of wanted) {
    const reading = await readAgain(root, file, deps);
    if (reading !== null) batch.push(reading);
    if (batch.length >= BATCH) changed.push(...(await takeOver(deps, batch.splice(0))));
    await deps.rest();
  }
  changed.push(...(await takeOver(deps, batch)));
  const now = records.paths();
  const newSet = now.length !== before.size || now.some((file) => !before.has(file));
  const hasModules = changed.some((file) => path.posix.basename(file) === "go.mod");
  if (newSet || changed.length > 0) await linkFiles(deps, newSet || hasModules ? undefined : changed);
  return { changed: newSet || changed.length > 0, newSet };
}

/** null for a file that is as it was when it was last read. */
async function readAgain(root: string, file: string, { records, redact }: IndexerDeps): Promise<Reading | null> {
  const absolute = path.join(root, file);
  const found = statOf(absolute);
  if (found?.isFile() !== true) return records.stateOf(file) === undefined ? null : { kind: "gone" };
  const stamp = { path: file, size: found.size, modified: found.mtimeMs };
  const known = records.stateOf(file);
  if (known?.size === stamp.size && known.modified === stamp.modified) return null;
  const skipped = (hash: string): Reading => ({ kind: "read", record: { ...stamp, hash, facts: null }, facts: null });
  if (stamp.size > LARGEST_BYTES) return skipped("large");
  const text = await textOf({ realRoot: root, absolute, written: file });
  if (text === null) return skipped("no text");
  const hash = createHash("sha1").update(text).digest("base64");
  if (known?.hash === hash) return { kind: "same", stamp };
  const read = factsOf(file, text);
  const facts = { ...read, lead: redact(read.lead) };
  return { kind: "read", record: { ...stamp, hash, facts: JSON.stringify(facts) }, facts };
}

/** At once: this runs in a thread of its own, and the way through the pool takes longer. null for what is gone. */
function statOf(absolute: string): Stats | null {
  try {
    return lstatSync(absolute, { throwIfNoEntry: false }) ?? null;
  } catch {
    // A folder on the way that cannot be entered any more: gone, for whoever wants to read it.
    return null;
  }
}

/** null for what is not text, or not to be read. */
async function textOf(file: Parameters<typeof readContent>[0]): Promise<string | null> {
  try {
    const content = await readContent(file, undefined);
    return content?.kind === "text" ? content.text : null;
  } catch (error) {
    if (CountersignError.is(error)) return null;
    throw error;
  }
}

/** The paths of files whose content is another one than before. */
async function takeOver(deps: IndexerDeps, readings: readonly Reading[]): Promise<readonly string[]> {
  const { graph, records } = deps;
  const fresh = readings.flatMap((reading) => (reading.kind === "read" ? [reading] : []));
  const old = records.facts(fresh.map(({ record }) => record.path));
  const changes = fresh.map(({ record, facts }) => changesOf(record, facts, old.get(record.path)));
  // Kind by kind, so that each is one statement.
  await graph.apply([...changes.flatMap(({ gone }) => gone), ...changes.flatMap(({ nodes }) => nodes), ...changes.flatMap(({ edges }) => edges)]);
  records.put(fresh.map(({ record }) => record));
  records.restamp(readings.flatMap((reading) => (reading.kind === "same" ? [reading.stamp] : [])));
  return fresh.filter(({ facts, record }) => facts !== null || old.has(record.path)).map(({ record }) => record.path);
}

interface Changes {
  readonly gone: readonly GraphChange[];
  readonly nodes: readonly GraphChange[];
  readonly edges: readonly GraphChange[];
}

function changesOf({ path: file, size }: FileRecord, facts: FileFacts | null, old: FileFacts | undefined): Changes {
  const nodes = facts === null ? [] : nodesOfFile(file, size, facts);
  const kept = new Set(nodes.map(({ id }) => id));
  const before: readonly GraphNode[] = old === undefined ? [] : nodesOfFile(file, 0, old);
  return {
    gone: before.filter(({ id }) => !kept.has(id)).map(({ id }) => ({ kind: "removeNode", id })),
    nodes: nodes.map((node) => ({ kind: "putNode", node })),
    edges: partsOfFile(file, nodes).map((edge) => ({ kind: "putEdge", edge })),
  };
}

async function forget({ graph, records, rest }: IndexerDeps, files: readonly string[]): Promise<void> {
  for (let from = 0; from < files.length; from += BATCH) {
    const some = files.slice(from, from + BATCH);
    const gone = [...records.facts(some)].flatMap(([file, facts]) => nodesOfFile(file, 0, facts));
    await graph.apply([...gone.map(({ id }) => id), ...some.map(fileId)].map((id) => ({ kind: "removeNode", id })));
    records.remove(some);
    await rest();
  }
}
