import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { editLines, writtenLines } from "../../src/core/reports/editLines";

const lines = fc.array(fc.constantFrom("a", "b", "", "  c", "+d", "-e"), { minLength: 1, maxLength: 8 }).map((found) => found.join("\n"));
const without = (mark: string, text: string): string => text.split("\n").filter((line) => !line.startsWith(mark)).map((line) => line.slice(1)).join("\n");

describe("editLines", () => {
  it("has what is looked for in its lines without +, and what replaces it in those without -", () => {
    fc.assert(
      fc.property(lines, lines, (find, replace) => {
        const text = editLines([{ find, replace }]);
        const ended = (part: string): string => part.replace(/\n$/, "");
        assert.equal(without("+", text), ended(find));
        assert.equal(without("-", text), ended(replace));
      }),
    );
  });

  it("numbers several edits and keeps what they have in common", () => {
    const text = editLines([{ find: "one\ntwo\nthree", replace: "one\n2\nthree" }, { find: "x", replace: "" }]);
    assert.equal(text, "@@ edit 1 of 2 @@\n one\n-two\n+2\n three\n@@ edit 2 of 2 @@\n-x");
  });
});

describe("writtenLines", () => {
  it("shows every line of a file as added", () => assert.equal(writtenLines("a\r\n\nb\n"), "+a\n+\n+b"));
});
