// What the page makes of what it holds: which tasks it lists, which stretch of activity it has, how phases line up.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { EVERYTHING } from "../../src/shared/activityFilter";
import type { Activity, PhaseSpan, TaskRow } from "../../src/shared/dashboardState";
import { ago, counted, dollars, duration, elapsed, pause, roughly, tokens } from "../../src/shared/figures";
import { MOST_ENTRIES, withNewest, withNews, withOlder, type ActivityLog } from "../../webview-ui/store/activityLog";
import { indexOfSeq } from "../../webview-ui/activity/indexOfSeq";
import { listOf } from "../../webview-ui/store/taskList";
import { modelName } from "../../src/core/domain/scriptModel";
import { comingPhases, spansOf } from "../../webview-ui/task/spans";

const NO_FILTER = { text: "", state: "", category: "" } as const;

function aRow(task: string, change: Partial<TaskRow> = {}): TaskRow {
  return {
    root: "/home/ada/tally",
    task,
    title: `Task ${task}`,
    category: "PREP",
    state: "new",
    needsPerson: false,
    queuePlace: null,
    phase: null,
    attempt: 0,
    score: null,
    passed: null,
    cost: { usd: 0, unpriced: 0 },
    createdAt: "2026-01-05T09:00:00.000Z",
    updatedAt: "2026-01-05T09:00:00.000Z",
    detail: "",
    ...change,
  };
}

function rows(...all: readonly TaskRow[]): Readonly<Record<string, TaskRow>> {
  return Object.fromEntries(all.map((row) => [row.task, row]));
}

function shown(items: ReturnType<typeof listOf>): readonly string[] {
  return items.map((item) => (item.kind === "heading" ? `${item.text} (${item.count})` : item.row.task));
}

describe("listOf", () => {
  const all = rows(
    aRow("done", { state: "accepted" }),
    aRow("later", { state: "inQueue", queuePlace: 2 }),
    aRow("next", { state: "inQueue", queuePlace: 1 }),
    aRow("runs", { state: "running", category: "DISPATCH" }),
    aRow("review", { state: "review", needsPerson: true, title: "Look at Fibonacci" }),
    aRow("fresh", { updatedAt: "2026-01-06T09:00:00.000Z" }),
    aRow("old"),
  );

  it("puts what needs the user first, and each task under one heading", () => {
    assert.deepEqual(shown(listOf(all, NO_FILTER)), ["Needs you (1)", "review", "Running (1)", "runs", "In queue (2)", "next", "later", "Not started (2)", "fresh", "old", "Ended (1)", "done"]);
  });

  it("keeps the place of what runs, however often it changes", () => {
    const order = (a: string, b: string): readonly string[] =>
      shown(listOf(rows(aRow("a", { state: "running", createdAt: "2026-01-01T00:00:00.000Z", updatedAt: a }), aRow("b", { state: "running", createdAt: "2026-01-02T00:00:00.000Z", updatedAt: b })), NO_FILTER));
    assert.deepEqual(order("2026-01-03T00:00:00.000Z", "2026-01-04T00:00:00.000Z"), order("2026-01-05T00:00:00.000Z", "2026-01-04T00:00:00.000Z"));
  });

  it("narrows by words, state, category and need", () => {
    assert.deepEqual(shown(listOf(all, { ...NO_FILTER, text: "fibonacci LOOK" })), ["Needs you (1)", "review"]);
    assert.deepEqual(shown(listOf(all, { ...NO_FILTER, state: "inQueue" })), ["In queue (2)", "next", "later"]);
    assert.deepEqual(shown(listOf(all, { ...NO_FILTER, category: "DISPATCH" })), ["Running (1)", "runs"]);
    assert.deepEqual(shown(listOf(all, { ...NO_FILTER, state: "needsPerson" })), ["Needs you (1)", "review"]);
    assert.deepEqual(shown(listOf(all, { ...NO_FILTER, text: "nothing like it" })), []);
  });
});

function entries(from: number, to: number): readonly Activity[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => ({ seq: from + index, time: "2026-01-05T09:00:00.000Z", group: "tools", level: "info", what: `call ${from + index}`, note: "", ms: 1 }));
}

function answer(from: number, upTo: number, found = entries(from + 1, upTo)) {
  return { kind: "activity", request: 1, entries: found, from, upTo } as const;
}

const seqs = (log: ActivityLog): readonly number[] => log.entries.map(({ seq }) => seq);

describe("activityLog", () => {
  it("grows at both ends, with each entry once (property)", () => {
    const steps = fc.array(fc.record({ kind: fc.constantFrom("older", "news", "newest"), n: fc.integer({ min: 1, max: 9 }) }), { maxLength: 20 });
    fc.assert(
      fc.property(steps, (moves) => {
        let log = withNewest(null, EVERYTHING, answer(100, 120));
        for (const { kind, n } of moves) {
          if (kind === "older") log = withOlder(log, answer(Math.max(0, log.from - n), log.from));
          else if (kind === "news") log = withNews(log, entries(log.upTo - 2, log.upTo + n));
          else log = withNewest(log, EVERYTHING, answer(log.upTo, log.upTo + n));
        }
        assert.deepEqual(seqs(log), entries(log.from + 1, log.upTo).map(({ seq }) => seq));
      }),
    );
  });

  it("starts anew where the newest does not reach what is there", () => {
    const log = withNewest(withNewest(null, EVERYTHING, answer(0, 10)), EVERYTHING, answer(500, 510));
    assert.deepEqual([log.from, seqs(log)[0]], [500, 501]);
  });

  it("takes of what is told live only what matches, and knows how far it is", () => {
    const log = withNews(withNewest(null, { ...EVERYTHING, text: "call 12" }, answer(0, 10, [])), entries(11, 13));
    assert.deepEqual([seqs(log), log.upTo], [[12], 13]);
  });

  it("lets the oldest go when it has grown large, and knows that they can be fetched again", () => {
    const log = withNews(withNewest(null, EVERYTHING, answer(0, 10)), entries(11, MOST_ENTRIES + 1));
    assert.ok(log.entries.length < MOST_ENTRIES);
    assert.equal(log.from, (log.entries[0]?.seq ?? 0) - 1);
    assert.equal(log.entries.at(-1)?.seq, MOST_ENTRIES + 1);
  });

  it("finds an entry by its number (property)", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1000)), fc.nat(1000), (numbers, seq) => {
        const sorted = numbers.toSorted((a, b) => a - b);
        assert.equal(indexOfSeq(sorted.flatMap((one) => entries(one, one)), seq), sorted.indexOf(seq));
      }),
    );
  });
});

describe("spansOf", () => {
  const planning: PhaseSpan = { phase: "planning", attempt: 0, startedAt: "2026-01-05T09:00:00.000Z", ms: 2000, outcome: "completed" };
  const contract: PhaseSpan = { phase: "contract", attempt: 0, startedAt: "2026-01-06T09:00:00.000Z", ms: null, outcome: null };

  it("puts phases end to end, in the order in which they ran, whatever lay between them", () => {
    const spans = spansOf([contract, planning], Date.parse("2026-01-06T09:00:05.000Z"));
    assert.deepEqual(spans.map(({ phase, start, end }) => [phase.phase, start, end]), [["planning", 0, 2000], ["contract", 2000, 7000]]);
  });

  it("gives a phase that was cut off no time", () => {
    assert.deepEqual(spansOf([contract], null).map(({ start, end }) => [start, end]), [[0, 0]]);
  });

  it("names the phases that are to come, and none once it is over", () => {
    const detail = { type: "multi_agent", phases: [planning] } as const;
    assert.deepEqual(comingPhases(detail, { state: "running", category: "PREP" }), ["contract", "implementation", "verification"]);
    assert.deepEqual(comingPhases(detail, { state: "review", category: "PREP" }), []);
    assert.deepEqual(comingPhases({ type: "single_agent", phases: [] }, { state: "new", category: "DISPATCH" }), ["implementation"]);
    assert.deepEqual(comingPhases({ type: null, phases: [] }, { state: "new", category: "YOURS" }), []);
  });
});

describe("figures", () => {
  it("reads as people write them", () => {
    assert.deepEqual([0, 999, 1234, 9949, 9950, 59_499, 59_500, 185_000, 3_725_000].map(duration), ["0 ms", "999 ms", "1.2 s", "9.9 s", "10 s", "59 s", "1 min 0 s", "3 min 5 s", "1 h 2 min"]);
    assert.deepEqual([400, 119_001, 600_000].map(roughly), ["1 s", "2 min", "10 min"]);
    assert.deepEqual([40, 400, 12_340].map(pause), ["0.0 s", "0.4 s", "12.3 s"]);
    assert.deepEqual([0, 950, 12_340, 999_949, 1_250_000].map(tokens), ["0", "950", "12.3k", "999.9k", "1.25M"]);
    assert.deepEqual([0, 0.0123, 0.1, 12.345].map(dollars), ["$0.00", "$0.0123", "$0.10", "$12.35"]);
    assert.deepEqual([counted(1, "check"), counted(2, "check"), counted(0, "entry", "entries")], ["1 check", "2 checks", "0 entries"]);
  });

  it("tells how long ago something was, and how long it goes on", () => {
    const now = Date.parse("2026-01-10T12:00:00.000Z");
    const times = ["2026-01-10T11:59:30.000Z", "2026-01-10T11:55:00.000Z", "2026-01-10T09:00:00.000Z", "2026-01-09T09:00:00.000Z", "2026-01-06T12:00:00.000Z", "2025-12-01T12:00:00.000Z"];
    assert.deepEqual(times.map((time) => ago(time, now)), ["just now", "5 min ago", "3 h ago", "yesterday", "4 d ago", "2025-12-01"]);
    assert.deepEqual(["2026-01-10T11:59:56.200Z", "2026-01-10T12:00:02.000Z", "2026-01-10T11:58:00.000Z"].map((time) => elapsed(time, now)), ["3 s", "0 s", "2 min 0 s"]);
  });

  it("names a recording by the model that it plays, or by its file", () => {
    assert.deepEqual([modelName("claude-opus-5-5"), modelName("script:/home/ada/fibonacci.script.json#claude-opus-5-5"), modelName("script:C:\\Users\\ada\\x.json")], ["claude-opus-5-5", "claude-opus-5-5", "script:x.json"]);
  });
});
