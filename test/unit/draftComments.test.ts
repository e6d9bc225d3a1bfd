import { strict as assert } from "node:assert";
import type { TaskId } from "../../src/core/domain/task";
import { DraftComments, sentForm, type DraftComment, type DraftStore } from "../../src/vscode/review/draftComments";

const GREET = { root: "/home/ada/tally", task: "greet-7k2m" as TaskId };
const COUNT = { root: "C:\\work\\tally", task: "count-0001" as TaskId };

function aDraft(change: Partial<DraftComment> = {}): DraftComment {
  const place = { path: "src/a.ts", side: "attempt", attempt: 2, line: 3, endLine: 4 } as const;
  return { id: "1", uri: "countersign://greet-7k2m/src/a.ts", ...place, quote: "const x = 1;", text: "Why 1?", ...change };
}

/** A Memento writes JSON. */
function aStore(first: Readonly<Record<string, unknown>> = {}): DraftStore {
  const values = new Map(Object.entries(first).map(([key, value]) => [key, JSON.stringify(value)]));
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string): T | undefined => (values.has(key) ? (JSON.parse(values.get(key) ?? "") as T) : undefined),
    update: (key, value) => {
      if (value === undefined) values.delete(key);
      else values.set(key, JSON.stringify(value));
      return Promise.resolve();
    },
  };
}

describe("DraftComments", () => {
  it("are kept for each task, in the order of files and lines", async () => {
    const drafts = new DraftComments(aStore());
    await drafts.keep(GREET, aDraft({ id: "b", path: "src/b.ts" }));
    await drafts.keep(GREET, aDraft({ id: "a2", line: 9 }));
    await drafts.keep(GREET, aDraft({ id: "a1", line: 3 }));
    await drafts.keep(COUNT, aDraft({ id: "c" }));
    assert.deepEqual(drafts.of(GREET).map(({ id }) => id), ["a1", "a2", "b"]);
    assert.deepEqual([drafts.pending(GREET), drafts.pending(COUNT)], [3, 1]);
    assert.deepEqual(drafts.tasks(), [GREET, COUNT]);
  });

  it("take the place of the draft that they change", async () => {
    const drafts = new DraftComments(aStore());
    await drafts.keep(GREET, aDraft());
    await drafts.keep(GREET, aDraft({ text: "Why not 2?" }));
    assert.deepEqual(drafts.of(GREET).map(({ text }) => text), ["Why not 2?"]);
  });

  it("leave nothing behind when they are dropped", async () => {
    const store = aStore();
    const drafts = new DraftComments(store);
    await drafts.keep(GREET, aDraft({ id: "1" }));
    await drafts.keep(GREET, aDraft({ id: "2" }));
    await drafts.drop(GREET, "1");
    assert.deepEqual(drafts.of(GREET).map(({ id }) => id), ["2"]);
    await drafts.drop(GREET, "2");
    await drafts.keep(COUNT, aDraft());
    await drafts.dropAll(COUNT);
    assert.deepEqual(store.keys(), []);
  });

  it("pass over what is no draft, as another version may have left it", () => {
    const drafts = new DraftComments(aStore({ "review.comments:greet-7k2m:/home/ada/tally": [aDraft(), { id: "2" }, null, { ...aDraft(), side: "left" }], "review.request:greet-7k2m:/x": "text" }));
    assert.deepEqual(drafts.of(GREET), [aDraft()]);
    assert.deepEqual(drafts.tasks(), [GREET]);
    assert.equal(new DraftComments(aStore({ "review.comments:greet-7k2m:/home/ada/tally": "text" })).pending(GREET), 0);
  });

  it("tell whose have changed, until nobody listens", async () => {
    const drafts = new DraftComments(aStore());
    const told: string[] = [];
    const listening = drafts.onDidChange(({ task }) => told.push(task));
    await drafts.keep(GREET, aDraft());
    await drafts.drop(GREET, "1");
    listening.dispose();
    await drafts.keep(COUNT, aDraft());
    assert.deepEqual(told, [GREET.task, GREET.task]);
  });

  it("are sent without what only the window needs", () => {
    assert.deepEqual(sentForm(aDraft()), { path: "src/a.ts", side: "attempt", attempt: 2, line: 3, endLine: 4, quote: "const x = 1;", text: "Why 1?" });
  });
});
