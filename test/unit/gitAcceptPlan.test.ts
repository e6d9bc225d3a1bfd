import { strict as assert } from "node:assert";
import { actionFor, type Action } from "../../src/adapters/git/acceptPlan";
import type { Entry } from "../../src/adapters/git/diff";

const file = (oid: string): Entry => ({ mode: "100644", oid });
const program = (oid: string): Entry => ({ mode: "100755", oid });
const link = (oid: string): Entry => ({ mode: "120000", oid });
const merge = (executable: boolean): Action => ({ kind: "merge", executable });

/** base, the user's, the attempt's, and what follows. */
const TABLE: readonly (readonly [string, Entry | null, Entry | null, Entry | null, Action])[] = [
  ["both the same", file("1"), file("2"), file("2"), { kind: "nothing" }],
  ["both gone", file("1"), null, null, { kind: "nothing" }],
  ["both added the same", null, file("2"), file("2"), { kind: "nothing" }],
  ["changed by the attempt", file("1"), file("1"), file("2"), { kind: "write" }],
  ["added by the attempt", null, null, file("2"), { kind: "write" }],
  ["made a program by the attempt", file("1"), file("1"), program("1"), { kind: "write" }],
  ["made a link by the attempt", file("1"), file("1"), link("2"), { kind: "write" }],
  ["deleted by the attempt", file("1"), file("1"), null, { kind: "remove" }],
  ["deleted by the attempt, changed by the user", file("1"), file("2"), null, { kind: "keep" }],
  ["deleted by the attempt, made a program by the user", file("1"), program("1"), null, { kind: "keep" }],
  ["changed by both", file("1"), file("2"), file("3"), merge(false)],
  ["added by both", null, file("2"), file("3"), merge(false)],
  ["text by the user, mode by the attempt", file("1"), file("2"), program("1"), merge(true)],
  ["mode by the user, text by the attempt", file("1"), program("1"), file("2"), merge(true)],
  ["mode taken away by the user", program("1"), file("1"), program("2"), merge(false)],
  ["mode taken away by the attempt", program("1"), program("2"), file("3"), merge(false)],
  ["deleted by the user, changed by the attempt", file("1"), null, file("2"), { kind: "beside" }],
  ["a link of the user's", file("1"), link("2"), file("3"), { kind: "beside" }],
  ["a link of the attempt's", file("1"), file("2"), link("3"), { kind: "beside" }],
  ["links of both", link("1"), link("2"), link("3"), { kind: "beside" }],
  ["files where a link was", link("1"), file("2"), file("3"), { kind: "beside" }],
];

describe("actionFor", () => {
  for (const [name, base, ours, theirs, action] of TABLE) {
    it(`${name}: ${action.kind}`, () => {
      assert.deepEqual(actionFor({ base, ours, theirs }), action);
    });
  }
});
