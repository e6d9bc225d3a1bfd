// Builds sessions of a role made up for tests: three tools whose work the test watches and holds back, and an answer in JSON.
import * as z from "zod/mini";
import { PRICES } from "../../src/core/domain/pricing";
import type { SessionId, TaskRequest } from "../../src/core/domain/task";
import { runSession, type SessionEnd, type SessionSpec } from "../../src/core/engine/agentSession";
import { DayAlerts } from "../../src/core/engine/dayAlerts";
import { Budget, DEFAULT_BUDGET, type BudgetSettings } from "../../src/core/engine/budget";
import { Recorder, recordCreation } from "../../src/core/engine/recorder";
import type { JournalEvent, LiveEvent } from "../../src/core/domain/event";
import type { ModelClient } from "../../src/core/ports/modelClient";
import type { TranscriptEntry } from "../../src/core/ports/transcripts";
import { jsonOutput, type RoleDefinition } from "../../src/core/roles/role";
import type { Tool, ToolOutcome } from "../../src/core/tools/tool";
import { ManualClock } from "../fakes/manualClock";
import { MemoryFileTree } from "../fakes/memoryFileTree";
import { MemoryJournal } from "../fakes/memoryJournal";
import { ScriptedCommandRunner } from "../fakes/scriptedCommandRunner";
import { TracedTranscripts } from "../fakes/tracedTranscripts";
import { aTaskRequest } from "./samples";

export interface Answered {
  readonly answer: string;
}
export const SESSION = "generator-1-test" as SessionId;
const answered = z.strictObject({ answer: z.string().check(z.minLength(1)) });

/** Journal, clock and recorder of a task that was just created. */
export async function aRecorder(request: Partial<TaskRequest> = {}, happened: () => void = () => undefined) {
  const clock = new ManualClock();
  const journal = new MemoryJournal(clock);
  const events: JournalEvent[] = [];
  const lives: LiveEvent[] = [];
  const onEvent = (event: JournalEvent): void => {
    events.push(event);
    happened();
  };
  const listeners = { onEvent, onLive: (event: LiveEvent) => void lives.push(event) };
  const created = { kind: "taskCreated", request: aTaskRequest(request), type: "multi_agent", reason: "PREP" } as const;
  const view = await recordCreation(journal, listeners, created);
  return { clock, journal, events, lives, recorder: new Recorder(journal, listeners, view) };
}

export interface SessionOptions {
  readonly recovered?: readonly TranscriptEntry[];
  readonly spec?: Partial<SessionSpec<Answered>>;
  readonly budget?: Partial<BudgetSettings>;
  /** What a tool does; by default it answers at once. */
  /** Called after each thing that happens, in the journal, in the transcript or in a tool, with its number from 0. */
  readonly onMoment?: (moment: number, controller: AbortController) => void;
  readonly work?: (name: string, input: unknown) => Promise<ToolOutcome> | ToolOutcome;
}

/** A session on `model` with everything it left behind. `trace` holds what happened in order, tools and transcript alike. */
export async function aSession(model: ModelClient, options: SessionOptions = {}) {
  const trace: string[] = [];
  const controller = new AbortController();
  let moments = 0;
  const happened = (): void => {
    options.onMoment?.(moments, controller);
    moments += 1;
  };
  const note = (line: string): void => {
    trace.push(line);
    happened();
  };
  const transcripts = new TracedTranscripts(options.recovered, note);
  const base = await aRecorder({}, happened);
  const { recorder, clock } = base;
  const day = { prices: PRICES, dayAlerts: new DayAlerts(() => Promise.resolve(false)), spentTodayByOthers: () => Promise.resolve(0), now: () => new Date(clock.now()) };
  const budget = new Budget({ ...day, settings: { ...DEFAULT_BUDGET, ...options.budget } }, recorder);
  const definition = aRole(async (name, input) => {
    note(`${name} begins`);
    const outcome = (await options.work?.(name, input)) ?? { ok: true, text: `${name} done`, summary: "ok" };
    note(`${name} ends`);
    return outcome;
  });
  const spec: SessionSpec<Answered> = {
    id: SESSION,
    definition,
    settings: { model: "claude-sonnet-5-5", maxOutputTokens: 1000, effort: "medium" },
    attempt: 1,
    firstMessage: "Do it.",
    context: { files: new MemoryFileTree(), commands: new ScriptedCommandRunner({}), outputFile: (name) => `/out/${name}`, onOutput: () => undefined },
    toolCallLimit: 20,
    signal: controller.signal,
    review: () => Promise.resolve({ kind: "accepted" }),
    onText: (text) => trace.push(`said ${text}`),
    onCall: (call) => trace.push(`told of ${call.id}`),
    ...options.spec,
  };
  const run = (): Promise<SessionEnd<Answered>> => runSession({ model, transcripts, recorder, budget, clock }, spec);
  return { ...base, run, trace, transcripts, controller, budget, moments: () => moments };
}

function aRole(work: (name: string, input: unknown) => Promise<ToolOutcome>): RoleDefinition<Answered> {
  const tool = (name: string, readOnly: boolean): Tool => ({
    name,
    description: `The tool ${name}.`,
    inputSchema: { type: "object" },
    readOnly,
    repeatable: readOnly,
    describe: () => `${name} something`,
    run: (input) => work(inputName(name, input), input),
  });
  const tools = [tool("look", true), tool("change", false)];
  return { role: "generator", system: "You are a test.", tools, output: jsonOutput<Answered>(answered) };
}

/** `look`, or `look a` for an input `{ at: "a" }`. */
function inputName(name: string, input: unknown): string {
  const at = typeof input === "object" && input !== null && "at" in input ? String(input.at) : "";
  return at === "" ? name : `${name} ${at}`;
}
