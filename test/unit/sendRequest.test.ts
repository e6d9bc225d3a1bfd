import { strict as assert } from "node:assert";
import type { TaskDesk } from "../../src/core/desk/taskDesk";
import type { ChangeRequest } from "../../src/core/domain/review";
import { CountersignError } from "../../src/core/domain/errors";
import type { Harness } from "../../src/core/engine/harness";
import { changesRequested } from "../../src/core/engine/taskDecisions";
import type { TaskView } from "../../src/core/projections/taskView";
import { DraftComments, type DraftComment } from "../../src/vscode/review/draftComments";
import { goAlong, sendRequest } from "../../src/vscode/review/sendRequest";
import { A_BASE, aView, anAttempt } from "../builders/viewBuilder";

const PLACE = { path: "src/a.ts", side: "attempt", attempt: 1, line: 3, endLine: 4, quote: "const x = 1;" } as const;

class Bench {
  readonly asked: ChangeRequest[] = [];
  readonly values = new Map<string, unknown>();
  readonly drafts = new DraftComments({
    keys: () => [...this.values.keys()],
    get: <T>(key: string): T | undefined => this.values.get(key) as T | undefined,
    update: (key, value) => {
      if (value === undefined) this.values.delete(key);
      else this.values.set(key, value);
      return Promise.resolve();
    },
  });
  readonly ref;

  constructor(
    private readonly view: TaskView,
    private readonly meanwhile: (bench: Bench) => Promise<void> = () => Promise.resolve(),
  ) {
    this.ref = { root: "/home/ada/tally", task: view.request.id };
  }

  draft(id: string, text: string): Promise<void> {
    const draft: DraftComment = { id, uri: `countersign://${id}`, ...PLACE, text };
    return this.drafts.keep(this.ref, draft);
  }

  send(said: string): ReturnType<typeof sendRequest> {
    const harness = {
      requestChanges: async (view: TaskView, request: ChangeRequest): Promise<TaskView> => {
        changesRequested(view, request);
        this.asked.push(request);
        await this.meanwhile(this);
        return view;
      },
    } as unknown as Harness;
    const desk = { root: this.ref.root, act: (_id: unknown, work: (to: Harness, view: TaskView) => Promise<unknown>) => work(harness, this.view) } as unknown as TaskDesk;
    return sendRequest(this, { desk, view: this.view }, said);
  }
}

const STOPPED = aView({ status: "failed", base: A_BASE, attempts: [anAttempt()] });

describe("sendRequest", () => {
  it("sends the comments on lines with the text, from wherever the task has stopped, and forgets them then", async () => {
    const bench = new Bench(STOPPED);
    await bench.draft("1", "Why 1?");
    assert.equal((await bench.send(" Name it. \n")).comments, 1);
    assert.deepEqual(bench.asked, [{ text: "Name it.", comments: [{ ...PLACE, text: "Why 1?" }] }]);
    assert.equal(bench.drafts.pending(bench.ref), 0);
  });

  it("needs no text beside comments, and something of both", async () => {
    const bench = new Bench(STOPPED);
    await assert.rejects(bench.send(" "), (error) => CountersignError.is(error, "badRequest"));
    await bench.draft("1", "Why 1?");
    await bench.send("");
    assert.deepEqual(bench.asked.map(({ text, comments }) => [text, comments.length]), [["", 1]]);
  });

  it("keeps comments that were not taken, and those that were written meanwhile", async () => {
    const refused = new Bench({ ...STOPPED, status: "accepted" });
    await refused.draft("1", "Why 1?");
    await assert.rejects(refused.send("x"), (error) => CountersignError.is(error, "conflict"));
    assert.equal(refused.drafts.pending(refused.ref), 1);
    const busy = new Bench(STOPPED, (bench) => bench.draft("2", "And why here?"));
    await busy.draft("1", "Why 1?");
    await busy.send("x");
    assert.deepEqual(busy.drafts.of(busy.ref).map(({ id }) => id), ["2"]);
  });
});

describe("goAlong", () => {
  it("says how many comments go along", () => assert.deepEqual([0, 1, 2].map(goAlong), ["", "1 comment on lines goes along; the text may stay empty.", "2 comments on lines go along; the text may stay empty."]));
});
