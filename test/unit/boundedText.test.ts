import { strict as assert } from "node:assert";
import fc from "fast-check";
import { HeadAndTail, boundText, headOf, tailOf } from "../../src/core/domain/boundedText";

const text = fc.string({ unit: fc.constantFrom("a", "é", "字", "\u{1f600}", "\n"), maxLength: 600 });
const bound = fc.oneof(fc.integer({ min: 0, max: 400 }), fc.constantFrom(127, 128, 129, 2000));

describe("boundText", () => {
  it("keeps to its bound, and to whole characters (property)", () => {
    fc.assert(
      fc.property(text, bound, (whole, most) => {
        const bounded = boundText(whole, most);
        assert.ok(Buffer.byteLength(bounded) <= most, `${Buffer.byteLength(bounded)} > ${most}`);
        assert.equal(Buffer.from(bounded).toString(), bounded, "half a character");
        if (Buffer.byteLength(whole) <= most) assert.equal(bounded, whole);
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps head and tail and says how much is missing (property)", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 128, max: 400 }), (whole, most) => {
        if (Buffer.byteLength(whole) <= most) return;
        const found = /^([^]*?)\n?… (\d+) bytes left out …\n([^]*)$/.exec(boundText(whole, most));
        assert.ok(found !== null);
        const [, head = "", missing, tail = ""] = found;
        assert.ok(whole.startsWith(head) && whole.endsWith(tail));
        const cut = Buffer.byteLength(whole) - Buffer.byteLength(head) - Buffer.byteLength(tail);
        // A line feed that ends the head is taken for the marker's own by the pattern above.
        assert.ok([cut, cut - 1].includes(Number(missing)), `${missing} of ${cut}`);
        const half = (most - 64) / 2;
        assert.ok(
          Buffer.byteLength(head) > half - 6 && Buffer.byteLength(tail) > half - 6,
          "an end is shorter than it need be",
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe("HeadAndTail", () => {
  it("does not care how the text is cut into pieces (property)", () => {
    fc.assert(
      fc.property(text, bound, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (whole, most, sizes) => {
        const pieces = new HeadAndTail(most);
        for (let at = 0, index = 0; at < whole.length; index += 1) {
          const size = sizes[index % sizes.length] ?? 1;
          pieces.push(whole.slice(at, at + size));
          at += size;
        }
        assert.equal(pieces.bytes, Buffer.byteLength(whole));
        assert.equal(pieces.text(), boundText(whole, most));
      }),
      { numRuns: 2000 },
    );
  });

  it("stands text that is not well formed", () => {
    const pieces = new HeadAndTail(200);
    for (const piece of ["\ud83d", "\ud83d", "\ude00", "\ude00", "x".repeat(500), "\ud83d"]) pieces.push(piece);
    assert.ok(Buffer.byteLength(pieces.text()) <= 200);
    assert.equal(pieces.bytes, 3 + 4 + 3 + 500 + 3);
  });

  it("holds no more than a few times its bound", () => {
    const pieces = new HeadAndTail(100);
    for (let round = 0; round < 10_000; round += 1) pieces.push("0123456789");
    const held = JSON.stringify(pieces).length;
    assert.ok(held < 1000, `${held} characters`);
    assert.equal(pieces.bytes, 100_000);
  });
});

describe("headOf and tailOf", () => {
  it("are the longest ends that fit (property)", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 300 }), (whole, most) => {
        const characters = Array.from(whole);
        const longest = (parts: readonly string[]): number => {
          let bytes = 0;
          const end = parts.findIndex((part) => (bytes += Buffer.byteLength(part)) > most);
          return end === -1 ? parts.length : end;
        };
        assert.equal(headOf(whole, most), characters.slice(0, longest(characters)).join(""));
        const kept = longest(characters.toReversed());
        assert.equal(tailOf(whole, most), characters.slice(characters.length - kept).join(""));
      }),
      { numRuns: 1000 },
    );
  });
});
