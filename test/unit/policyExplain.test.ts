import { strict as assert } from "node:assert";
import { explain, type CommandEffect } from "../../src/core/policy/explain";

/** `program: kind what, kind what`, one for each command. */
function told(command: string): readonly string[] {
  const say = ({ kind, what }: CommandEffect): string => (what === "" ? kind : `${kind} ${what}`);
  return explain(command).commands.map(({ within, program, effects }) => `${[...within, program].join(" → ")}: ${effects.map(say).join(", ")}`);
}

describe("explain", () => {
  const rows: readonly (readonly [command: string, told: readonly string[]])[] = [
    ["git log -5 | head > out.txt", ["git: reads", "head: reads, writes out.txt"]],
    ["cat a b < c", ["cat: reads a b, reads c"]],
    ["sudo bash -c 'rm -rf x'", ["sudo: runs bash -c 'rm -rf x'", "sudo → bash: runs rm -rf x", "sudo → bash → rm: writes x"]],
    ["npm ci && npm test", ["npm: network, writes, runs", "npm: runs"]],
    ["curl -o f http://h", ["curl: network f http://h, writes f"]],
    ["cat $(git rev-parse HEAD)", ["cat: reads $(git rev-parse HEAD)", "$(…) → git: reads HEAD"]],
    ["git push origin main", ["git: network origin main, writes origin main"]],
    ["echo x | sh", ["echo: reads x", "sh: runs what its input says"]],
    ["frob a", ["frob: unknown"]],
    ["$X a", ["$X: unknown $X"]],
    ["ls > /dev/null 2>&1", ["ls: reads"]],
    ["find . -exec rm {} +", ["find: runs rm {}", "find → rm: writes {}"]],
    ["", []],
  ];
  for (const [command, expected] of rows) {
    it(`tells about ${JSON.stringify(command)}`, () => assert.deepEqual(told(command), expected));
  }

  it("keeps what is written before a command, in one line", () => {
    assert.deepEqual(explain("A=1 make\\\n  all").commands.map(({ text }) => text), ["A=1 make all"]);
  });

  it("says what keeps it from being run unasked", () => {
    assert.deepEqual(explain("ls > f").doubts, ["It writes to a file: >f"]);
    assert.match(explain("ls\u202e").doubts.join(), /an invisible character/);
    assert.match(explain("ls 'a").doubts.join(), /no complete command/);
    assert.deepEqual(explain("ls").doubts, []);
  });

  it("says that it left commands out, and gives up on what is too long", () => {
    assert.equal(explain("ls; ".repeat(100)).isCut, true);
    assert.equal(explain("ls; ".repeat(100)).commands.length, 40);
    const long = explain("a".repeat(20_000));
    assert.deepEqual([long.commands.length, long.isCut, long.doubts.length], [0, true, 1]);
  });
});
