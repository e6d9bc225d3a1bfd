// The laws on which everything that the dashboard shows rests: a difference leads from one state to the other, whatever
// they are, and cutting it into small messages changes nothing.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { batchesOf, jsonBytes } from "../../src/shared/batches";
import type { Json } from "../../src/shared/json";
import { OP, applied, difference, type Op } from "../../src/shared/patch";
import { ANY_CHARACTER } from "../builders/anyCharacter";

const LIMIT = 300;

const key = fc.oneof(fc.constantFrom("a", "b", "c", "", "0", "constructor"), fc.string({ maxLength: 6 })).filter((name) => name !== "__proto__");
const texts = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: ANY_CHARACTER, maxLength: 200 }), fc.constantFrom("ab".repeat(300), "🙂".repeat(90)));
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(texts, fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie("json"), { maxLength: 6 }),
    fc.dictionary(key, tie("json"), { maxKeys: 6, noNullPrototype: true }),
  ),
}));

/** A state and what became of it: unrelated ones rarely share anything. */
const pairs = fc.oneof(fc.tuple(json, json), fc.tuple(json, json, json).map(([common, a, b]) => [{ common, changed: a, list: [common, a] }, { common, changed: b, list: [common, b, a] }] as const));

describe("difference and applied", () => {
  it("lead from any value to any other (property)", () => {
    fc.assert(fc.property(pairs, ([before, after]) => assert.deepEqual(applied(before, difference(before, after)), after)));
  });

  it("say nothing where nothing has changed (property)", () => {
    fc.assert(fc.property(json, (value) => assert.deepEqual(difference(value, structuredClone(value)), [])));
  });

  it("never change what they are given (property)", () => {
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        const copy = structuredClone(before);
        applied(before, difference(before, after));
        assert.deepEqual(before, copy);
      }),
    );
  });

  it("are understood on the other side (property)", () => {
    fc.assert(fc.property(pairs, ([before, after]) => difference(before, after).every((op) => OP(JSON.parse(JSON.stringify(op))))));
  });

  it("leave parts that are the same the very same objects", () => {
    const before = { rows: { a: { n: 1 }, b: { n: 2 } }, days: [1, 2] };
    const after = applied(before, difference(before, { rows: { a: { n: 1 }, b: { n: 3 } }, days: [1, 2] })) as typeof before;
    assert.equal(after.rows.a, before.rows.a);
    assert.equal(after.days, before.days);
    assert.notEqual(after.rows.b, before.rows.b);
  });

  it("move a tail on with what was added to it, not with all of it", () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index} of the output\n`).join("");
    const more = `${lines}the end\n`;
    assert.deepEqual(difference({ out: lines }, { out: more }), [{ op: "slide", path: ["out"], drop: 0, add: "the end\n" }]);
    assert.deepEqual(difference({ out: lines }, { out: more.slice(8) }), [{ op: "slide", path: ["out"], drop: 8, add: "the end\n" }]);
  });

  it("refuse what does not fit the state", () => {
    const misfits: readonly Op[] = [
      { op: "set", path: ["a", "b"], value: 1 },
      { op: "set", path: ["list", 3], value: 1 },
      { op: "set", path: ["list", "length"], value: 0 },
      { op: "drop", path: ["gone"] },
      { op: "drop", path: ["toString"] },
      { op: "cut", path: ["list"], length: 5 },
      { op: "slide", path: ["text"], drop: 9, add: "" },
      { op: "slide", path: ["list"], drop: 0, add: "x" },
    ];
    for (const op of misfits) assert.throws(() => applied({ a: 1, list: [1], text: "abc" }, [op]), RangeError, JSON.stringify(op));
  });

  it("refuse a path that would give an object another prototype", () => {
    assert.equal(OP({ op: "set", path: ["__proto__", "polluted"], value: true }), false);
  });
});

describe("batchesOf", () => {
  it("does the same in small batches (property)", () => {
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        const batches = batchesOf(difference(before, after), LIMIT);
        assert.deepEqual(batches.reduce<Json>(applied, before), after);
      }),
    );
  });

  it("keeps every batch below the limit where paths are short (property)", () => {
    const short = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.oneof(texts, fc.array(texts, { maxLength: 8 })), { noNullPrototype: true });
    fc.assert(
      fc.property(short, short, (before, after) => {
        for (const batch of batchesOf(difference(before, after), LIMIT)) assert.ok(jsonBytes(batch) <= LIMIT, `${jsonBytes(batch)} bytes`);
      }),
    );
  });

  it("fills batches: small operations do not travel alone", () => {
    const before = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 0]));
    const after = Object.fromEntries(Object.keys(before).map((name) => [name, 1]));
    const ops = difference(before, after);
    const batches = batchesOf(ops, LIMIT);
    assert.equal(ops.length, 50);
    assert.ok(batches.length <= Math.ceil(jsonBytes(ops) / (LIMIT - jsonBytes(ops[0]) - 1)), `${batches.length} batches`);
  });

  it("tears no pair of surrogates apart", () => {
    const text = "🙂".repeat(400);
    const batches = batchesOf(difference({ text: "" }, { text }), LIMIT);
    const pieces = batches.flat().flatMap((op) => (op.op === "slide" ? [op.add] : []));
    assert.ok(pieces.length > 1);
    assert.deepEqual(pieces.filter((piece) => /\p{Cs}/u.test(piece)), []);
  });
});
