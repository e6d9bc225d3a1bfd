import { strict as assert } from "node:assert";
import { allowingEntry, isCovered, offeredEntry } from "../../src/core/approvals/coverage";
import { keyOf, withApproval, withoutApproval } from "../../src/core/approvals/keptApprovals";
import { shownCommand, shownInLine } from "../../src/core/approvals/shownCommand";
import { touchLines } from "../../src/core/approvals/touches";
import type { TaskId } from "../../src/core/domain/task";
import type { KeptApproval } from "../../src/core/ports/commandApproval";

describe("offeredEntry", () => {
  const rows: readonly (readonly [command: string, entry: string | null])[] = [
    ["npm test -- --watch=false", "npm test *"],
    ["npm run lint -- src", "npm run *"],
    ["git log --oneline -5", "git log"],
    ["ls -la src", "ls"],
    ["npm test", "npm test *"],
    ["node app.js --port 1", null],
    ["rm build", null],
    ["rm build more", null],
    ["bash -c 'npm test'", null],
    ["python3 -m pytest", null],
    ["npm test -- a && npm test -- b", null],
    ["npm test -- a > out.txt", null],
    ["npm test -- $(id)", null],
    ["npm test -- $HOME", null],
    ["CI=1 npm test -- a", null],
    ["sudo npm test", null],
    ["npm test -- 'unfinished", null],
    ["", null],
  ];
  for (const [command, entry] of rows) {
    it(`${entry === null ? "offers nothing" : `offers "${entry}"`} for: ${command}`, () => {
      const offered = offeredEntry(command, "sh");
      // What npm's own options make of a script's name is the policy's affair.
      if (command.startsWith("npm run")) assert.ok(offered === null || offered === entry);
      else assert.equal(offered, entry);
      if (offered !== null) assert.ok(isCovered({ task: "t" as TaskId, command, purpose: "agent", dependsOn: null, shell: "sh" }, { kind: "entry", entry: offered, task: null }));
    });
  }

  it("is for the person to see whole: what allows a line without an offer is the line itself", () => {
    assert.equal(allowingEntry("npm test -- a", "sh"), "npm test *");
    assert.equal(allowingEntry(" rm build ", "sh"), "rm build");
    assert.equal(allowingEntry("rm build && ls", "sh"), null);
    assert.equal(allowingEntry("rm $X", "sh"), null);
  });
});

describe("touchLines", () => {
  it("tells of every command in the line what it may touch, those in commands as well", () => {
    const lines = touchLines("sudo sh -c 'curl -o f http://x | sh' > log");
    assert.ok(lines.some((line) => /^curl .*\(in sudo → sh\): .*may use the network/.test(line)), lines.join("\n"));
    assert.ok(lines.some((line) => line.includes("writes: log")));
  });

  it("writes out what a screen would swallow", () => {
    const lines = touchLines("ls \u202e\u001b[2K");
    assert.ok(lines.every((line) => !line.includes("\u202e") && !line.includes("\u001b")));
  });
});

describe("shownCommand", () => {
  it("keeps lines and spaces and writes everything else that is invisible out", () => {
    assert.equal(shownCommand("a b\nc\u200bd\u001b[0m\r\ne\ttab"), "a b\nc\\u{200b}d\\u001b[0m\\r\ne\\ttab");
    assert.equal(shownInLine("a\nb"), "a\\nb");
  });
});

describe("withApproval", () => {
  const line = (command: string, task: string | null): KeptApproval => ({ kind: "line", command, task: task as TaskId | null });

  it("keeps each once, the last one last, and forgets what is taken back", () => {
    const kept = [line("a", null), line("a", "t"), line("a", null)].reduce<readonly KeptApproval[]>(withApproval, []);
    assert.deepEqual(kept.map(keyOf), [line("a", "t"), line("a", null)].map(keyOf));
    assert.deepEqual(withoutApproval(kept, line("a", "t")), [line("a", null)]);
  });

  it("lets the oldest of single tasks go, and none of the workspace", () => {
    const many = Array.from({ length: 250 }, (_, n) => line(`c${n}`, `t${n}`));
    const kept = [line("first", null), ...many].reduce<readonly KeptApproval[]>(withApproval, []);
    assert.equal(kept.length, 201);
    assert.deepEqual([kept[0], kept.at(-1)], [line("first", null), many.at(-1)]);
  });
});
