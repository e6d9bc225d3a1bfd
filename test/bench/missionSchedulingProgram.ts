// Runs missions of 100 tasks with 10 workers on seeded random graphs, claims from a long queue, and fingerprints blocks of
// context; prints what it measured as JSON.
import { mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createHash } from "node:crypto";
import { SystemClock } from "../../src/adapters/clock/systemClock";
import { EmbeddedLockStore } from "../../src/adapters/queue/embeddedLockStore";
import { EmbeddedWorkQueue } from "../../src/adapters/queue/embeddedWorkQueue";
import { openWorkQueue } from "../../src/adapters/queue/openWorkQueue";
import { ContextDeduplicator, type ContextBlock } from "../../src/core/mission/contextDeduplicator";
import type { WorkQueue } from "../../src/core/ports/workQueue";
import { seededDag, seededRandom } from "../builders/randomDags";
import { ManualClock } from "../fakes/manualClock";
import { leastMakespan, runMission, type MissionRun, type Strategy } from "./missionRuns";

const TASKS = 100;
const WORKERS = 10;
const LATENCY_MS = 250;
/** How many earlier tasks a task waits for at most, and how far back: from wide graphs to long chains. */
const SHAPES = [{ most: 2, span: 40 }, { most: 2, span: 20 }, { most: 3, span: 20 }, { most: 3, span: 10 }] as const;
/** Of each shape, in simulated time. */
const SEEDS = 25;
/** In real time: one that the work decides, one that the longest path decides. */
const TIMED = [{ seed: 1, shape: SHAPES[0] }, { seed: 5, shape: SHAPES[1] }] as const;
const STRATEGIES: readonly Strategy[] = ["longest path", "first come", "batches"];
const CLAIMS = 2_000;
const BLOCKS = 2_000;
const BLOCK_BYTES = 8_192;

async function main(): Promise<void> {
  const simulated = await measure(SHAPES.flatMap((shape) => Array.from({ length: SEEDS }, (_, seed) => ({ seed, shape }))), true);
  const timed = await measure(TIMED, false);
  process.stdout.write(JSON.stringify({ simulated, timed, claims: await measureClaims(), races: await measureRaces(), blocks: measureBlocks() }));
}

interface MissionFigures {
  /** Makespan / the least that is possible. */
  readonly ratio: number;
  readonly idleWhileReady: number;
  readonly conflicts: number;
  readonly claimMs: number;
}

interface Graph {
  readonly seed: number;
  readonly shape: { readonly most: number; readonly span: number };
}

async function measure(graphs: readonly Graph[], isSimulated: boolean): Promise<Record<string, MissionFigures[]>> {
  const figures: Record<string, MissionFigures[]> = {};
  for (const { seed, shape } of graphs) {
    const nodes = seededDag(seed, { count: TASKS, ...shape });
    const leastMs = leastMakespan(nodes, WORKERS) * LATENCY_MS;
    for (const strategy of STRATEGIES) {
      const run = await runMission(nodes, { strategy, workers: WORKERS, latencyMs: LATENCY_MS, clock: isSimulated ? new ManualClock() : null });
      (figures[strategy] ??= []).push(figuresOf(run, leastMs));
    }
  }
  return figures;
}

function figuresOf({ makespanMs, idleWhileReady, metrics }: MissionRun, leastMs: number): MissionFigures {
  return { ratio: makespanMs / leastMs, idleWhileReady, conflicts: metrics.conflicts, claimMs: metrics.claimMs.max };
}

/** Ten workers at once, all tasks ready; beside it, the same done with lock files that must not exist yet. */
async function measureClaims(): Promise<{ readonly queue: number[]; readonly lockFiles: number[] }> {
  const queue = new EmbeddedWorkQueue(new SystemClock(), { leaseMs: 60_000 });
  await queue.offer(Array.from({ length: CLAIMS }, (_, index) => ({ task: `task-${index}`, priority: index % 17, lastToken: 0 })));
  const folder = mkdtempSync(path.join(tmpdir(), "countersign-bench-claims-"));
  const times = { queue: [] as number[], lockFiles: [] as number[] };
  let next = 0;
  const work = async (worker: number): Promise<void> => {
    for (;;) {
      const started = performance.now();
      const claim = await queue.claim(`w${worker}`);
      if (claim === null) return;
      times.queue.push(performance.now() - started);
      await queue.settle(claim, { kind: "completed" });
      await new Promise(setImmediate);
    }
  };
  const workWithFiles = async (): Promise<void> => {
    while (next < CLAIMS) {
      next += 1;
      const started = performance.now();
      const file = await open(path.join(folder, `task-${next}`), "wx");
      await file.close();
      times.lockFiles.push(performance.now() - started);
    }
  };
  try {
    await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));
    await Promise.all(Array.from({ length: WORKERS }, workWithFiles));
    return times;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ten processes that share nothing but locks, each trying what it knows to be ready: lost races among all tries. */
async function measureRaces(): Promise<number> {
  const clock = new SystemClock();
  const locks = new EmbeddedLockStore(clock);
  const ready = Array.from({ length: TASKS }, (_, index) => ({ task: `task-${index}`, priority: index, lastToken: 0 }));
  const queues = Array.from({ length: WORKERS }, () => openWorkQueue("optimistic", clock, { leaseMs: 60_000, locks, ready }));
  const work = async (queue: WorkQueue, worker: number): Promise<void> => {
    for (let claim = await queue.claim(`w${worker}`); claim !== null; claim = await queue.claim(`w${worker}`)) {
      await new Promise(setImmediate);
      await queue.settle(claim, { kind: "completed" });
    }
  };
  await Promise.all(queues.map(work));
  const metrics = await Promise.all(queues.map((queue) => queue.metrics()));
  const conflicts = metrics.reduce((sum, one) => sum + one.conflicts, 0);
  return conflicts / (conflicts + TASKS);
}

/** Blocks as contexts have them: prose, paths and messages, every third one seen before. */
function measureBlocks(): Record<"deduplicate" | "hash", ReturnType<typeof cpuTimed>> {
  const random = seededRandom(7);
  const line = (): string => {
    const number = Math.floor(random() * 900) + 100;
    return `src/core/file${number}.ts:${number}:7 - error TS${number}: it took ${number} ms at 2026-01-05T09:00:${number % 60}Z, see the contract.`;
  };
  const texts: string[] = [];
  for (let index = 0; index < BLOCKS; index += 1) {
    const seen = texts[Math.floor(random() * index)];
    texts.push(index % 3 === 0 && seen !== undefined ? seen : Array.from({ length: BLOCK_BYTES / 100 }, line).join("\n"));
  }
  const deduplicator = new ContextDeduplicator();
  const blocks = texts.map((text, index): ContextBlock => ({ label: `block ${index}`, text, holdsPlace: false }));
  return {
    deduplicate: cpuTimed(blocks, (block) => deduplicator.deduplicate([block])),
    hash: cpuTimed(texts, (text) => createHash("sha256").update(text).digest("hex")),
  };
}

/** Processor time of each call in ms, and the time it took: on a machine with other work, the second says little. */
function cpuTimed<T>(values: readonly T[], work: (value: T) => unknown): { readonly meanCpuMs: number; readonly times: readonly number[] } {
  const before = process.cpuUsage();
  const times = values.map((value) => timed(() => work(value)));
  const { user, system } = process.cpuUsage(before);
  return { meanCpuMs: (user + system) / 1000 / values.length, times };
}

function timed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
