// What the window tells its user by itself: which events, in which words, how many at once, and what was left over.
import assert from "node:assert/strict";
import type { JournalEvent, NotificationAbout } from "../../src/core/domain/event";
import type { TaskId } from "../../src/core/domain/task";
import type { TaskView } from "../../src/core/projections/taskView";
import { announcementOf, merged, type Announcement } from "../../src/vscode/status/announcements";
import { Batch, QUIET_MS } from "../../src/vscode/status/batch";
import { leftOver, leftOverText, resumeAll, type LeftDesk } from "../../src/vscode/status/leftOver";
import { DeskHistory } from "../builders/deskHistory";
import { aView } from "../builders/viewBuilder";
import { aTaskRequest } from "../builders/samples";
import { ManualClock } from "../fakes/manualClock";

const OPENED = "2026-01-05T09:00:00.000Z";
const VIEW = aView({ handoffs: ["plan.md", "qa-report.md", "qc-failure-report.md"] });

function raised(about: NotificationAbout, change: { readonly time?: string } = {}): JournalEvent {
  return { kind: "notificationRaised", level: "info", text: "Something happened.", about, seq: 9, time: "2026-01-05T09:00:01.000Z", task: VIEW.request.id, ...change };
}

function desk(isRunning: boolean): { readonly root: string; readonly queue: { isRunning(): boolean } } {
  return { root: "/home/ada/tally", queue: { isRunning: () => isRunning } };
}

describe("announcementOf", () => {
  const offers: readonly [NotificationAbout, Partial<TaskView>, readonly string[]][] = [
    ["review", {}, ["Review", "Open QA Report"]],
    ["review", { handoffs: [] }, ["Review"]],
    ["escalation", {}, ["Open Failure Report", "Retry with Feedback…"]],
    ["approval", {}, ["Approve Plan", "Open Plan"]],
    ["budget", { status: "running" }, ["Change Budget…", "Open Task"]],
    ["budget", { status: "paused" }, ["Change Budget…", "Resume", "Open Task"]],
    ["failure", {}, ["Open Task", "Show Log"]],
  ];
  for (const [about, change, labels] of offers) {
    it(`offers for ${about}: ${labels.join(", ")}`, () => {
      const announcement = announcementOf(desk(true), raised(about), { ...VIEW, ...change }, OPENED);
      assert.deepEqual(announcement?.offers.map(({ label }) => label), labels);
    });
  }

  it("tells nothing of a task that another window or the command line runs", () => assert.equal(announcementOf(desk(false), raised("review"), VIEW, OPENED), null));

  it("tells nothing that was on record before the window was opened", () => {
    assert.equal(announcementOf(desk(true), raised("review", { time: "2026-01-05T08:59:59.999Z" }), VIEW, OPENED), null);
  });

  it("tells nothing of other events", () => {
    const event: JournalEvent = { kind: "taskPassed", attempt: 1, seq: 9, time: "2026-01-05T09:00:01.000Z", task: VIEW.request.id };
    assert.equal(announcementOf(desk(true), event, VIEW, OPENED), null);
  });
});

describe("merged", () => {
  const of = (title: string, level: Announcement["level"] = "info"): Announcement => ({ title, level, text: "", about: "review", target: { root: "/a", task: "t" as TaskId }, offers: [] });

  it("counts tasks, names two, and is as grave as the gravest", () => {
    assert.deepEqual(merged([of("A"), of("B", "warning"), of("C"), of("C")]), { level: "warning", text: `3 tasks need you: "A", "B" and 1 more.` });
    assert.deepEqual(merged([of("A"), of("A", "error")]), { level: "error", text: `1 task needs you: "A".` });
  });
});

describe("Batch", () => {
  it("says the first at once, and the others of the next seconds as one", async () => {
    const clock = new ManualClock();
    const said: (readonly string[])[] = [];
    const batch = new Batch<string>(clock, (messages) => said.push(messages));
    for (const message of ["a", "b", "c"]) batch.add(message);
    assert.deepEqual(said, [["a"]]);
    await clock.advance(QUIET_MS);
    batch.add("d");
    assert.deepEqual(said, [["a"], ["b", "c"]]);
    await clock.advance(QUIET_MS);
    assert.deepEqual(said, [["a"], ["b", "c"], ["d"]]);
    await clock.advance(QUIET_MS);
    batch.add("e");
    assert.deepEqual(said.at(-1), ["e"]);
    batch.dispose();
  });
});

describe("leftOver", () => {
  function aDesk(history: DeskHistory, isHeld = true): LeftDesk & { readonly started: TaskId[] } {
    const started: TaskId[] = [];
    const run = (id: TaskId): Promise<void> => {
      started.push(id);
      return Promise.resolve();
    };
    const { desk: fake } = history;
    return { started, tasks: () => fake.tasks(), isInterrupted: (view) => fake.isInterrupted(view), ownership: fake.ownership, queue: { ...fake.queue, isHeld, isRunning: (id) => started.includes(id), run } };
  }

  it("finds what was cut off and what waits in a queue that is held", async () => {
    const history = new DeskHistory();
    const cutOff = history.running("Cut off");
    history.desk.setRunning(cutOff, false);
    const waiting = history.queued("Next", 1);
    history.created("Idea");
    const left = leftOver(aDesk(history));
    assert.deepEqual([left?.interrupted.map((view) => view.request.id), left?.waiting.map((view) => view.request.id)], [[cutOff], [waiting]]);
    const resumed = aDesk(history);
    assert.deepEqual([await resumeAll({ ...left!, desk: resumed }), resumed.started], [[cutOff, waiting], [cutOff, waiting]]);
  });

  it("finds nothing that another process runs, and nothing where all is done", () => {
    const history = new DeskHistory();
    const task = history.running("Theirs");
    history.desk.setRunning(task, false);
    history.desk.setOwnership({ kind: "theirs", owner: "process 7" });
    assert.equal(leftOver(aDesk(history)), null);
    const quiet = new DeskHistory();
    quiet.inReview("Good");
    quiet.queued("Next", 1);
    assert.equal(leftOver(aDesk(quiet, false)), null);
  });

  it("says it in words", () => {
    const view = (title: string): TaskView => aView({ request: aTaskRequest({ title }) });
    const text = (interrupted: readonly string[], waiting: readonly string[]): string => leftOverText([{ desk: aDesk(new DeskHistory()), interrupted: interrupted.map(view), waiting: waiting.map(view) }]);
    assert.equal(text(["A"], []), `"A" was interrupted when the window was closed; the work so far is kept.`);
    assert.equal(text(["A", "B"], ["C"]), "2 tasks were interrupted when the window was closed; the work so far is kept. 1 task waits in the queue.");
    assert.equal(text([], ["C", "D"]), "2 tasks wait in the queue since the window was closed. Nothing is run before you say so.");
  });
});
