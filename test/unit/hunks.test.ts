import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { decidedText, hunksOf, withHunks } from "../../src/core/domain/hunks";
import { changedRanges, linesOf } from "../../src/core/domain/lineDiff";
import type { Hunk } from "../../src/core/domain/review";

type Text = string | null;

/** Few different lines, so that texts can be aligned in several ways; line endings of every kind, also none at the end. */
const line = fc.tuple(fc.constantFrom("a", "b", "c", "", "  }", "ü"), fc.constantFrom("\n", "\n", "\n", "\r\n")).map((parts) => parts.join(""));
const text = fc.tuple(fc.array(line, { maxLength: 14 }), fc.constantFrom("", "", "end", "\r")).map(([lines, rest]) => lines.join("") + rest);
const file: fc.Arbitrary<Text> = fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: fc.constant(null) });
const sides = fc.record({ base: file, attempt: file });

/** Lines that occur nowhere else, some of them changed: there is one way to align the two. */
const edits = fc.array(fc.constantFrom("keep", "keep", "keep", "remove", "replace", "insert"), { minLength: 1, maxLength: 30 });

function edited(steps: readonly string[]): { readonly base: string; readonly attempt: string } {
  const base = steps.flatMap((step, at) => (step === "insert" ? [] : [`old ${at}\n`]));
  const attempt = steps.flatMap((step, at) => (step === "remove" ? [] : [step === "keep" ? `old ${at}\n` : `new ${at}\n`]));
  return { base: base.join(""), attempt: attempt.join("") };
}

function chosen(hunks: readonly Hunk[], choice: readonly boolean[]): { readonly some: readonly Hunk[]; readonly rest: readonly Hunk[] } {
  const isChosen = (hunk: Hunk): boolean => choice[hunks.indexOf(hunk) % choice.length] === true;
  return { some: hunks.filter(isChosen), rest: hunks.filter((hunk) => !isChosen(hunk)) };
}

const idsOf = (hunks: readonly Hunk[]): readonly Hunk["id"][] => hunks.map(({ id }) => id);
const choices = fc.array(fc.boolean(), { minLength: 1, maxLength: 9 });
const size = (hunks: readonly Hunk[]): number => hunks.reduce((sum, hunk) => sum + hunk.baseLines + hunk.attemptLines, 0);

describe("hunksOf", () => {
  it("has no hunk for equal files, a missing one included", () => {
    for (const same of ["", "a\n", "a", null]) assert.deepEqual(hunksOf(same, same), []);
  });

  it("names the lines of each side, and of an insertion or removal the line before which it stands", () => {
    const places = (base: string, attempt: string): unknown =>
      hunksOf(base, attempt).map((hunk) => [hunk.baseStart, hunk.baseLines, hunk.attemptStart, hunk.attemptLines]);
    assert.deepEqual(places("a\nb\nc\n", "a\nB\nc\n"), [[2, 1, 2, 1]]);
    assert.deepEqual(places("a\nb\n", "a\nx\ny\nb\n"), [[2, 0, 2, 2]]);
    assert.deepEqual(places("a\nb\n", "a\nb\nc\n"), [[3, 0, 3, 1]]);
    assert.deepEqual(places("a\nb\nc\n", "b\nc\nd\n"), [[1, 1, 1, 0], [4, 0, 3, 1]]);
  });

  it("takes a change of the last line's end or of line endings for a change", () => {
    assert.equal(hunksOf("a\nb", "a\nb\n").length, 1);
    assert.equal(withHunks("a\nb", "a\nb\n", []), "a\nb");
    assert.deepEqual(hunksOf("a\r\nb\r\nc\r\n", "a\r\nb\nc\r\n").map(({ baseStart, baseLines }) => [baseStart, baseLines]), [[2, 1]]);
    assert.equal(hunksOf("a\r\nb\r\n", "a\nb\n").length, 1);
  });

  it("has one hunk for a file that is made or removed, which an empty file is, too", () => {
    assert.deepEqual(hunksOf(null, "a\nb\n").map(({ baseLines, attemptLines }) => [baseLines, attemptLines]), [[0, 2]]);
    assert.deepEqual(hunksOf("a\nb\n", null).map(({ baseLines, attemptLines }) => [baseLines, attemptLines]), [[2, 0]]);
    for (const [base, attempt] of [[null, ""], ["", null]] as const) {
      const [only, ...more] = hunksOf(base, attempt);
      assert.ok(only !== undefined && more.length === 0);
      assert.equal(withHunks(base, attempt, [only.id]), attempt);
      assert.equal(withHunks(base, attempt, []), base);
    }
    assert.notEqual(hunksOf(null, "a\n")[0]?.id, hunksOf("", "a\n")[0]?.id);
  });

  it("tells equal changes at different places apart", () => {
    const [first, second] = hunksOf("x\nkeep\nx\n", "y\nkeep\ny\n");
    assert.ok(first !== undefined && second !== undefined && first.id !== second.id);
  });

  it("gives a change the same id whatever else the attempt changes", () => {
    const [alone] = hunksOf("a\nb\nc\nd\ne\n", "a\nb\nc\nD\ne\n");
    const among = hunksOf("a\nb\nc\nd\ne\n", "A\nb\nmore\nc\nD\ne\nlast\n");
    assert.ok(idsOf(among).includes(alone!.id), idsOf(among).join());
    const other = hunksOf("a\nb\nc\nd\ne\n", "a\nb\nc\nDD\ne\n");
    assert.notEqual(other[0]?.id, alone!.id, "another content is another change");
  });

  it("has unique ids, in the order of the file, with an equal line between two hunks (property)", () => {
    fc.assert(
      fc.property(sides, ({ base, attempt }) => {
        const hunks = hunksOf(base, attempt);
        assert.equal(new Set(idsOf(hunks)).size, hunks.length);
        for (const [at, hunk] of hunks.slice(1).entries()) {
          const before = hunks[at]!;
          assert.ok(hunk.baseStart > before.baseStart + before.baseLines);
          assert.equal(hunk.attemptStart - before.attemptStart - before.attemptLines, hunk.baseStart - before.baseStart - before.baseLines);
        }
      }),
    );
  });
});

describe("withHunks", () => {
  it("is the base with none and the attempt with all of them (property)", () => {
    fc.assert(
      fc.property(sides, ({ base, attempt }) => {
        assert.equal(withHunks(base, attempt, []), base);
        assert.equal(withHunks(base, attempt, idsOf(hunksOf(base, attempt))), attempt);
      }),
    );
  });

  it("leaves, of any files, as much to change as was not taken (property)", () => {
    fc.assert(
      fc.property(sides, choices, ({ base, attempt }, choice) => {
        const { some, rest } = chosen(hunksOf(base, attempt), choice);
        const left = hunksOf(withHunks(base, attempt, idsOf(some)), attempt);
        assert.equal(size(left), size(rest));
      }),
    );
  });

  it("leaves exactly the hunks that were not taken where lines can be told apart (property)", () => {
    fc.assert(
      fc.property(edits, choices, (steps, choice) => {
        const { base, attempt } = edited(steps);
        const { some, rest } = chosen(hunksOf(base, attempt), choice);
        const partly = withHunks(base, attempt, idsOf(some));
        const left = hunksOf(partly, attempt);
        const place = ({ attemptStart, attemptLines, baseLines }: Hunk): unknown => [attemptStart, attemptLines, baseLines];
        assert.deepEqual(left.map(place), rest.map(place));
        assert.deepEqual(new Set(idsOf(hunksOf(base, partly))), new Set(idsOf(some)), "what was taken is still known by its ids");
      }),
    );
  });

  it("passes over ids of other changes", () => {
    const [foreign] = hunksOf("other\n", "file\n");
    assert.equal(withHunks("a\nb\n", "A\nb\n", [foreign!.id]), "a\nb\n");
  });
});

describe("decidedText", () => {
  const decisions = fc.array(fc.constantFrom("accept", "reject", "open"), { minLength: 1, maxLength: 9 });

  it("is the base with what is accepted, and what is there of the open ones (property)", () => {
    fc.assert(
      fc.property(sides, choices, decisions, ({ base, attempt }, there, decided) => {
        const hunks = hunksOf(base, attempt);
        const taken = chosen(hunks, there).some;
        const of = (what: string): readonly Hunk[] => hunks.filter((_, at) => decided[at % decided.length] === what);
        const [accepted, rejected, open] = [of("accept"), of("reject"), of("open")];
        const text = decidedText({ base, attempt, merged: withHunks(base, attempt, idsOf(taken)) }, { accepted: idsOf(accepted), rejected: idsOf(rejected) });
        const stays = open.filter((hunk) => taken.includes(hunk));
        if (base !== null && attempt !== null) assert.equal(size(hunksOf(base, text)), size([...accepted, ...stays]));
        assert.equal(text, withHunks(base, attempt, idsOf([...accepted, ...stays])));
      }),
    );
  });

  it("drops what an earlier attempt left only where something was decided, and everywhere once all is", () => {
    const file = { base: "1\n2\n3\n4\n5\n", merged: "one\n2\n3\n4\nfive\n", attempt: "ONE\n2\n3\n4!\n5\n" };
    const [first, second] = idsOf(hunksOf(file.base, file.attempt));
    assert.equal(decidedText(file, { accepted: [], rejected: [] }), file.merged);
    assert.equal(decidedText(file, { accepted: [first!], rejected: [] }), "ONE\n2\n3\n4\nfive\n");
    assert.equal(decidedText(file, { accepted: [], rejected: [second!] }), "one\n2\n3\n4\n5\n", "five stood beside what was rejected");
    assert.equal(decidedText(file, { accepted: [second!], rejected: [first!] }), "1\n2\n3\n4!\n5\n");
  });
});

describe("changedRanges", () => {
  /** Numbered lines; `step` of them are changed, and a block is moved. */
  function large(count: number, step: number): { readonly from: readonly string[]; readonly to: readonly string[] } {
    const from = Array.from({ length: count }, (_, at) => `line ${at}\n`);
    const to = from.map((was, at) => (at % step === 0 ? `changed ${at}\n` : was));
    return { from, to };
  }

  it("finds each of very many changes, where the shortest way is too long to look for", () => {
    const { from, to } = large(9000, 3);
    const ranges = changedRanges(from, to);
    assert.equal(ranges.length, 3000);
    assert.ok(ranges.every(({ from: start, fromEnd, to: toStart, toEnd }) => fromEnd - start === 1 && toEnd - toStart === 1));
  });

  it("keeps two changes apart when one of them is a very long insertion", () => {
    const from = ["first\n", "x\n", "y\n", "last\n"];
    const block = Array.from({ length: 5000 }, (_, at) => `new ${at}\n`);
    const ranges = changedRanges(from, ["FIRST\n", "x\n", ...block, "y\n", "last\n"]);
    assert.deepEqual(ranges, [{ from: 0, fromEnd: 1, to: 0, toEnd: 1 }, { from: 2, fromEnd: 2, to: 2, toEnd: 5002 }]);
  });

  it("covers every difference of texts beyond its limit (property)", () => {
    const word = fc.nat(60).map((n) => `${n}\n`);
    const lines = fc.array(word, { minLength: 900, maxLength: 1100 });
    fc.assert(
      fc.property(lines, lines, (from, to) => {
        let [at, toAt] = [0, 0];
        for (const range of [...changedRanges(from, to), { from: from.length, fromEnd: 0, to: to.length, toEnd: 0 }]) {
          assert.deepEqual(from.slice(at, range.from), to.slice(toAt, range.to));
          [at, toAt] = [range.fromEnd, range.toEnd];
        }
      }),
      { numRuns: 5 },
    );
  });

  it("makes one change of two files that have no line in common", () => {
    const from = Array.from({ length: 2000 }, (_, at) => `a ${at}`);
    assert.deepEqual(changedRanges(from, ["b"]), [{ from: 0, fromEnd: 2000, to: 0, toEnd: 1 }]);
    assert.deepEqual(changedRanges(from, from.map((was) => `b${was}`)), [{ from: 0, fromEnd: 2000, to: 0, toEnd: 2000 }]);
  });
});

describe("linesOf", () => {
  it("loses nothing (property)", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom("a", "\n", "\r", "\u2028") }), (any) => assert.equal(linesOf(any).join(""), any)));
  });
});
