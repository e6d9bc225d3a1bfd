// A task's activity: what its events say to a person, and how a page gets it without holes.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { ActivityFeed, type ActivityAnswer, type ActivityRequest } from "../../src/core/dashboard/activityFeed";
import { ActivityReader } from "../../src/core/dashboard/activityReader";
import type { EventBody, EventKind } from "../../src/core/domain/event";
import type { TaskId } from "../../src/core/domain/task";
import { EVERYTHING, matcherOf } from "../../src/shared/activityFilter";
import { jsonBytes } from "../../src/shared/batches";
import { ACTIVITY, ACTIVITY_GROUPS, type Activity } from "../../src/shared/dashboardState";
import { ACTIVITY_PAGE, DELTA_BYTES } from "../../src/shared/protocol";
import { ANY_CHARACTER } from "../builders/anyCharacter";
import { SAMPLES, histories, numbered } from "../builders/eventBuilder";
import { aTask } from "../builders/taskBuilder";
import { FakeDesk } from "../fakes/fakeDesk";
import { FixedClock } from "../fakes/manualClock";

const TASK = aTask().request.id;
const REF = { root: "/home/ada/tally", task: TASK };
/** Something else says it, or it says nothing. */
const SILENT: readonly EventKind[] = ["toolCalled", "checkStarted", "attemptStarted", "notificationRaised", "commandWithdrawn"];

function linesOf(...bodies: readonly EventBody[]): readonly Activity[] {
  const reader = new ActivityReader();
  return numbered(TASK, bodies).flatMap((event) => reader.next(event) ?? []);
}

describe("ActivityReader", () => {
  for (const [kind, body] of Object.entries(SAMPLES)) {
    const isSilent = SILENT.includes(kind as EventKind);
    it(`${isSilent ? "leaves out" : "has words for"} ${kind}`, () => {
      const [line, ...others] = linesOf(body);
      assert.deepEqual(others, []);
      assert.equal(line === undefined, isSilent);
      if (line !== undefined) assert.ok(line.what.length > 0 && !/undefined|\[object/.test(`${line.what} ${line.note}`), line.what);
    });
  }

  it("tells a call in one line, when it has ended, with what it was about", () => {
    const [line] = linesOf(SAMPLES.toolCalled, SAMPLES.toolFinished);
    assert.deepEqual([line?.what, line?.note, line?.ms, line?.group], ["read_file src/cli.js 1–60", "60 lines", 3, "tools"]);
  });

  it("reads paths from the worktree's root", () => {
    const summary = `${SAMPLES.baseSnapshotted.base.worktree}/src/cli.js`;
    const line = linesOf(SAMPLES.baseSnapshotted, { ...SAMPLES.toolCalled, summary }, SAMPLES.toolFinished).at(-1);
    assert.equal(line?.what, "read_file src/cli.js");
  });

  it("calls a check good that is as red as the contract wants it on the base commit", () => {
    const red = { ...SAMPLES.checkFinished, where: { site: "base", round: 1 }, expected: "red", result: { ...SAMPLES.checkFinished.result, green: false, reason: "exit 1 instead of 0", exitCode: 1 } } as const;
    const [asWanted] = linesOf(red);
    const [unwanted] = linesOf({ ...red, expected: "green" });
    assert.deepEqual([asWanted?.what, asWanted?.level], ["K1 red on the base commit", "good"]);
    assert.deepEqual([unwanted?.level, unwanted?.note.includes("exit 1 instead of 0")], ["error", true]);
  });

  it("is one line that fits into a message, whatever an event holds (property)", () => {
    fc.assert(
      fc.property(histories, fc.string({ unit: ANY_CHARACTER }), (steps, text) => {
        const long: EventBody = { ...SAMPLES.taskFailed, detail: `${text}\n`.repeat(200) };
        const reader = new ActivityReader();
        for (const [index, { task, body }] of [...steps, { task: TASK, body: long }].entries()) {
          const line = reader.next({ seq: index + 1, time: "2026-01-05T09:00:00.000Z", task, ...body });
          if (line === null) continue;
          assert.ok(ACTIVITY(line));
          assert.ok(!/[\n\r]/.test(line.what + line.note) && jsonBytes(line) < DELTA_BYTES - 300, JSON.stringify(line));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("matcherOf", () => {
  const lines = linesOf(...Object.values(SAMPLES));

  it("lets everything pass where nothing is asked for", () => {
    assert.deepEqual(lines.filter(matcherOf(EVERYTHING)), lines);
  });

  it("parts the lines by their groups", () => {
    const parts = ACTIVITY_GROUPS.flatMap((group) => lines.filter(matcherOf({ ...EVERYTHING, groups: [group] })));
    assert.ok(ACTIVITY_GROUPS.every((group) => lines.some((line) => line.group === group)));
    assert.deepEqual(parts.toSorted((a, b) => a.seq - b.seq), lines);
  });

  it("finds all words in any order and case, and problems alone", () => {
    const whats = (filter: Partial<typeof EVERYTHING>) => lines.filter(matcherOf({ ...EVERYTHING, ...filter })).map(({ what }) => what);
    assert.deepEqual(whats({ text: "  FAILED call  " }), ["Model call failed"]);
    assert.ok(whats({ problems: true }).includes("Model call failed"));
    assert.ok(!whats({ problems: true }).includes("Contract frozen"));
  });
});

describe("ActivityFeed", () => {
  function asked(change: Partial<ActivityRequest> = {}): ActivityRequest {
    return { kind: "activity", request: 1, ref: REF, before: null, after: null, filter: EVERYTHING, ...change };
  }

  function deskWithTurns(turns: number): FakeDesk {
    const desk = new FakeDesk(REF.root);
    for (const event of aTask().events()) desk.replay(event);
    for (let turn = 1; turn <= turns; turn += 1) {
      desk.append("another-0001" as TaskId, { ...SAMPLES.taskCreated, request: { ...SAMPLES.taskCreated.request, id: "another-0001" as TaskId } });
      desk.append(TASK, { ...SAMPLES.turnCompleted, turn });
    }
    return desk;
  }

  /** What the desk tells goes to the feed, as it happens. */
  function feedOn(desk: FakeDesk): ActivityFeed {
    const feed = new ActivityFeed(new FixedClock());
    desk.onChange((change) => feed.note(desk, change));
    return feed;
  }

  async function answered(feed: ActivityFeed, desk: FakeDesk, change: Partial<ActivityRequest> = {}): Promise<ActivityAnswer> {
    const answer = await feed.answer(asked(change), desk);
    assert.ok(answer !== null);
    return answer;
  }

  it("answers with the newest, then with what was before, back to the start, without a hole", async () => {
    const desk = deskWithTurns(2 * ACTIVITY_PAGE + 100);
    const feed = feedOn(desk);
    const pages: Activity[][] = [];
    let answer = await answered(feed, desk);
    assert.equal(answer.entries.length, ACTIVITY_PAGE);
    for (;;) {
      pages.unshift([...answer.entries]);
      if (answer.from === 0) break;
      answer = await answered(feed, desk, { before: answer.from + 1 });
    }
    const all = await desk.events(TASK).then((events) => linesOf(...events));
    assert.equal(pages.length, 3);
    assert.deepEqual(pages.flat().map(({ what }) => what), all.map(({ what }) => what));
  });

  it("goes on behind its answer with what happens meanwhile and later", async () => {
    const desk = deskWithTurns(5);
    const feed = feedOn(desk);
    const waiting = answered(feed, desk);
    desk.append(TASK, { ...SAMPLES.turnCompleted, turn: 6 });
    const answer = await waiting;
    desk.append(TASK, { ...SAMPLES.turnCompleted, turn: 7 });
    const seen = [...answer.entries, ...feed.news().flatMap(({ entries }) => entries)].map(({ what }) => what);
    assert.deepEqual(seen.slice(-4), ["Turn 4", "Turn 5", "Turn 6", "Turn 7"]);
    assert.deepEqual(feed.news(), []);
  });

  it("waits for an event that was told but is not to be read yet", async () => {
    const desk = deskWithTurns(3);
    desk.readable = desk.journal.length - 1;
    const feed = new ActivityFeed({
      sleep: () => {
        desk.readable = Infinity;
        return Promise.resolve();
      },
    });
    const answer = await feed.answer(asked(), desk);
    assert.equal(answer?.entries.at(-1)?.what, "Turn 3");
  });

  it("brings only what is new to a page that comes back, or the newest where that is too much", async () => {
    const desk = deskWithTurns(20);
    const feed = feedOn(desk);
    const { upTo } = await answered(feed, desk);
    desk.append(TASK, { ...SAMPLES.turnCompleted, turn: 21 });
    const back = await answered(feed, desk, { after: upTo });
    assert.deepEqual([back.entries.map(({ what }) => what), back.from], [["Turn 21"], upTo]);
    for (let turn = 0; turn < ACTIVITY_PAGE; turn += 1) desk.append(TASK, SAMPLES.turnCompleted);
    const late = await answered(feed, desk, { after: upTo });
    assert.equal(late.entries.length, ACTIVITY_PAGE);
    assert.ok(late.from > upTo);
  });

  it("filters what it reads, and still knows how far it has read", async () => {
    const desk = deskWithTurns(5);
    const answer = await answered(feedOn(desk), desk, { filter: { ...EVERYTHING, text: "created" } });
    assert.deepEqual([answer.entries.map(({ what }) => what), answer.from, answer.upTo], [["Task created"], 0, desk.journal.at(-1)?.seq]);
  });

  it("says nothing more for a request that another one has replaced, nor after it was stopped", async () => {
    const desk = deskWithTurns(5);
    const feed = feedOn(desk);
    const first = feed.answer(asked(), desk);
    const second = feed.answer(asked({ request: 2 }), desk);
    assert.equal(await first, null);
    assert.equal((await second)?.request, 2);
    feed.stop();
    desk.append(TASK, SAMPLES.turnCompleted);
    assert.deepEqual(feed.news(), []);
  });
});
