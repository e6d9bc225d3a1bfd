// The Agent Sessions tree as a user reads it.
import assert from "node:assert/strict";
import type { SessionId, TaskId } from "../../src/core/domain/task";
import { SessionTree } from "../../src/vscode/views/sessionTree";
import { DeskHistory } from "../builders/deskHistory";
import { SOME_USAGE } from "../builders/samples";
import { nodeAt, treeText } from "../builders/treeText";

const PLANNER = { session: "planner-0-0009" as SessionId, role: "planner", phase: "planning", attempt: 0, model: "claude-opus-5-5" } as const;

function aTree(): { readonly history: DeskHistory; readonly tree: SessionTree; readonly at: (now: string) => void; readonly task: TaskId } {
  const history = new DeskHistory();
  let now = "2026-01-05T10:00:00.000Z";
  history.inReview("Done before");
  history.created("Never run");
  const task = history.running("At work");
  history.add(task, { kind: "sessionStarted", ...PLANNER });
  const source = { opened: [history.desk], all: () => Promise.resolve([history.desk]) };
  return { history, task, tree: new SessionTree(source, () => Date.parse(now)), at: (time) => (now = time) };
}

describe("SessionTree", () => {
  it("shows live sessions first, then tasks with their sessions, newest first", async () => {
    const { tree, at, history } = aTree();
    at(new Date(Date.parse(history.desk.journal.at(-1)!.time) + 72_000).toISOString());
    assert.deepEqual(await treeText(tree), [
      "Planner | turn 1 · 1 min 12 s · 0 tokens · $0.00 · At work · claude-opus-5-5",
      "Done before | 3 sessions · 3 min ago",
      "  Generator · attempt 2 | 2 turns · 7.0 s · 15.2k tokens · $0.0200 · claude-opus-5-5",
      "  Generator | 2 turns · 7.0 s · 15.2k tokens · $0.0200 · claude-opus-5-5",
      "  Planner | 2 turns · 7.0 s · 15.2k tokens · $0.0200 · claude-opus-5-5",
    ]);
  });

  it("ticks every second while a session is live, and seldom else", async () => {
    const { tree, history, task } = aTree();
    assert.equal(tree.tickMs(), 1000);
    history.add(task, { kind: "sessionEnded", session: PLANNER.session, outcome: "timedOut", detail: "after 600 s" });
    assert.equal(tree.tickMs(), 60_000);
    assert.match((await treeText(tree))[1] ?? "", /^ {2}Planner \| timed out · 0 turns/);
  });

  it("calls a session interrupted whose task was cut off", async () => {
    const { tree, history, task } = aTree();
    history.desk.setRunning(task, false);
    assert.match((await treeText(tree))[1] ?? "", /^ {2}Planner \| interrupted · 0 turns/);
  });

  it("counts a live session's turns, tokens and cost as they come", async () => {
    const { tree, history, task } = aTree();
    const planner = await nodeAt(tree, "Planner");
    const turn = { kind: "turnCompleted", session: PLANNER.session, turn: 1, model: PLANNER.model, usage: SOME_USAGE, usd: 0.01, durationMs: 900, stop: "toolUse", toolCalls: 1 } as const;
    history.add(task, turn, { ...turn, turn: 2 });
    assert.match(tree.row(planner).description, /^turn 3 · .* · 15\.2k tokens · \$0\.0200 · At work/);
    assert.match(tree.tooltip(planner) ?? "", /2 turns/);
  });

  it("says of a live session that a command of its waits, as soon as it does and until it is answered", async () => {
    const { tree, history, task } = aTree();
    const planner = await nodeAt(tree, "Planner");
    const seen: unknown[] = [];
    history.desk.onChange((change) => seen.push(tree.changed(history.desk, change)));
    history.add(task, { kind: "commandAsked", ask: 1, command: "make", purpose: "agent", reason: "No entry covers it." });
    assert.deepEqual([tree.row(planner).icon?.name, tree.row(planner).description.split(" · ")[0]], ["shield", "a command waits for approval"]);
    history.add(task, { kind: "commandWithdrawn", ask: 1 });
    assert.deepEqual([tree.row(planner).icon?.name, tree.row(planner).description.split(" · ")[0]], ["pulse", "turn 1"]);
    assert.deepEqual(seen, [[planner], [planner]]);
  });

  it("calls a script by its name, and by its whole path in the tooltip alone", async () => {
    const { tree, history, task } = aTree();
    const session = "generator-1-0009" as SessionId;
    history.add(task, { kind: "sessionStarted", ...PLANNER, session, role: "generator", model: "script:/home/ada/scripts/play.json" });
    const node = await nodeAt(tree, "Generator");
    assert.match(tree.row(node).description, / · script:play\.json$/);
    assert.match(tree.tooltip(node) ?? "", /\/home\/ada\/scripts\/play/);
  });

  it("opens the transcript", async () => {
    const { tree, task } = aTree();
    const { click } = tree.row(await nodeAt(tree, "Planner"));
    assert.ok(click?.kind === "command");
    assert.deepEqual([click.command, click.args], ["countersign.showTranscript", [{ target: { root: "/home/ada/tally", task, session: PLANNER.session } }]]);
  });

  it("refreshes one session with its turns, and the list when sessions come and go", async () => {
    const { tree, history, task } = aTree();
    await treeText(tree);
    const planner = await nodeAt(tree, "Planner");
    const seen: unknown[] = [];
    history.desk.onChange((change) => seen.push(tree.changed(history.desk, change)));
    const turn = { kind: "turnCompleted", session: PLANNER.session, turn: 1, model: PLANNER.model, usage: SOME_USAGE, usd: 0.01, durationMs: 900, stop: "toolUse", toolCalls: 0 } as const;
    history.add(task, turn, { kind: "handoffWritten", file: "plan.md" }, { kind: "sessionEnded", session: PLANNER.session, outcome: "completed", detail: "" });
    history.desk.live({ kind: "textStreamed", task, session: PLANNER.session, text: "…" });
    assert.deepEqual(seen, [[planner], [], "all", []]);
  });
});
