// The knowledge graph of one workspace at work: opened when it is first asked, brought up to date by looking at files and
// journal, saved when it has changed. It lives in a thread of its own (graphWorker.ts).
import { existsSync } from "node:fs";
import path from "node:path";
import { CountersignError, messageOf } from "../../core/domain/errors";
import type { Logger } from "../../core/ports/logger";
import type { GraphState, WorkspaceGraph } from "../../core/ports/knowledgeGraph";
import { Exclusions } from "../files/exclusions";
import { journalFiles } from "../store/fileJournal";
import { JournalReader } from "../store/journalReader";
import { writeSnapshot } from "../store/snapshot";
import type { SqlEngine } from "../store/sqlDatabase";
import { indexFiles } from "./fileIndexer";
import { FileRecords } from "./fileRecords";
import { metaOf, openGraphDatabase, setMeta, tune } from "./graphDatabase";
import { SqlKnowledgeGraph } from "./sqlKnowledgeGraph";
import { indexTasks } from "./taskIndexer";

export interface GraphServiceOptions {
  /** Absolute root of the user's tree. */
  readonly root: string;
  /** Holds the journal and the graph's file. */
  readonly stateDir: string;
  readonly redact: (text: string) => string;
  readonly logger: Logger;
  readonly loadEngine: () => Promise<SqlEngine>;
  /** Called between pieces of work of a few milliseconds. */
  readonly rest: () => Promise<void>;
  /** ms since 1970. */
  readonly now: () => number;
  /** Resolves after so many ms, or earlier when `until` does. */
  readonly wait: (ms: number, until: Promise<unknown>) => Promise<void>;
}

/** A question waits this long for the first look of this process, then it is answered from what is there. */
export const FIRST_LOOK_MS = 8_000;
/** A look older than this is followed by another one, beside the answer. */
export const FRESH_MS = 30_000;

interface Open {
  readonly graph: SqlKnowledgeGraph;
  readonly records: FileRecords;
}

export class GraphService implements WorkspaceGraph {
  #opening: Promise<Open> | null = null;
  #open: Open | null = null;
  #looking: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  /** When the last look of this process ended. */
  #lookedAt: number | null = null;
  #trouble = "";
  #closed = false;
  readonly #exclusions: Exclusions;
  readonly #journal: JournalReader;

  constructor(private readonly options: GraphServiceOptions) {
    this.#exclusions = new Exclusions(options.root);
    this.#journal = new JournalReader(journalFiles(options.stateDir)[0] ?? "");
  }

  readonly state: WorkspaceGraph["state"] = async () => (await this.#ready()).state();
  readonly node: WorkspaceGraph["node"] = async (...question) => (await this.#ready()).node(...question);
  readonly search: WorkspaceGraph["search"] = async (...question) => (await this.#ready()).search(...question);
  readonly query: WorkspaceGraph["query"] = async (...question) => (await this.#ready()).query(...question);
  readonly neighbours: WorkspaceGraph["neighbours"] = async (...question) => (await this.#ready()).neighbours(...question);
  readonly subgraph: WorkspaceGraph["subgraph"] = async (...question) => (await this.#ready()).subgraph(...question);
  readonly path: WorkspaceGraph["path"] = async (...question) => (await this.#ready()).path(...question);

  async refresh(): Promise<GraphState> {
    const { graph } = await this.#opened();
    // A look that is under way may have passed what has changed since: it does not count.
    if (this.#looking === null) await this.#look();
    else await (this.#next ??= this.#looking.catch(() => undefined).then(() => this.#look()));
    return graph.state();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#next?.catch(() => undefined);
    await this.#looking?.catch(() => undefined);
    const open = await this.#opening?.catch(() => null);
    this.#opening = null;
    this.#open = null;
    open?.graph.database.close();
  }

  async #ready(): Promise<SqlKnowledgeGraph> {
    const { graph } = await this.#opened();
    if (this.#lookedAt === null) {
      // What keeps a look from its end is told by the log; there may be an answer all the same.
      const look = this.#look().catch(() => undefined);
      await this.options.wait(FIRST_LOOK_MS, look);
    } else if (this.options.now() - this.#lookedAt > FRESH_MS) {
      this.#look().catch(() => undefined);
    }
    return graph;
  }

  #look(): Promise<void> {
    if (this.#looking !== null) return this.#looking;
    this.#next = null;
    const look = this.#opened()
      .then((open) => this.#lookAtAll(open))
      .catch((error: unknown) => {
        // Every look would tell it again.
        if (messageOf(error) !== this.#trouble) this.options.logger.warn("the knowledge graph could not be brought up to date", { error: messageOf(error) });
        this.#trouble = messageOf(error);
        throw error;
      })
      .finally(() => {
        this.#looking = null;
        this.#lookedAt = this.options.now();
      });
    this.#looking = look;
    return look;
  }

  async #lookAtAll({ graph, records }: Open): Promise<void> {
    const { root, redact, logger, rest, now } = this.options;
    const started = now();
    const files = await indexFiles({ root, graph, records, exclusions: this.#exclusions, redact, logger, rest });
    const paths = new Set(records.paths());
    const hasNewTasks = await indexTasks({ graph, journal: this.#journal, hasFile: (file) => paths.has(file) }, files.newSet);
    setMeta(graph.database, "indexedAt", new Date(now()).toISOString());
    this.#trouble = "";
    if (!files.changed && !hasNewTasks) return;
    logger.info("the knowledge graph is up to date", { ms: now() - started, ...records.counts() });
    await this.#save(graph);
  }

  /** Where no task was ever created nothing is made. A file that cannot be written costs the next process its time. */
  async #save({ database }: SqlKnowledgeGraph): Promise<void> {
    const { stateDir, logger } = this.options;
    if (!existsSync(stateDir)) return;
    try {
      const bytes = database.export();
      // It is opened anew by that.
      tune(database);
      await writeSnapshot(fileIn(stateDir), bytes);
    } catch (error) {
      logger.warn("the knowledge graph was not saved and will be made anew", { error: messageOf(error) });
    }
  }

  #opened(): Promise<Open> {
    if (this.#closed) return Promise.reject(new CountersignError("conflict", "The knowledge graph was closed."));
    this.#opening ??= this.#openNow();
    return this.#opening;
  }

  async #openNow(): Promise<Open> {
    const { stateDir, logger, loadEngine, rest } = this.options;
    const database = await openGraphDatabase(await loadEngine(), fileIn(stateDir), logger);
    const graph = await SqlKnowledgeGraph.over(database, () => this.#stateNow(), rest);
    this.#open = { graph, records: new FileRecords(database) };
    return this.#open;
  }

  #stateNow(): GraphState {
    const open = this.#open;
    if (open === null) return { indexedAt: null, isIndexing: false, files: 0, skipped: 0 };
    return { indexedAt: metaOf(open.graph.database, "indexedAt"), isIndexing: this.#looking !== null, ...open.records.counts() };
  }
}

export function fileIn(stateDir: string): string {
  return path.join(stateDir, "graph.db");
}
