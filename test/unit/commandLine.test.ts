import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { plainWords } from "../../src/core/domain/commandLine";

describe("plainWords", () => {
  const plain: readonly (readonly [string, readonly string[]])[] = [
    ["npm test", ["npm", "test"]],
    ["  a\tb  ", ["a", "b"]],
    ["git commit -m 'two words'", ["git", "commit", "-m", "two words"]],
    ["x \"a b\"c'd'", ["x", "a bcd"]],
    ["x ''", ["x", ""]],
    ["./run.sh --a=b,c @scope/pkg 50% a+b", ["./run.sh", "--a=b,c", "@scope/pkg", "50%", "a+b"]],
    ["x 'a$b`c`;|&<>*?[]{}~#!\\'", ["x", "a$b`c`;|&<>*?[]{}~#!\\"]],
    ["x größe \u{1f600}", ["x", "größe", "\u{1f600}"]],
    ["x 'line\nbreak'", ["x", "line\nbreak"]],
    ["test -f a", ["test", "-f", "a"]],
    ["true", ["true"]],
  ];
  for (const [command, words] of plain) {
    it(`reads ${JSON.stringify(command)}`, () => assert.deepEqual(plainWords(command), words));
  }

  const shell = [
    "",
    "   ",
    "''",
    "a && b",
    "a; b",
    "a | b",
    "a > f",
    "a < f",
    "a &",
    "a\nb",
    "(a)",
    "{ a; }",
    "! a",
    "ls *.ts",
    "ls ?",
    "ls [ab]",
    "echo {a,b}",
    "a $X",
    "a ${X}",
    "a `b`",
    "a $(b)",
    'a "$X"',
    'a "`b`"',
    'a "\\n"',
    "A=1 b",
    "A=1",
    "A+=1 b",
    "a \\\nb",
    "a\\ b",
    "~/x",
    "a ~",
    "a #c",
    "a 'open",
    'a "open',
    "a 'b\0c'",
    "a\rb",
    "a^b",
    "cd x",
    "export A",
    "echo a",
    "printf x",
    ". f",
    "source f",
    "exec a",
    "eval a",
    "if x",
    "while x",
    "time a",
    "[[ a ]]",
    ":",
  ];
  for (const command of shell) {
    it(`leaves ${JSON.stringify(command)} to the shell`, () => assert.equal(plainWords(command), null));
  }

  it("never disagrees with a shell (property)", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "a",
        "b-c",
        " ",
        "  ",
        "'",
        '"',
        "''",
        "' '",
        '"x y"',
        "=",
        "$A",
        "$",
        "\\",
        "*",
        "~",
        "#",
        ";",
        "\t",
        "é",
        "%",
        "{a,b}",
        "!",
        "\n",
        "&",
        "|",
        "<",
        ">",
        "(",
        "`",
      ),
      fc.string({ unit: "grapheme-ascii", maxLength: 3 }),
    );
    const command = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
    let compared = 0;
    fc.assert(
      fc.property(command, (rest) => {
        const words = plainWords(`program ${rest}`);
        if (words === null) return;
        compared += 1;
        const seen = execFileSync(
          "/bin/sh",
          ["-c", `program() { for a; do printf '%s\\0' "$a"; done; }; program ${rest}`],
          { encoding: "utf8" },
        );
        assert.deepEqual(words.slice(1), seen.split("\0").slice(0, -1));
      }),
      { numRuns: 1500 },
    );
    assert.ok(compared > 200, `only ${compared} compared`);
  });
});
