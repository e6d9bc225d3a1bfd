import assert from "node:assert/strict";
import * as fc from "fast-check";
import { flatten, listed, withLines } from "../../src/vscode/commands/lines";
import { aboutSelection, problemTask, todoTask } from "../../src/vscode/commands/taskTexts";
import { todoAt } from "../../src/vscode/commands/todo";

describe("withLines", () => {
  const PASTED = "Add a flag\n\n- it is called --json\n\t- it prints [one] object";

  it("gives pasted text its lines back, whatever stands around it and whatever became of the breaks", () => {
    for (const shown of [flatten(PASTED), PASTED.replaceAll(/\s*\n\s*/g, ""), PASTED.replaceAll("\n", " ")]) {
      assert.equal(withLines(`Please: ${shown} (soon)`, [PASTED]), `Please: ${PASTED} (soon)`);
    }
  });

  it("leaves alone what is no longer there, and what has one line", () => {
    assert.equal(withLines("Add a flag - it is named --json", [PASTED]), "Add a flag - it is named --json");
    assert.equal(withLines("a b", ["a b", ""]), "a b");
  });

  it("takes the longest original, and unifies line ends", () => {
    assert.equal(withLines("a b c", ["a\nb", "a\r\nb\r\nc"]), "a\nb\nc");
  });

  it("brings back every text of several lines that an input box has flattened", () => {
    const line = fc.string({ minLength: 1, maxLength: 20 }).map((text) => text.replaceAll(/\s+/g, " ").trim()).filter((text) => text !== "");
    fc.assert(
      fc.property(fc.array(line, { minLength: 2, maxLength: 6 }), (lines) => {
        const text = lines.join("\n");
        assert.equal(withLines(flatten(text), [text]), text);
      }),
    );
  });
});

describe("listed", () => {
  for (const [names, text] of [[[], ""], [["a"], "a"], [["a", "b"], "a and b"], [["a", "b", "c", "d", "e"], "a, b, c and 2 more"]] as const) {
    it(`says "${text}"`, () => assert.equal(listed(names), text));
  }
});

describe("todoAt", () => {
  const at = (line: number, ...lines: readonly string[]): ReturnType<typeof todoAt> => todoAt(line, (index) => lines[index]);

  const FOUND: readonly (readonly [line: string, tag: string, text: string])[] = [
    ["// TODO: handle zero", "TODO", "handle zero"],
    ["  x(); // todo(max): handle zero", "", ""],
    ["  x(); // TODO(max): handle zero", "TODO", "handle zero"],
    ["# FIXME handle zero", "FIXME", "handle zero"],
    ["/* TODO - handle zero */", "TODO", "handle zero"],
    ["<!-- TODO: handle zero -->", "TODO", "handle zero"],
    ["-- XXX: handle zero", "XXX", "handle zero"],
    [" * @TODO handle zero", "TODO", "handle zero"],
    ["; HACK: handle zero", "HACK", "handle zero"],
    ["// TODO", "TODO", ""],
    ["const TODO = 1; // nothing", "", ""],
    ["const todo = list.TODO;", "", ""],
    ["TODO: no comment", "", ""],
    ["// TODOLIST: nothing", "", ""],
  ];
  for (const [line, tag, text] of FOUND) {
    it(tag === "" ? `finds none in ${line}` : `finds ${tag} in ${line}`, () => {
      assert.deepEqual(at(0, line), tag === "" ? null : { tag, text, from: 0, to: 0 });
    });
  }

  it("takes the lines on which the comment goes on, from any of them", () => {
    const lines = ["  // TODO: numbers below zero", "  // are taken for", "  // positive ones.", "  run();"];
    const todo = { tag: "TODO", text: "numbers below zero are taken for positive ones.", from: 0, to: 2 };
    for (const line of [0, 1, 2]) assert.deepEqual(at(line, ...lines), todo, String(line));
    assert.equal(at(3, ...lines), null);
  });

  it("ends a block comment where it ends", () => {
    const lines = ["/* TODO: numbers", " * below zero */", "// something else"];
    assert.deepEqual(at(0, "/*", " * TODO: numbers", " * below zero", " *", " * @param x the number"), null);
    assert.deepEqual(at(1, "/*", " * TODO: numbers", " * below zero", " *", " * @param x the number"), { tag: "TODO", text: "numbers below zero", from: 1, to: 2 });
    assert.deepEqual(at(2, ...lines), null);
  });

  it("keeps two TODOs apart", () => {
    const lines = ["// TODO: one", "// TODO: two"];
    assert.deepEqual([at(0, ...lines)?.text, at(1, ...lines)?.text], ["one", "two"]);
  });
});

describe("the texts of tasks", () => {
  const PLACE = { path: "src/a.ts", line: 3, endLine: 4, code: "let a = 1;\nlet b = a;\n", language: "typescript" };

  it("say where the code is and quote it", () => {
    assert.equal(aboutSelection(PLACE), "It is about src/a.ts, lines 3–4:\n\n```typescript\nlet a = 1;\nlet b = a;\n```");
  });

  it("name a problem by its first line and tell the whole", () => {
    const { text, about } = problemTask({ message: "Type 'string' is not assignable.\n  More of it.", source: "ts(2322)" }, { ...PLACE, endLine: 3 });
    assert.equal(text, "Fix: Type 'string' is not assignable");
    assert.match(about, /^The problem is in src\/a\.ts, line 3 \(ts\(2322\)\):\n\nType 'string' is not assignable\.\n {2}More of it\.\n\n```typescript/);
  });

  it("make a task of a TODO comment, also of one that says nothing", () => {
    assert.equal(todoTask({ tag: "TODO", text: "handle zero", from: 2, to: 2 }, PLACE).text, "Handle zero");
    assert.equal(todoTask({ tag: "FIXME", text: "", from: 2, to: 2 }, PLACE).text, "Do what the FIXME comment in src/a.ts, lines 3–4 asks for");
  });

  it("fence code that has fences, and cut what is longer than a place", () => {
    const about = aboutSelection({ ...PLACE, code: "````\nx\n````", language: "a b" });
    assert.match(about, /\n`````\n````\nx\n````\n`````$/);
    assert.ok(aboutSelection({ ...PLACE, code: "x".repeat(10_000) }).length < 4200);
  });
});
