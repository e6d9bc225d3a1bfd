// Desks for the dashboard: one task in review or at work, or many of them.
import type { JournalEvent } from "../../src/core/domain/event";
import type { SessionId, TaskId } from "../../src/core/domain/task";
import type { Page } from "../../src/shared/protocol";
import { FakeDesk } from "../fakes/fakeDesk";
import { SAMPLES } from "./eventBuilder";
import { RECORDED_TASK, recordedRun } from "./recordedRun";
import { aTask } from "./taskBuilder";

export const ROOT = "/home/ada/tally";
export const REF = { root: ROOT, task: RECORDED_TASK };
export const OVERVIEW: Page = { kind: "overview" };
export const TASK: Page = { kind: "task", ...REF, tab: "progress" };
export const ACTIVITY: Page = { kind: "task", ...REF, tab: "activity" };

/** The recorded task, passed at its second attempt. */
export function reviewedDesk(): FakeDesk {
  const desk = new FakeDesk(ROOT);
  for (const event of recordedRun()) desk.replay(event);
  return desk;
}

/** The recorded task before the first event of that kind, and its last session. */
export function runningDesk(until: JournalEvent["kind"] = "attemptCommitted"): { readonly desk: FakeDesk; readonly session: SessionId } {
  const desk = new FakeDesk(ROOT);
  desk.setRunning(RECORDED_TASK, true);
  for (const event of recordedRun(until)) desk.replay(event);
  const session = desk.task(RECORDED_TASK)?.sessions.at(-1)?.id;
  if (session === undefined) throw new Error("the recorded task has no session yet");
  return { desk, session };
}

/** Tasks `t-0`, `t-1` … that nobody has started, called "Task number 0" and so on. */
export function deskWithTasks(count: number): FakeDesk {
  const desk = new FakeDesk(ROOT);
  for (let n = 0; n < count; n += 1) addTask(desk, `t-${n}`, `Task number ${n}`);
  return desk;
}

export function addTask(desk: FakeDesk, name: string, title: string): TaskId {
  const id = name as TaskId;
  desk.append(id, { ...SAMPLES.taskCreated, request: { ...SAMPLES.taskCreated.request, id, title } });
  return id;
}

/** One running task whose history is that many turns long. */
export function deskWithTurns(count: number): FakeDesk {
  const desk = new FakeDesk(ROOT);
  for (const body of aTask({ id: RECORDED_TASK }).bodies) desk.append(RECORDED_TASK, body);
  for (let turn = 1; turn <= count; turn += 1) desk.append(RECORDED_TASK, { ...SAMPLES.turnCompleted, turn });
  return desk;
}
