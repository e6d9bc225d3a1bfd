import { strict as assert } from "node:assert";
import { LONG_DESCRIPTION, routeTask } from "../../src/core/domain/routing";
import { CATEGORIES, TASK_TYPES, type Category, type TaskType } from "../../src/core/domain/task";

type Row = readonly [Category, TaskType | null, number, TaskType | "human"];

/** category, explicit type, characters of the description → how it is run */
const ROWS: readonly Row[] = [
  ["DISPATCH", null, 0, "single_agent"],
  ["DISPATCH", null, 500, "single_agent"],
  ["DISPATCH", null, 501, "multi_agent"],
  ["DISPATCH", "single_agent", 0, "single_agent"],
  ["DISPATCH", "single_agent", 500, "single_agent"],
  ["DISPATCH", "single_agent", 501, "single_agent"],
  ["DISPATCH", "multi_agent", 0, "multi_agent"],
  ["DISPATCH", "multi_agent", 500, "multi_agent"],
  ["DISPATCH", "multi_agent", 501, "multi_agent"],
  ["DISPATCH", "mission", 0, "mission"],
  ["DISPATCH", "mission", 500, "mission"],
  ["DISPATCH", "mission", 501, "mission"],
  ["PREP", null, 0, "multi_agent"],
  ["PREP", null, 500, "multi_agent"],
  ["PREP", null, 501, "multi_agent"],
  ["PREP", "single_agent", 0, "single_agent"],
  ["PREP", "single_agent", 500, "single_agent"],
  ["PREP", "single_agent", 501, "single_agent"],
  ["PREP", "multi_agent", 0, "multi_agent"],
  ["PREP", "multi_agent", 500, "multi_agent"],
  ["PREP", "multi_agent", 501, "multi_agent"],
  ["PREP", "mission", 0, "mission"],
  ["PREP", "mission", 500, "mission"],
  ["PREP", "mission", 501, "mission"],
  ["YOURS", null, 0, "human"],
  ["YOURS", null, 500, "human"],
  ["YOURS", null, 501, "human"],
  ["YOURS", "single_agent", 0, "human"],
  ["YOURS", "single_agent", 500, "human"],
  ["YOURS", "single_agent", 501, "human"],
  ["YOURS", "multi_agent", 0, "human"],
  ["YOURS", "multi_agent", 500, "human"],
  ["YOURS", "multi_agent", 501, "human"],
  ["YOURS", "mission", 0, "human"],
  ["YOURS", "mission", 500, "human"],
  ["YOURS", "mission", 501, "human"],
];

describe("routeTask", () => {
  for (const [category, requestedType, length, expected] of ROWS) {
    it(`sends ${category}, type ${requestedType ?? "not given"}, ${length} characters to ${expected}`, () => {
      const route = routeTask({ category, requestedType, description: "x".repeat(length) });
      assert.equal(route.kind === "run" ? route.type : route.kind, expected);
      assert.notEqual(route.reason, "");
    });
  }

  it("has a row for every category, type and side of the limit", () => {
    assert.equal(LONG_DESCRIPTION, 500);
    assert.equal(new Set(ROWS.map((row) => row.slice(0, 3).join())).size, CATEGORIES.length * (TASK_TYPES.length + 1) * 3);
  });
});
