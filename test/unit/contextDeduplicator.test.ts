// Fingerprints, what of a context is left out, what of the fleet is measured, and merging without loss.
import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { ContextDeduplicator, sentBlocks, type ContextBlock } from "../../src/core/mission/contextDeduplicator";
import { fingerprint, normalised, volatileSegments } from "../../src/core/mission/fingerprint";
import { groupErrors, mergeContexts, messagesOf } from "../../src/core/mission/mergeContexts";

const LONG = "Whatever is asked for has to be shown by a command and its output.";

describe("fingerprint", () => {
  it("is the same for what no reader can tell apart", () => {
    const text = "One:\n  indented\ncaf\u00e9";
    const alike = ["\uFEFFOne:\r\n  indented\r\ncaf\u00e9\r\n", "\n\nOne:  \n  indented\t\ncafe\u0301\n \n", "One:\r  indented\rcaf\u00e9"];
    for (const other of alike) assert.deepEqual(fingerprint(other), fingerprint(text), JSON.stringify(other));
  });

  it("differs in whatever carries meaning", () => {
    const text = "if a:\n  b  c\nD";
    for (const other of ["if a:\nb  c\nD", "if a:\n  b c\nD", "if a:\n  b  c\nd", "if a:\n\n  b  c\nD", "if a: b  c\nD"]) {
      assert.notEqual(fingerprint(other).content, fingerprint(text).content, JSON.stringify(other));
      assert.notEqual(fingerprint(other).shape, fingerprint(text).shape, JSON.stringify(other));
    }
  });

  it("has one shape for the same thing at another time, in another place", () => {
    const pairs = [
      ["ran at 2026-01-05T09:00:00.123Z", "ran at 2026-02-06 10:11:12 +0200"],
      ["[09:00:00] done in 12 ms", "[10:01:02] done in 3.5s"],
      ["src/a.ts:12:5 - error", "src/a.ts:7 - error"],
      ["src/a.ts(12,5): error", "src/a.ts(3, 44): error"],
      ['File "x.py", line 12', 'File "x.py", line 3'],
      ["wrote /tmp/run-7k2m/out.txt", "wrote /var/folders/ab/T/out.txt"],
      ["wrote C:\\Users\\me\\AppData\\Local\\Temp\\a.txt", "wrote D:\\Temp\\b.txt"],
      ["crash at 0x7ffdeadbeef", "crash at 0x1234"],
    ] as const;
    for (const [one, other] of pairs) {
      assert.equal(fingerprint(one).shape, fingerprint(other).shape, one);
      assert.notEqual(fingerprint(one).content, fingerprint(other).content, one);
    }
  });

  it("keeps apart what only looks like a time or place", () => {
    const pairs = [["3 items", "4 items"], ["version 1.2.3", "version 1.2.4"], ['{"a":1}', '{"a":2}'], ["task-1.1", "task-1.2"], ["/home/a", "/home/b"], ["5 months", "6 months"]] as const;
    for (const [one, other] of pairs) assert.notEqual(fingerprint(one).shape, fingerprint(other).shape, one);
  });

  it("takes texts apart without loss, and is the same after normalising", () => {
    const piece = fc.constantFrom("a.ts:1:2", " 12 ms ", "\r\n", "\n", "  \t", "/tmp/x", "line 3", "09:00:00", "0xdeadbeef", "e\u0301", "\uFEFF", "(1,2)", "x", ":", "7");
    fc.assert(
      fc.property(fc.oneof(fc.array(piece).map((pieces) => pieces.join("")), fc.string({ unit: "grapheme" })), (text) => {
        assert.equal(volatileSegments(text).map((segment) => segment.text).join(""), text);
        assert.equal(normalised(normalised(text)), normalised(text));
        assert.deepEqual(fingerprint(normalised(text)), fingerprint(text));
      }),
    );
  });

  it("takes no longer for what is made to take long", () => {
    // Quadratic work on these would take minutes: the test's own time limit is the measure.
    for (const text of [" ".repeat(200_000) + "x", "\n".repeat(200_000) + "x", "9".repeat(200_000), "/tmp/".repeat(40_000), "C:\\a\\".repeat(40_000), ":1".repeat(100_000)]) fingerprint(text);
  });
});

describe("ContextDeduplicator", () => {
  it("leaves out what was said before, unless to say so would be longer", () => {
    const { blocks, tokens, tokensBefore } = new ContextDeduplicator().deduplicate([
      block("Rules", LONG),
      block("Rule 1", LONG, false),
      block("Description", `${LONG}\r\n`),
    ]);
    assert.deepEqual(blocks.map(({ kind, block: { text } }) => [kind, text]), [
      ["kept", LONG],
      ["repeated", ""],
      ["kept", `${LONG}\r\n`],
    ]);
    assert.equal(tokensBefore - tokens, Math.ceil(LONG.length / 4));
  });

  it("refers to the first place, in words that are shorter than the block", () => {
    const long = LONG.repeat(3);
    const result = new ContextDeduplicator().deduplicate([block("Rules", long), block("Notes", long), block("Other", `${long}\n`), block("Short", "x"), block("Short again", "x")]);
    assert.deepEqual(sentBlocks(result).map(({ text }) => text), [
      long,
      'The same as "Rules" above.',
      'The same as "Rules" above, but for line ends or characters that look alike.',
      "x",
      "x",
    ]);
    assert.deepEqual(result.blocks.flatMap((one) => (one.kind === "repeated" ? [[one.sameAs, one.isIdentical]] : [])), [["Rules", true], ["Rules", false]]);
  });

  it("loses no text of any context, and nothing that is not there twice", () => {
    const text = fc.oneof(fc.constantFrom(LONG, `${LONG}\n`, LONG.toUpperCase(), "x", "", " "), fc.string());
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.boolean()), { maxLength: 12 }), (given) => {
        const blocks = given.map(([one, holdsPlace], index) => block(`B${index}`, one, holdsPlace));
        const result = new ContextDeduplicator().deduplicate(blocks);
        const sent = new Map(sentBlocks(result).map((one) => [one.label, one.text]));
        for (const [index, one] of result.blocks.entries()) {
          const original = blocks[index]!;
          if (one.kind === "kept") assert.equal(sent.get(original.label) ?? "", original.text);
          // Where it was left out, what it said can be read at the place that is named.
          else assert.equal(normalised(sent.get(one.sameAs) ?? "missing"), normalised(original.text));
        }
        assert.ok(result.tokens <= result.tokensBefore);
      }),
    );
  });

  it("measures what was avoided, and what several contexts share", () => {
    const deduplicator = new ContextDeduplicator();
    const text = "x".repeat(400);
    deduplicator.deduplicate([block("a", text), block("b", text, false)]);
    deduplicator.deduplicate([block("a", text), block("b", `${"y".repeat(380)} took 12 ms`)]);
    deduplicator.deduplicate([block("b", `${"y".repeat(380)} took 900 ms`)]);
    const { contexts, blocks, tokensBefore, tokens, deduplicationRate, sharedAcrossContexts, similarAcrossContexts } = deduplicator.fleet();
    assert.deepEqual({ contexts, blocks, tokensBefore, tokens }, { contexts: 3, blocks: 5, tokensBefore: 496, tokens: 396 });
    assert.equal(deduplicationRate, 100 / 496);
    assert.equal(sharedAcrossContexts, 100 / 396);
    assert.equal(similarAcrossContexts, 198 / 396);
    assert.deepEqual(deduplicator.known().map((known) => [known.tokens, known.contexts]), [[100, 2], [98, 1], [98, 1]]);
  });

  it("has nothing to tell before the first context", () => {
    assert.equal(new ContextDeduplicator().fleet().deduplicationRate, 0);
  });
});

describe("mergeContexts", () => {
  it("names each path once, and puts together what is known of a dependency", () => {
    const merged = mergeContexts([
      { paths: ["src/a.ts", "./src/b.ts"], errors: [], dependencies: [{ id: "task-1", facts: ["made a.ts"] }] },
      { paths: ["src//a.ts", "src/./b.ts", "src/../c.ts", "./"], errors: [], dependencies: [{ id: "task-2", facts: [] }, { id: "task-1", facts: ["made a.ts\r\n", "tests pass"] }] },
    ]);
    assert.deepEqual(merged.paths, ["src/a.ts", "src/b.ts", "src/../c.ts", "."]);
    assert.deepEqual(merged.dependencies, [{ id: "task-1", facts: ["made a.ts", "tests pass"] }, { id: "task-2", facts: [] }]);
  });

  it("groups errors that say the same at different places, with their number", () => {
    const [first, second] = groupErrors(["src/a.ts:1:2 TS2322: no", "Out of memory", "src/a.ts:9:1 TS2322: no", "src/a.ts:1:2 TS2322: no"]);
    assert.deepEqual(first, {
      message: "src/a.ts:1:2 TS2322: no",
      count: 3,
      template: ["src/a.ts", null, " TS2322: no"],
      occurrences: [{ values: [":1:2"], count: 2 }, { values: [":9:1"], count: 1 }],
    });
    assert.deepEqual(second, { message: "Out of memory", count: 1, template: ["Out of memory"], occurrences: [{ values: [], count: 1 }] });
  });

  it("can write every error again as it was", () => {
    const message = fc.array(fc.constantFrom("src/a.ts:1:2", "src/a.ts:33", " error ", "TS1 ", "took 3 ms ", "took 44 ms ", "/tmp/q1 ", "/tmp/q2 ", "\n", "line 4", "\u0000"), { maxLength: 6 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.array(fc.oneof(message, fc.string()), { maxLength: 30 }), (messages) => {
        const groups = groupErrors(messages);
        assert.deepEqual(groups.flatMap(messagesOf).toSorted(), messages.toSorted());
        assert.ok(groups.length <= new Set(messages).size || messages.length === 0);
      }),
    );
  });
});

function block(label: string, text: string, holdsPlace = true): ContextBlock {
  return { label, text, holdsPlace };
}
