// The feed from desks to a page: what the page holds after any deltas is what a snapshot would say then, every message is
// understood by the other side and small, and nothing is made while nobody looks.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { DashboardFeed, FLUSH_MS } from "../../src/core/dashboard/dashboardFeed";
import { REFRESH_MS } from "../../src/core/dashboard/dayCosts";
import type { LiveEvent } from "../../src/core/domain/event";
import type { SessionId, TaskId } from "../../src/core/domain/task";
import { jsonBytes } from "../../src/shared/batches";
import { taskKey, type DashboardState } from "../../src/shared/dashboardState";
import { DELTA_BYTES, messageToPage, type Page, type ToPage } from "../../src/shared/protocol";
import { nextHeld, type Held } from "../../src/shared/stateFold";
import { SAMPLES, histories } from "../builders/eventBuilder";
import { aTask } from "../builders/taskBuilder";
import { FakeDesk, FakeSource } from "../fakes/fakeDesk";
import { ManualClock } from "../fakes/manualClock";

const ROOT = "/home/ada/tally";
const FIB = aTask().request.id;
const SESSION = "generator-1-0001" as SessionId;
const OVERVIEW: Page = { kind: "overview" };

/** A page that holds what the feed says, after a trip through JSON and the protocol's own reading. */
class PageDouble {
  readonly got: ToPage[] = [];
  held: Held | null = null;
  gaps = 0;

  readonly post = (message: ToPage): void => {
    const read = messageToPage(JSON.parse(JSON.stringify(message)));
    assert.ok(read !== null, `not understood: ${JSON.stringify(message).slice(0, 400)}`);
    if (read.kind === "delta" || read.kind === "logged") assert.ok(jsonBytes(message) <= DELTA_BYTES, `${read.kind} of ${jsonBytes(message)} bytes`);
    this.got.push(read);
    if (!("seq" in read)) return;
    const next = nextHeld(this.held, read);
    if (next === null) this.gaps += 1;
    else this.held = next;
  };

  get state(): DashboardState {
    assert.ok(this.held !== null, "the page has no snapshot");
    return this.held.state;
  }

  of<K extends ToPage["kind"]>(kind: K): readonly Extract<ToPage, { readonly kind: K }>[] {
    return this.got.filter((message): message is Extract<ToPage, { readonly kind: K }> => message.kind === kind);
  }
}

function setUp(...desks: readonly FakeDesk[]) {
  const clock = new ManualClock();
  const page = new PageDouble();
  const troubles: unknown[] = [];
  const source = new FakeSource(...desks);
  const feed = new DashboardFeed({ source, clock, post: page.post, onTrouble: (error) => troubles.push(error) });
  return { clock, page, feed, source, troubles };
}

function taskPage(task: string, tab: "progress" | "activity" = "progress"): Page {
  return { kind: "task", root: ROOT, task, tab };
}

function deskWith(builder: ReturnType<typeof aTask>): FakeDesk {
  const desk = new FakeDesk(ROOT);
  for (const event of builder.events()) desk.replay(event);
  return desk;
}

describe("DashboardFeed", () => {
  it("keeps a page at what a snapshot would say, for any history and any page (property)", async () => {
    const pages = fc.constantFrom(OVERVIEW, taskPage("a-0001"), taskPage("b-0002"), taskPage("gone"));
    const moments = fc.array(fc.record({ at: fc.nat(60), page: pages }), { maxLength: 4 });
    const running = fc.array(fc.constantFrom("a-0001", "b-0002"), { maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(histories, pages, moments, running, async (steps, first, navigations, tasks) => {
        const desk = new FakeDesk(ROOT);
        const { clock, page, feed } = setUp(desk);
        for (const task of tasks) desk.setRunning(task as TaskId, true);
        feed.begin(first, null);
        for (const [index, { task, body }] of steps.entries()) {
          desk.append(task, body);
          desk.live({ kind: "textStreamed", task, session: SESSION, text: `text ${index} ` });
          for (const { at, page: next } of navigations) if (at === index) feed.navigate(next);
          if (index % 3 === 0) await clock.advance(FLUSH_MS);
        }
        for (const task of tasks) desk.setRunning(task as TaskId, false);
        await clock.advance(REFRESH_MS + FLUSH_MS);
        await clock.advance(FLUSH_MS);
        const told = page.state;
        feed.resync();
        assert.equal(page.gaps, 0);
        assert.deepEqual(told, page.state);
        feed.dispose();
      }),
      { numRuns: 60 },
    );
  });

  it("gathers what happens within two frames into one delta", async () => {
    const desk = deskWith(aTask());
    const { clock, page, feed } = setUp(desk);
    feed.begin(OVERVIEW, null);
    await clock.advance(FLUSH_MS);
    const before = page.of("delta").length;
    for (let turn = 1; turn <= 50; turn += 1) desk.append(FIB, { ...SAMPLES.turnCompleted, turn });
    assert.equal(page.of("delta").length, before);
    await clock.advance(FLUSH_MS);
    assert.equal(page.of("delta").length, before + 1);
  });

  it("tells of one task's change in the size of that change, however many tasks there are", async () => {
    const desk = new FakeDesk(ROOT);
    for (let n = 0; n < 2000; n += 1) desk.append(`t-${n}` as TaskId, { ...SAMPLES.taskCreated, request: { ...SAMPLES.taskCreated.request, id: `t-${n}` as TaskId } });
    const { clock, page, feed } = setUp(desk);
    feed.begin(OVERVIEW, null);
    await clock.advance(FLUSH_MS);
    desk.append("t-7" as TaskId, SAMPLES.taskPassed);
    await clock.advance(FLUSH_MS);
    const [delta, ...others] = page.of("delta");
    assert.deepEqual(others, []);
    assert.ok(delta !== undefined && jsonBytes(delta) < 500, `${jsonBytes(delta)} bytes`);
    assert.equal(page.state.rows[taskKey({ root: ROOT, task: "t-7" })]?.state, "review");
  });

  it("sends nothing to a page that is not there, and makes nothing for it", async () => {
    const desk = deskWith(aTask());
    const { clock, page, feed } = setUp(desk);
    feed.begin(OVERVIEW, null);
    await clock.advance(FLUSH_MS);
    feed.pause();
    const sent = page.got.length;
    desk.append(FIB, SAMPLES.turnCompleted);
    await clock.advance(60_000);
    assert.equal(page.got.length, sent);
    assert.equal(clock.waiting, 0);
    feed.begin(OVERVIEW, null);
    assert.equal(page.got.at(-1)?.kind, "snapshot");
    assert.equal(page.state.rows[taskKey({ root: ROOT, task: FIB })]?.cost.usd, SAMPLES.turnCompleted.usd);
  });

  it("goes on from what a page was born with, where nothing was left out of it", async () => {
    const desk = deskWith(aTask());
    const { clock, page, feed } = setUp(desk);
    page.post(feed.boot(taskPage(FIB)));
    desk.append(FIB, SAMPLES.taskPassed);
    feed.begin(taskPage(FIB), page.held?.seq ?? null);
    await clock.advance(FLUSH_MS);
    assert.equal(page.of("snapshot").length, 1);
    assert.equal(page.gaps, 0);
    assert.equal(page.state.rows[taskKey({ root: ROOT, task: FIB })]?.state, "review");
  });

  it("is born with the newest tasks only, and brings the others when the page runs", () => {
    const desk = new FakeDesk(ROOT);
    for (let n = 0; n < 300; n += 1) desk.append(`t-${n}` as TaskId, { ...SAMPLES.taskCreated, request: { ...SAMPLES.taskCreated.request, id: `t-${n}` as TaskId } });
    const { page, feed } = setUp(desk);
    page.post(feed.boot(OVERVIEW));
    assert.equal(Object.keys(page.state.rows).length + page.state.left, 300);
    assert.ok(taskKey({ root: ROOT, task: "t-299" }) in page.state.rows);
    assert.ok(!(taskKey({ root: ROOT, task: "t-0" }) in page.state.rows));
    feed.begin(OVERVIEW, page.held?.seq ?? null);
    assert.deepEqual([Object.keys(page.state.rows).length, page.state.left], [300, 0]);
  });

  it("starts anew for a page that has lost a message", async () => {
    const desk = deskWith(aTask());
    const { clock, page, feed } = setUp(desk);
    feed.begin(OVERVIEW, null);
    desk.append(FIB, SAMPLES.taskPassed);
    page.held = { ...page.held!, seq: 0 };
    await clock.advance(FLUSH_MS);
    assert.equal(page.gaps, 1);
    feed.resync();
    assert.equal(page.state.rows[taskKey({ root: ROOT, task: FIB })]?.state, "review");
  });

  it("says what a following window must know, and that queued tasks move up", async () => {
    const desk = new FakeDesk(ROOT);
    for (const [index, id] of ["a", "b"].entries()) {
      desk.append(id as TaskId, { ...SAMPLES.taskCreated, request: { ...SAMPLES.taskCreated.request, id: id as TaskId } });
      desk.append(id as TaskId, { kind: "runQueued", rank: index });
    }
    const { clock, page, feed } = setUp(desk);
    const row = (task: string) => page.state.rows[taskKey({ root: ROOT, task })];
    feed.begin(taskPage("b"), null);
    assert.deepEqual([row("a")?.queuePlace, row("b")?.queuePlace, row("b")?.state], [1, 2, "inQueue"]);
    assert.ok(page.state.detail?.actions.includes("cancel"));
    desk.append("a" as TaskId, SAMPLES.runStarted);
    desk.setOwnership({ kind: "theirs", owner: "process 7 on ada" });
    await clock.advance(FLUSH_MS);
    assert.deepEqual([row("a")?.state, row("b")?.queuePlace], ["running", 1]);
    assert.equal(page.state.folders[ROOT]?.owner, "process 7 on ada");
    assert.deepEqual(page.state.detail?.actions, []);
  });

  it("calls a task interrupted that nobody runs any more, and again what it is", async () => {
    const desk = deskWith(aTask());
    desk.setRunning(FIB, true);
    const { clock, page, feed } = setUp(desk);
    const state = () => page.state.rows[taskKey({ root: ROOT, task: FIB })]?.state;
    feed.begin(taskPage(FIB), null);
    assert.equal(state(), "running");
    desk.setRunning(FIB, false);
    await clock.advance(FLUSH_MS);
    assert.deepEqual([state(), page.state.detail?.live], ["interrupted", null]);
    assert.ok(page.state.detail?.actions.includes("resume"));
  });

  it("adds up what each day has cost, and reads it again a while after a call", async () => {
    const desk = deskWith(aTask().withSession("planner", 2, 0.5));
    const { clock, page, feed } = setUp(desk);
    feed.begin(OVERVIEW, null);
    await clock.advance(0);
    await clock.advance(FLUSH_MS);
    assert.deepEqual(page.state.days, { "2026-01-05": { usd: 1, unpriced: 0 } });
    desk.append(FIB, { ...SAMPLES.turnCompleted, usd: null });
    await clock.advance(REFRESH_MS);
    await clock.advance(FLUSH_MS);
    assert.deepEqual(page.state.days, { "2026-01-05": { usd: 1, unpriced: 1 } });
  });

  it("reads costs for a page that runs, not for one that is still to be seen", async () => {
    const { clock, page, feed } = setUp(deskWith(aTask().withSession("planner", 2, 0.5)));
    page.post(feed.boot(OVERVIEW));
    await clock.advance(FLUSH_MS);
    feed.begin(OVERVIEW, page.held?.seq ?? null);
    assert.equal(page.state.days, null);
    await clock.advance(0);
    await clock.advance(FLUSH_MS);
    assert.deepEqual(page.state.days, { "2026-01-05": { usd: 1, unpriced: 0 } });
  });

  it("shows folders as they come", async () => {
    const { clock, page, feed, source } = setUp();
    source.shownPlace = "opening";
    feed.begin(OVERVIEW, null);
    assert.deepEqual([page.state.place, page.state.folders], ["opening", {}]);
    source.shownPlace = "open";
    source.open(deskWith(aTask()));
    await clock.advance(FLUSH_MS);
    assert.deepEqual([page.state.place, Object.keys(page.state.folders), Object.keys(page.state.rows).length], ["open", [ROOT], 1]);
  });
});

describe("live activity", () => {
  function running() {
    const desk = deskWith(aTask().with(SAMPLES.baseSnapshotted).with(SAMPLES.contractFrozen));
    desk.setRunning(FIB, true);
    desk.append(FIB, SAMPLES.sessionStarted);
    const parts = setUp(desk);
    parts.feed.begin(taskPage(FIB), null);
    const live = async () => {
      await parts.clock.advance(FLUSH_MS);
      await parts.clock.advance(FLUSH_MS);
      return parts.page.state.detail?.live;
    };
    const stream = (kind: LiveEvent["kind"], text: string): void => {
      if (kind === "outputStreamed") desk.live({ kind, task: FIB, source: SESSION, text });
      else desk.live({ kind, task: FIB, session: SESSION, text });
    };
    return { ...parts, desk, live, stream };
  }

  it("knows the call that had begun before anybody looked", async () => {
    const desk = deskWith(aTask().with(SAMPLES.baseSnapshotted));
    desk.setRunning(FIB, true);
    desk.append(FIB, SAMPLES.sessionStarted);
    desk.append(FIB, { ...SAMPLES.toolCalled, tool: "run_command", summary: "cd /cache/add-fibonacci-7k2m/src && npm test" });
    const { clock, page, feed } = setUp(desk);
    feed.begin(taskPage(FIB), null);
    await clock.advance(FLUSH_MS);
    await clock.advance(FLUSH_MS);
    const tools = Object.values(page.state.detail?.live?.tools ?? {});
    assert.deepEqual(tools.map(({ tool, summary }) => [tool, summary]), [["run_command", "cd src && npm test"]]);
  });

  it("lets a call go when it has ended, and keeps it among the last lines", async () => {
    const { desk, live } = running();
    desk.append(FIB, SAMPLES.toolCalled);
    assert.deepEqual(Object.keys((await live())?.tools ?? {}), ["call_1"]);
    desk.append(FIB, SAMPLES.toolFinished);
    const now = await live();
    assert.deepEqual(now?.tools, {});
    assert.deepEqual(Object.values(now?.recent ?? {}).at(-1)?.what, "read_file src/cli.js 1–60");
  });

  it("keeps the end of what streams, however long it goes on", async () => {
    const { live, stream } = running();
    for (let n = 0; n < 3000; n += 1) stream(n % 2 === 0 ? "textStreamed" : "outputStreamed", `${n} `);
    const now = await live();
    assert.ok(now !== null && now !== undefined);
    assert.ok(now.text.endsWith("2996 2998 ") && now.text.length <= 3000);
    assert.ok(now.output.endsWith("2997 2999 ") && now.output.length <= 6000);
  });

  it("begins a new text with the next turn, and voids one that is asked for again", async () => {
    const { desk, live, stream } = running();
    stream("textStreamed", "I look at it.");
    desk.append(FIB, SAMPLES.turnCompleted);
    assert.equal((await live())?.text, "I look at it.");
    stream("textStreamed", "Now I write");
    assert.equal((await live())?.text, "Now I write");
    desk.append(FIB, SAMPLES.modelRetried);
    assert.deepEqual([(await live())?.text, (await live())?.retry], ["", "overloaded"]);
  });

  it("counts the checks of a round", async () => {
    const { desk, live } = running();
    desk.append(FIB, SAMPLES.checkStarted);
    const during = await live();
    assert.deepEqual([during?.check?.what, during?.checksDone, during?.checksOf], ["node bin/tally.js fibonacci 10", 0, 1]);
    desk.append(FIB, SAMPLES.checkFinished);
    const after = await live();
    assert.deepEqual([after?.check, after?.checksDone], [null, 1]);
  });

  it("is small: a second of 200 events and texts stays below 80 kB", async () => {
    const { desk, clock, page, stream, live } = running();
    await live();
    const before = page.got.length;
    for (let frame = 0; frame < 30; frame += 1) {
      for (let n = 0; n < 7; n += 1) {
        const call = `call_${frame}_${n}`;
        desk.append(FIB, { ...SAMPLES.toolCalled, call });
        desk.append(FIB, { ...SAMPLES.toolFinished, call });
        stream("textStreamed", "some words of the model ");
        stream("outputStreamed", "ok 12 - it works\n");
      }
      await clock.advance(FLUSH_MS);
    }
    const bytes = page.got.slice(before).reduce((sum, message) => sum + jsonBytes(message), 0);
    assert.ok(bytes < 80_000, `${bytes} bytes`);
    assert.equal(page.gaps, 0);
  });
});
