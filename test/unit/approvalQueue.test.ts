import { strict as assert } from "node:assert";
import { ApprovalQueue } from "../../src/core/approvals/approvalQueue";
import { isCovered } from "../../src/core/approvals/coverage";
import type { TaskId } from "../../src/core/domain/task";
import type { CommandAnswer, CommandRequest } from "../../src/core/ports/commandApproval";

/** Of a task of its own: what waits listens to it. */
const never = (): AbortSignal => new AbortController().signal;

function aRequest(command: string, change: Partial<CommandRequest> = {}): CommandRequest {
  const task = change.task ?? ("greet-0001" as TaskId);
  return {
    root: "/work",
    task,
    title: "Greet",
    command,
    purpose: "agent",
    reason: "No entry covers it.",
    touches: [],
    entry: null,
    allowedWith: null,
    scopes: ["once", "task", "workspace"],
    isCoveredBy: (approval) => isCovered({ task, command, purpose: "agent", dependsOn: null, shell: "sh" }, approval),
    ...change,
  };
}

const tasks = Array.from({ length: 10 }, (_, n) => `task-000${n}` as TaskId);

describe("ApprovalQueue", () => {
  it("holds the requests of many tasks at once, oldest first, and tells of every change", async () => {
    const queue = new ApprovalQueue();
    let changes = 0;
    queue.onChange(() => (changes += 1));
    const answers = tasks.map((task) => queue.ask(aRequest(`make ${task}`, { task }), new AbortController().signal));
    assert.deepEqual(queue.pending.map(({ task }) => task), tasks);
    assert.equal(changes, 10);
    for (const { id } of queue.pending) assert.equal(queue.answer(id, { kind: "allow", scope: "once", withEntry: false }), true);
    assert.deepEqual(await Promise.all(answers), tasks.map(() => ({ kind: "allowed", scope: "once", entry: null })));
    assert.deepEqual([queue.pending, changes], [[], 20]);
  });

  it("settles what an answer for the workspace covers, and nothing of another folder", async () => {
    const queue = new ApprovalQueue();
    const answers = [...tasks.map((task) => queue.ask(aRequest("make", { task }), never())), queue.ask(aRequest("make", { root: "/elsewhere" }), never()), queue.ask(aRequest("make test"), never())];
    const [first] = queue.pending;
    queue.answer(first?.id ?? 0, { kind: "allow", scope: "workspace", withEntry: false });
    assert.deepEqual(queue.pending.map(({ root, command }) => [root, command]), [["/elsewhere", "make"], ["/work", "make test"]]);
    const settled = await Promise.all(answers.slice(0, 10));
    assert.deepEqual(settled.map(({ kind }) => kind), ["allowed", ...tasks.slice(1).map(() => "covered")]);
  });

  it("settles for the same task alone what was allowed for the task", () => {
    const queue = new ApprovalQueue();
    const [mine, other] = [tasks[0], tasks[1]].map((task) => task ?? ("" as TaskId));
    const asked = [mine, mine, other].map((task) => queue.ask(aRequest("make", { task: task ?? ("" as TaskId) }), never()));
    assert.equal(asked.length, 3);
    queue.answer(queue.pending[0]?.id ?? 0, { kind: "allow", scope: "task", withEntry: false });
    assert.deepEqual(queue.pending.map(({ task }) => task), [other]);
  });

  it("settles what the picked entry covers, and gives the entry back only where it was picked", async () => {
    const queue = new ApprovalQueue();
    const ask = (command: string): Promise<CommandAnswer> => queue.ask(aRequest(command, { entry: "npm test *" }), never());
    const [first, second, third] = [ask("npm test -- a"), ask("npm test -- b"), ask("npm test; rm -r build")];
    queue.answer(queue.pending[0]?.id ?? 0, { kind: "allow", scope: "workspace", withEntry: true });
    assert.deepEqual(await first, { kind: "allowed", scope: "workspace", entry: "npm test *" });
    assert.deepEqual(await second, { kind: "covered", scope: "workspace" });
    assert.deepEqual(queue.pending.map(({ command }) => command), ["npm test; rm -r build"]);
    queue.answer(queue.pending[0]?.id ?? 0, { kind: "allow", scope: "once", withEntry: true });
    assert.deepEqual(await third, { kind: "allowed", scope: "once", entry: null });
  });

  it("lets a request of a cancelled task vanish, and does not take an answer that comes too late", async () => {
    const queue = new ApprovalQueue();
    const cancel = new AbortController();
    const answers = [queue.ask(aRequest("make"), cancel.signal), queue.ask(aRequest("make test"), cancel.signal)];
    const other = queue.ask(aRequest("make lint"), never());
    const [first, , last] = queue.pending;
    cancel.abort();
    assert.deepEqual(await Promise.all(answers), [{ kind: "withdrawn" }, { kind: "withdrawn" }]);
    assert.deepEqual(queue.pending.map(({ command }) => command), ["make lint"]);
    assert.equal(queue.answer(first?.id ?? 0, { kind: "allow", scope: "once", withEntry: false }), false);
    queue.answer(last?.id ?? 0, { kind: "refuse" });
    assert.equal((await other).kind, "refused");
  });

  it("keeps the answer that came before the cancel", async () => {
    const queue = new ApprovalQueue();
    const cancel = new AbortController();
    const answer = queue.ask(aRequest("make"), cancel.signal);
    queue.answer(queue.pending[0]?.id ?? 0, { kind: "refuse" });
    cancel.abort();
    assert.deepEqual(await answer, { kind: "refused", by: "person", reason: "You refused it." });
  });

  it("does not begin to wait for a task that is cancelled already", async () => {
    const queue = new ApprovalQueue();
    assert.deepEqual(await queue.ask(aRequest("make"), AbortSignal.abort()), { kind: "withdrawn" });
    assert.deepEqual(queue.pending, []);
  });

  it("takes no scope that was not offered", () => {
    const queue = new ApprovalQueue();
    const asked = queue.ask(aRequest("npm ci", { purpose: "setup", scopes: ["once"] }), never());
    assert.ok(asked instanceof Promise);
    assert.equal(queue.answer(queue.pending[0]?.id ?? 0, { kind: "allow", scope: "workspace", withEntry: false }), false);
    assert.equal(queue.pending.length, 1);
  });

  it("refuses everything that waits once nobody is there", async () => {
    const queue = new ApprovalQueue();
    const answers = [queue.ask(aRequest("make"), never()), queue.ask(aRequest("make test"), never())];
    queue.close("The input ended.");
    assert.deepEqual((await Promise.all(answers)).map((answer) => answer.kind === "refused" && answer.by), ["nobody", "nobody"]);
    assert.deepEqual(queue.pending, []);
  });
});
