// What the runner starts without a shell, the policy must read as the very same words.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { argvOf } from "../../src/adapters/process/commandArgv";
import { plainWords } from "../../src/core/domain/commandLine";
import { decide } from "../../src/core/policy/commandPolicy";
import { readShell } from "../../src/core/policy/shellReading";
import { MUST_ASK, MUST_DENY, PLAIN_READS } from "../fixtures/commandPolicy";

/** The words of the only command, when everything about them is known; else null. */
function policyWords(command: string): readonly string[] | null {
  const { commands, doubts, redirects } = readShell(command);
  const [only, ...others] = commands;
  if (only === undefined || others.length + doubts.length + redirects.length > 0) return null;
  if (only.assignments.length + only.redirects.length > 0 || !only.words.every((word) => word.exact)) return null;
  return only.words.map((word) => word.value);
}

describe("argvOf and the command policy", () => {
  const piece = fc.oneof(
    fc.constantFrom("a", "b-c", " ", "  ", "\t", "'", '"', "''", "' '", '"x y"', "=", "$A", "$", "\\", "*", "~", "#", ";", "é", "%", "{a,b}", "!", "\n", "&", "|", "<", ">", "(", "`", "@", "@(", "+", ":", "~/", "1>", "-", "[", "]", "A=b", "time", "\u00a0", "\u200b"),
    fc.string({ unit: "grapheme-ascii", maxLength: 3 }),
  );
  const text = fc.oneof(fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")), fc.constantFrom(...PLAIN_READS, ...MUST_ASK, ...MUST_DENY));

  it("agree about every command that needs no shell (property)", () => {
    let plain = 0;
    fc.assert(
      fc.property(text, (command) => {
        const words = plainWords(command);
        if (words === null) return;
        plain += 1;
        assert.deepEqual(policyWords(command), words, command);
        assert.deepEqual(argvOf(command, "linux", {}), { file: words[0], args: words.slice(1), shell: false });
      }),
      { numRuns: 6000 },
    );
    assert.ok(plain > 300, `only ${plain} needed no shell`);
  });

  it("agree that whatever is more than one plain command goes to the shell, whole", () => {
    for (const command of [...PLAIN_READS, ...MUST_ASK, ...MUST_DENY]) {
      if (policyWords(command) !== null) continue;
      assert.deepEqual(argvOf(command, "linux", {}), { file: "/bin/sh", args: ["-c", `exec 2>&1; ${command}`], shell: true }, command);
    }
  });

  it("agree about what the shell gets: the text in front of it changes nothing (property)", () => {
    fc.assert(
      fc.property(text, (command) => {
        const alone = readShell(command);
        if (alone.doubts.length > 0) return;
        const [, ...behind] = readShell(`exec 2>&1; ${command}`).commands;
        assert.deepEqual(behind.map((one) => one.words.map((word) => word.source)), alone.commands.map((one) => one.words.map((word) => word.source)), command);
      }),
      { numRuns: 3000 },
    );
  });

  it("agree that on Windows cmd.exe reads the line, so that only what it reads alike is allowed", () => {
    const policy = { allow: ["git log", "echo"], deny: [] };
    for (const command of ["git log -5", "git log 'a & b'", "git log %A%", "echo a^&b", "git log \"a b\""]) {
      assert.deepEqual(argvOf(command, "win32", { ComSpec: "cmd.exe" }).args.at(-1), `"${command}"`);
      const isAlike = !/['%^]/.test(command);
      assert.equal(decide(command, policy, "cmd").decision, isAlike ? "allow" : "ask", command);
    }
  });
});
