import { strict as assert } from "node:assert";
import fc from "fast-check";
import { nearestMatch } from "../../src/core/domain/nearestMatch";
import { applyEdits, type EditResult, type TextEdit } from "../../src/core/domain/textEdit";

const edited = (text: string, ...edits: readonly (readonly [string, string])[]): EditResult =>
  applyEdits(
    text,
    edits.map(([find, replace]): TextEdit => ({ find, replace })),
  );

describe("applyEdits", () => {
  it("replaces what stands in one place", () => {
    assert.deepEqual(edited("a\nb\nc\n", ["b", "B"]), { kind: "edited", text: "a\nB\nc\n", lines: [2] });
    assert.deepEqual(edited("abc", ["abc", ""]), { kind: "edited", text: "", lines: [1] });
    assert.deepEqual(edited("x $y z", ["$y", "$& $1 $$"]), { kind: "edited", text: "x $& $1 $$ z", lines: [1] });
  });

  it("applies each edit to the text as the ones before left it", () => {
    assert.deepEqual(edited("one", ["one", "two\ntwo-b"], ["two-b", "three"]), {
      kind: "edited",
      text: "two\nthree",
      lines: [1, 2],
    });
    assert.equal(edited("one", ["one", "two"], ["one", "x"]).kind, "notFound");
  });

  it("changes nothing where one edit fails", () => {
    assert.deepEqual(edited("a b", ["a", "A"], ["zz", "x"]), { kind: "notFound", edit: 1, text: "A b" });
    assert.deepEqual(edited("a\nb\na", ["b", "B"], ["a", "x"]), {
      kind: "ambiguous",
      edit: 1,
      text: "a\nB\na",
      count: 2,
      lines: [1, 3],
    });
    assert.deepEqual(edited("a", ["", "x"]), { kind: "emptyFind", edit: 0 });
    assert.deepEqual(edited("a", ["a", "a"]), { kind: "noChange", edit: 0 });
  });

  it("counts places that overlap", () => {
    assert.deepEqual(edited("aaa", ["aa", "b"]), { kind: "ambiguous", edit: 0, text: "aaa", count: 2, lines: [1, 1] });
  });

  it("counts millions of places without telling all of their lines", () => {
    const result = edited("ab\n".repeat(1_000_000), ["b", "c"]);
    assert.deepEqual(
      result.kind === "ambiguous" && [result.count, result.lines.length, result.lines.at(-1)],
      [1_000_000, 100, 100],
    );
  });

  it("keeps the line endings of the file", () => {
    assert.deepEqual(edited("a\r\nb\r\nc\r\n", ["a\nb", "x\ny\nz"]), {
      kind: "edited",
      text: "x\r\ny\r\nz\r\nc\r\n",
      lines: [1],
    });
    assert.deepEqual(edited("a\r\nb", ["b", "c\nd"]), { kind: "edited", text: "a\r\nc\r\nd", lines: [2] });
    assert.deepEqual(edited("a\nb\n", ["a\r\nb", "x\r\ny"]), { kind: "edited", text: "x\ny\n", lines: [1] });
    assert.deepEqual(edited("a\r\nb\nc\n", ["b\n", "x\ny\n"]), { kind: "edited", text: "a\r\nx\ny\nc\n", lines: [2] });
    assert.deepEqual(edited("a\nb\r\nc", ["a", "x\ny"]), { kind: "edited", text: "x\ny\nb\r\nc", lines: [1] });
  });

  const char = fc.constantFrom("a", "b", " ", "\n", "é", "\u{1f600}", "$", "\\", ".");
  const anyText = fc.string({ unit: char, maxLength: 40 });
  const toCrlf = (text: string): string => text.replaceAll("\n", "\r\n");

  it("replaces exactly the one place (property)", () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, anyText, (before, find, after, replace) => {
        const result = edited(before + find + after, [find, replace]);
        if (result.kind !== "edited") return;
        assert.equal(result.text, before + replace + after);
        assert.equal(result.lines[0], before.split("\n").length);
      }),
      { numRuns: 3000 },
    );
  });

  it("says truly how often it found the text (property)", () => {
    fc.assert(
      fc.property(anyText, fc.string({ unit: char, minLength: 1, maxLength: 3 }), (text, find) => {
        const places = [...text.matchAll(new RegExp(`(?=${find.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")})`, "g"))].length;
        const result = edited(text, [find, `${find}!`]);
        assert.equal(result.kind, places === 0 ? "notFound" : places === 1 ? "edited" : "ambiguous");
        if (result.kind !== "ambiguous") return;
        assert.equal(result.count, places);
        assert.ok(
          result.lines.every((line) =>
            text
              .split("\n")
              .slice(line - 1)
              .join("\n")
              .includes(find),
          ),
        );
      }),
      { numRuns: 3000 },
    );
  });

  it("can be undone by the edit turned round, where that is unique (property)", () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (text, find, replace) => {
        const there = edited(text, [find, replace]);
        if (there.kind !== "edited") return;
        const back = edited(there.text, [replace, find]);
        if (back.kind === "edited") assert.equal(back.text, text);
      }),
      { numRuns: 3000 },
    );
  });

  it("does the same to a file with \\r\\n as to one with \\n (property)", () => {
    const edits = fc.array(fc.tuple(fc.string({ unit: char, minLength: 1, maxLength: 3 }), anyText), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(anyText, edits, fc.boolean(), (text, pairs, alsoInEdits) => {
        // A text without a line ending has none to keep.
        if (!text.includes("\n")) return;
        const ours = edited(text, ...pairs);
        const theirs = edited(
          toCrlf(text),
          ...pairs.map((pair) => (alsoInEdits ? ([toCrlf(pair[0]), toCrlf(pair[1])] as const) : pair)),
        );
        assert.equal(theirs.kind, ours.kind);
        if (ours.kind !== "edited" || theirs.kind !== "edited") return;
        assert.equal(theirs.text.replaceAll("\r\n", "\n"), ours.text);
        const keepsOne = pairs.every(
          (_, index) =>
            edited(text, ...pairs.slice(0, index + 1)).kind === "edited" &&
            hasLineFeed(edited(text, ...pairs.slice(0, index))),
        );
        if (keepsOne) assert.equal(theirs.text, toCrlf(ours.text));
      }),
      { numRuns: 3000 },
    );
  });
});

function hasLineFeed(result: EditResult): boolean {
  return result.kind === "edited" && result.text.includes("\n");
}

describe("nearestMatch", () => {
  const file = 'import a\n\nfunction one() {\n  return 1;\n}\n\nfunction two() {\n\treturn "2"; \n}\n';
  const difference = (find: string): string | undefined => nearestMatch(file, find)?.difference;

  it("finds lines that differ in white space alone, and says so", () => {
    assert.deepEqual(nearestMatch(file, "function one() {\n    return 1;\n}"), {
      from: 3,
      to: 5,
      lines: ["function one() {", "  return 1;", "}"],
      difference: 'line 4 differs in indentation: the file has "  return 1;", find has "    return 1;"',
    });
    assert.match(difference('  return "2";') ?? "", /^line 8 differs in tabs and spaces: the file has "\\treturn/);
    assert.match(difference('\treturn "2";\n}') ?? "", /^line 8 differs in white space at its end/);
    assert.match(difference("function  one() {") ?? "", /^line 3 differs in white space:/);
  });

  it("finds lines that are merely similar", () => {
    assert.match(difference("Function One() {") ?? "", /^line 3 differs in upper and lower case/);
    assert.match(difference("function three() {\n  return 3;\n}") ?? "", /^line \d differs: the file has/);
    assert.match(difference("function two() {\n\treturn '2'; \n}") ?? "", /^line 8 differs: the file has/);
  });

  it("notices blank lines, and the end of the file", () => {
    assert.match(difference("\n\n\nimport a\n") ?? "", /blank lines/);
    assert.match(
      difference('}\nfunction two() {\n\treturn "2"; \n}\n\nmore') ?? "",
      /^line \d+ differs|^the file ends/,
    );
  });

  it("guesses nothing where nothing is similar", () => {
    assert.equal(nearestMatch(file, "zzz qqq www"), null);
    assert.equal(nearestMatch("", "x"), null);
    assert.equal(nearestMatch(file, "\n\n"), null);
    assert.equal(nearestMatch("x\n".repeat(25_000), "y"), null);
  });

  it("answers soon even for a large file", () => {
    const large = Array.from({ length: 20_000 }, (_, n) => `const value${n} = compute(${n});`).join("\n");
    assert.equal(nearestMatch(large, "const  value15999 = compute(15999);")?.from, 16_000);
    assert.notEqual(nearestMatch(large, "const valve15999 := compute(15999)"), null);
  });

  it("always shows lines of the file (property)", () => {
    const line = fc.string({ unit: fc.constantFrom("a", "b", " ", "\t", "{"), maxLength: 6 });
    const lines = fc.array(line, { maxLength: 12 }).map((all) => all.join("\n"));
    fc.assert(
      fc.property(lines, lines, (text, find) => {
        const near = nearestMatch(text, find);
        if (near === null) return;
        assert.deepEqual(near.lines, text.split("\n").slice(near.from - 1, near.to));
        assert.ok(near.lines.length > 0 && near.difference !== "");
      }),
      { numRuns: 2000 },
    );
  });
});
