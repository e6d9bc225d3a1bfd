// Runs inside the extension host and takes the times that only it knows. What it does stands in COUNTERSIGN_BENCH.
import { appendFileSync, closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import Module from "node:module";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { commands, extensions, workspace } from "vscode";
import { z } from "zod/mini";
import { until } from "../editor/until";

const OURS = "countersign.countersign";
const EMPTY = "countersign-bench.empty";
/** There in every VS Code, and not active by itself: it pays for what the first activation costs. */
const WARM_UP = "vscode.references-view";
const RUN_LIMIT_MS = 120_000;
const RESOLUTION_MS = 5;
const IDLE_MS = 3_000;
const CALM_STEP_MS = 50;
const CALM_LIMIT_MS = 15_000;
const TAIL_BYTES = 16_384;

/** Wall time, and the processor's, which other processes do not stretch. */
interface Took {
  readonly ms: number;
  readonly cpuMs: number;
}
const NOTHING: Took = { ms: 0, cpuMs: 0 };
type Activate = (...args: readonly unknown[]) => unknown;
const EXTENSION = z.looseObject({ activate: z.custom<Activate>((value) => typeof value === "function") });
const MANIFEST = z.object({ main: z.string() });
/** Through it VS Code loads extensions, too. */
const loader = Module as unknown as { _load: (request: string, ...rest: readonly unknown[]) => unknown };

const REQUEST = z.object({
  /** One JSON object a line is appended. */
  out: z.string(),
  oursFirst: z.boolean(),
  /** Whether there is a task, and with it the engine, before the dashboard is opened. */
  hasTask: z.boolean(),
  /** The path of a script of a model, to be run as a task; null for none. */
  script: z.nullable(z.string()),
});

type Note = (figure: Readonly<Record<string, number | string>>) => void;

/** Called by VS Code. */
export async function run(): Promise<void> {
  const { out, oursFirst, hasTask, script } = REQUEST.parse(JSON.parse(process.env["COUNTERSIGN_BENCH"] ?? "null"));
  const note: Note = (figure) => appendFileSync(out, `${JSON.stringify(figure)}\n`);
  await calm();
  await extensions.getExtension(WARM_UP)?.activate();
  for (const id of oursFirst ? [OURS, EMPTY] : [EMPTY, OURS]) note({ figure: id === OURS ? "activation" : "emptyActivation", ...(await activation(id)) });
  if (hasTask) await commands.executeCommand("countersign.newTask", { text: "Decide how amounts are rounded.", category: "YOURS", run: false });
  await calm();
  // The first panel of a window also starts what all panels share.
  for (const panel of ["warm-up", "empty", "dashboard"]) await opening(panel, { out, note });
  if (script !== null) await busyRun(script, note);
}

/** Until a starting window lets the host breathe: five timers in a row that are not late. */
async function calm(): Promise<void> {
  const end = performance.now() + CALM_LIMIT_MS;
  for (let inTime = 0; inTime < 5 && performance.now() < end; ) {
    const startedAt = performance.now();
    await sleep(CALM_STEP_MS);
    inTime = performance.now() - startedAt < CALM_STEP_MS * 1.2 ? inTime + 1 : 0;
  }
}

/** What VS Code lists as the activation time of an extension: loading its module and calling `activate`. */
async function activation(id: string): Promise<Took & { readonly loadingCpuMs: number }> {
  const extension = extensions.getExtension(id);
  if (extension === undefined) throw new Error(`${id} is not there`);
  if (extension.isActive) throw new Error(`${id} was active before it was measured`);
  const times = timesOf(path.join(extension.extensionPath, MANIFEST.parse(extension.packageJSON).main));
  await extension.activate();
  return { ms: times.loading.ms + times.activating.ms, cpuMs: times.loading.cpuMs + times.activating.cpuMs, loadingCpuMs: times.loading.cpuMs };
}

/** Takes the times of the module as it is loaded and of its `activate` as it is called. */
function timesOf(main: string): { loading: Took; activating: Took } {
  const times = { loading: NOTHING, activating: NOTHING };
  const load = loader._load;
  loader._load = (request, ...rest) => {
    if (path.extname(request) === "" ? !main.startsWith(request) : request !== main) return load(request, ...rest);
    loader._load = load;
    const took = stopwatch();
    const loaded = EXTENSION.parse(load(request, ...rest));
    times.loading = took();
    return { ...loaded, activate: timed(loaded.activate, (activating) => Object.assign(times, { activating })) };
  };
  return times;
}

function timed(activate: Activate, tell: (took: Took) => void): Activate {
  return async (...args) => {
    const took = stopwatch();
    const exported = await activate(...args);
    tell(took());
    return exported;
  };
}

function stopwatch(): () => Took {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { ms: performance.now() - startedAt, cpuMs: (user + system) / 1000 };
  };
}

async function opening(panel: string, { out, note }: { readonly out: string; readonly note: Note }): Promise<void> {
  note({ figure: "opening", panel, at: epochMs() });
  await commands.executeCommand(panel === "dashboard" ? "countersign.openDashboard" : "countersign-bench.openPanel", panel);
  // The window outside looks for the paint and says when it has seen it.
  await until(`the panel "${panel}" was painted`, () => existsSync(`${out}.${panel}`));
  // The dashboard stays: it is fed while the task runs.
  if (panel !== "dashboard") await commands.executeCommand("workbench.action.closeAllEditors");
}

/** With everything in sight that follows a run: dashboard, trees, status bar. */
async function busyRun(script: string, note: Note): Promise<void> {
  await commands.executeCommand("countersign.tasks.focus");
  const journal = path.join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? "", ".countersign/state/journal.ndjson");
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const longestMs = (): number => delay.max / 1e6 - RESOLUTION_MS;
  delay.enable();
  await sleep(IDLE_MS);
  note({ figure: "idle", longestMs: longestMs() });
  const heapBefore = heapUsed();
  await commands.executeCommand("countersign.newTask", { text: "Read.", category: "DISPATCH", type: "single_agent", models: { single_agent: `script:${script}` }, run: true });
  await until("the session has begun", () => endOf(journal).includes('"kind":"turnCompleted"'), RUN_LIMIT_MS);
  const heapEarly = heapUsed();
  delay.reset();
  const startedAt = performance.now();
  await until("the run has ended", () => /"kind":"task(Passed|Failed|Escalated|Paused)"/.test(endOf(journal)), RUN_LIMIT_MS);
  note({ figure: "busy", seconds: (performance.now() - startedAt) / 1000, longestMs: longestMs(), p99Ms: delay.percentile(99) / 1e6 - RESOLUTION_MS });
  delay.disable();
  note({ figure: "heap", beforeMb: heapBefore / 1e6, earlyMb: heapEarly / 1e6, afterMb: heapUsed() / 1e6 });
}

/** Reading all of it again and again would be what is measured. */
function endOf(file: string): string {
  if (!existsSync(file)) return "";
  const handle = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(TAIL_BYTES);
    const read = readSync(handle, bytes, 0, TAIL_BYTES, Math.max(0, fstatSync(handle).size - TAIL_BYTES));
    return bytes.toString("utf8", 0, read);
  } finally {
    closeSync(handle);
  }
}

function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
  return process.memoryUsage().heapUsed;
}

/** Comparable with the times of other processes of this machine. */
function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
