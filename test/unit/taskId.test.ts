import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { taskIdFor, titleOf } from "../../src/core/engine/taskId";
import { ANY_CHARACTER } from "../builders/anyCharacter";

const four = (length: number): string => "7k2m".slice(0, length);

describe("taskIdFor", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["Add a Fibonacci command", "add-a-fibonacci-command-7k2m"],
    ["  Fix #12: `npm test` fails!  ", "fix-12-npm-test-fails-7k2m"],
    ["Änderung für Ćao", "anderung-fur-cao-7k2m"],
    ["日本語", "task-7k2m"],
    ["", "task-7k2m"],
    ["../../etc/passwd", "etc-passwd-7k2m"],
    ["--help", "help-7k2m"],
    ["CON", "con-7k2m"],
    [`${"a".repeat(39)} b`, `${"a".repeat(39)}-7k2m`],
    ["x".repeat(200), `${"x".repeat(40)}-7k2m`],
  ];
  for (const [title, id] of rows) {
    it(`makes ${id} of ${JSON.stringify(title.slice(0, 40))}`, () => assert.equal(taskIdFor(title, four), id));
  }

  it("is safe as a folder, branch and argument, whatever the title", () => {
    fc.assert(
      fc.property(fc.string({ unit: ANY_CHARACTER, maxLength: 80 }), (title) => {
        assert.match(taskIdFor(title, four), /^[a-z0-9](-?[a-z0-9])*-7k2m$/);
        assert.ok(taskIdFor(title, four).length <= 45);
      }),
    );
  });
});

describe("titleOf", () => {
  it("takes a short first line whole", () => {
    assert.equal(titleOf("\n  Add a flag.\r\nIt prints JSON.\n"), "Add a flag.");
    assert.equal(titleOf("x".repeat(72)), "x".repeat(72));
    assert.equal(titleOf(" \n"), "");
  });

  it("shortens a long one at a word, or in the middle of one that never ends", () => {
    const words = "Add a command that prints the Fibonacci numbers up to a limit that is given as argument";
    assert.equal(titleOf(words), "Add a command that prints the Fibonacci numbers up to a limit that is…");
    assert.equal(titleOf("x".repeat(100)), `${"x".repeat(40)}…`);
  });

  it("is never longer than 73 characters, one line, and cuts no character in two", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("🙂", "a", " ", "\n", "é"), maxLength: 200 }), (text) => {
        const title = titleOf(text);
        assert.ok(title.length <= 73 && !title.includes("\n"));
        assert.doesNotMatch(title, /[\ud800-\udbff](?![\udc00-\udfff])/);
        assert.ok(text.includes(title.replace(/…$/, "")));
      }),
    );
  });
});
