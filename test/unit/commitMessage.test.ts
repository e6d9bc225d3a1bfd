import { strict as assert } from "node:assert";
import { commitMessageFor } from "../../src/core/projections/commitMessage";
import { A_PLAN, aTaskRequest } from "../builders/samples";
import { aView } from "../builders/viewBuilder";

describe("commitMessageFor", () => {
  it("says what the plan says, wrapped as git's own messages are, and names the task", () => {
    const rationale = "One small code path that is exact for every N,\nand the least to read for whoever comes after us in a year or two.";
    const plan = { ...A_PLAN, title: "Add a\nFibonacci command", rationale };
    const [subject, body, trailer, ...more] = commitMessageFor(aView({ plan })).split("\n\n");
    assert.deepEqual([subject, trailer, more], ["Add a Fibonacci command", "Countersign-Task: add-fibonacci-7k2m", []]);
    assert.equal(body?.replaceAll("\n", " "), rationale.replaceAll("\n", " "));
    assert.deepEqual(body?.split("\n").map((line) => line.length <= 72), [true, true]);
  });

  it("makes do with the title of a task that was never planned, and keeps the first line short", () => {
    const title = "Rename the option that says how many results are printed at once to what it really is";
    const [subject, , trailer] = commitMessageFor(aView({ plan: null, request: aTaskRequest({ title }) })).split("\n");
    assert.equal(subject, "Rename the option that says how many results are printed at once to…");
    assert.equal(trailer, "Countersign-Task: add-fibonacci-7k2m");
    const word = "x".repeat(100);
    assert.equal(commitMessageFor(aView({ plan: null, request: aTaskRequest({ title: word }) })).split("\n")[0], `${"x".repeat(71)}…`);
  });
});
