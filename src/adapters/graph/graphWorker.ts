// A program of its own, run in a thread: the knowledge graph of one workspace, so that reading and indexing files never
// keeps the extension host or a run waiting. It answers calls in the order in which they are done.
import { setImmediate as nextTurn, setTimeout as timer } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { CountersignError, messageOf } from "../../core/domain/errors";
import type { Logger } from "../../core/ports/logger";
import type { WorkspaceGraph } from "../../core/ports/knowledgeGraph";
import { Redactor, secretsOfEnvironment } from "../../core/secrets/redactor";
import type { GraphAnswer, GraphCall, GraphMethod, GraphWorkerData } from "./graphMessages";
import { GraphService } from "./graphService";

/** Questions that come in while files are read wait so long at most, ms. */
const TURN_MS = 8;

const { root, stateDir } = workerData as GraphWorkerData;
const redactor = new Redactor(secretsOfEnvironment(process.env));
let turnEnds = performance.now() + TURN_MS;

const service = new GraphService({
  root,
  stateDir,
  redact: (text) => redactor.text(text).text,
  logger: logger(),
  loadEngine: async () => (await import("../store/sqlDatabase")).loadSql(),
  rest: async () => {
    if (performance.now() < turnEnds) return;
    await nextTurn();
    turnEnds = performance.now() + TURN_MS;
  },
  now: Date.now,
  wait: async (ms, until) => {
    const end = new AbortController();
    await Promise.race([until, timer(ms, undefined, { signal: end.signal }).catch(() => undefined)]);
    end.abort();
  },
});

parentPort?.on("message", (call: GraphCall) => {
  answer(call).catch((error: unknown) => tell({ kind: "failure", id: call.id, code: "internal", message: messageOf(error) }));
});

async function answer({ id, method, args }: GraphCall): Promise<void> {
  try {
    const asked = service[method] as (...args: readonly unknown[]) => ReturnType<WorkspaceGraph[GraphMethod]>;
    tell({ kind: "value", id, value: await asked.apply(service, [...args]) });
  } catch (error) {
    tell({ kind: "failure", id, code: CountersignError.is(error) ? error.code : "internal", message: messageOf(error) });
  }
}

function tell(message: GraphAnswer): void {
  parentPort?.postMessage(message);
}

function logger(): Logger {
  const at = (level: "debug" | "info" | "warn") => (message: string, data: Readonly<Record<string, unknown>> = {}) => tell({ kind: "log", level, message, data });
  return { debug: at("debug"), info: at("info"), warn: at("warn") };
}
