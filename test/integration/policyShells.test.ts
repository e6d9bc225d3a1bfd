// The policy against real shells: whatever it allows, they run nothing but programs that were allowed, and write nothing.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { decide } from "../../src/core/policy/commandPolicy";

const POLICY = { allow: ["ls", "cat", "git", "sort", "sed", "true"], deny: [] };
const PROGRAMS = ["ls", "cat", "git", "sort", "sed", "true", "evil"];
const SHELLS = ["/bin/sh", "/bin/dash", "/bin/bash", "/bin/busybox"].filter((shell) => existsSync(shell));
const LONG_MS = 300_000;

/** Programs that only note how they were called, in place of the real ones. */
function stage(folder: string): { readonly bin: string; readonly cwd: string; readonly log: string } {
  const [bin, cwd, log] = [path.join(folder, "bin"), path.join(folder, "cwd"), path.join(folder, "log")];
  mkdirSync(bin);
  mkdirSync(cwd);
  for (const name of PROGRAMS) {
    const file = path.join(bin, name);
    // One write, so that the calls of a pipeline do not mix.
    writeFileSync(file, `#!/bin/sh\ncalled=$(printf '%s\\037' ${name} "$@"; printf '\\036')\nprintf '%s' "$called" >> "$CALLS"\n`);
    chmodSync(file, 0o755);
  }
  return { bin, cwd, log };
}

const pieces = [
  "ls", "ls ", "cat ", "git log ", "sort ", "sed p ", "evil", "evil ", "-o ", "--output=f ", "f", " ", "  ", "'", '"', "''", '""', "$'", "$'a\\'b", "\\'", '\\"', "\\", "\\\n", "\n", ";", "&", "&&", "|",
  "||", "|&", "(", ")", "{ ", "; }", "$", "$X", "${X}", "$(", "`", "<", ">", ">f", "2>&1", ">/dev/null", "</dev/null", ">&2", "&>", "#", " #", "~", "*", "{a,b}", "!", "! ", "-", "--", "=", "A=1 ",
  "LC_ALL=C ", "if ", "then ", "fi", "for x in a; do ", "done", "do ", "while ", "time ", "[[ ", "]]", "((", "))", "<<E\n", "E\n", "<<<", "\t", "a", "'a b'", '$"', "é", "@(", "case ", "esac", ";;", "function ",
  "f()", "coproc ", "%", "^", "1>", "2>", "10>", "{x}>", "command ", "eval ", "exec ", "$'evil'", "$'\\n'", "\\$'", "'\\''",
];
const starts = ["ls ", "cat ", "git log ", "sort ", "ls; ", "(ls", "ls | cat ", "sed p ", "if ls; then ", "for x in a b; do ls ", "! ls "];
const command = fc
  .tuple(fc.constantFrom(...starts), fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 7 }))
  .map(([start, rest]) => start + rest.join(""));
/** Plain words alone say nothing. */
const INTERESTING = /['"$\\\n;&|(){}<>#!=*~`]/;

describe("decide, against the shells of this machine", () => {
  it("allows nothing that runs or writes something else (property)", function () {
    this.timeout(LONG_MS);
    const folder = mkdtempSync(path.join(tmpdir(), "policy shells-"));
    const { bin, cwd, log } = stage(folder);
    let ran = 0;
    let calls = 0;
    try {
      fc.assert(
        fc.property(command, (text) => {
          if (!INTERESTING.test(text) || decide(text, POLICY).decision !== "allow") return;
          ran += 1;
          for (const shell of SHELLS) {
            writeFileSync(log, "");
            const args = shell.endsWith("busybox") ? ["sh", "-c", text] : ["-c", text];
            spawnSync(shell, args, { cwd, env: { PATH: bin, CALLS: log }, timeout: 10_000, stdio: "ignore" });
            const called = readFileSync(log, "utf8").split("\u001e").filter((call) => call !== "").map((call) => call.split("\u001f").slice(0, -1));
            calls += called.length;
            for (const [program = "", ...given] of called) {
              assert.notEqual(program, "evil", `${shell}: ${text}`);
              const end = given.includes("--") ? given.indexOf("--") : given.length;
              const writes = (program === "sort" || program === "git") && given.slice(0, end).some((word) => word === "-o" || word.startsWith("--output"));
              assert.ok(!writes, `${shell}: ${text}`);
            }
            assert.deepEqual(readdirSync(cwd), [], `${shell}: ${text}`);
          }
        }),
        { numRuns: 2500 },
      );
      assert.ok(ran > 100 && calls > ran, `${ran} commands ran, with ${calls} calls`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
