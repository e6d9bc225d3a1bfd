import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { onlyComputes } from "../../src/core/policy/awkReader";
import { onlyReads } from "../../src/core/policy/sedReader";
import { secretIn } from "../../src/core/policy/secretPlaces";

/** A process each time, on a machine that may be busy. */
const LONG_MS = 120_000;

/** Runs a script in an empty folder, and tells what it left there. */
function leftBehind(program: string, script: string): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), "policy-"));
  try {
    spawnSync(program, [script], { cwd: folder, input: "w f\nabc\n1\n", timeout: 5000, env: { PATH: process.env["PATH"], LC_ALL: "C" } });
    return readdirSync(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("onlyReads", () => {
  it("knows no script that writes or runs something (property, against the real sed)", function () {
    this.timeout(LONG_MS);
    const piece = fc.constantFrom(..."p|d|s/a/b/|s/a/b/g|s/[/]/x/|s/[[:alpha:]]/x/|s,a,b,|;|\n|{|}|$|1|2,3|/a/|/[/|/\\//|!|w f|e|e touch f|w|W f|s/a/b/w f|s/a/b/e|y/ab/cd/|b|:x|tx|#|a\\|i\\|q| |r f|n|N|[|]|/|\\|I|~|+1".split("|"));
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join("")), (script) => {
        if (!onlyReads(script) || /[btT:]/.test(script)) return;
        accepted += 1;
        assert.deepEqual(leftBehind("sed", script), [], script);
      }),
      { numRuns: 800 },
    );
    assert.ok(accepted > 25, `only ${accepted} accepted`);
  });
});

describe("onlyComputes", () => {
  it("knows no program that writes or runs something (property, against the real awk)", function () {
    this.timeout(LONG_MS);
    const piece = fc.constantFrom(..."{|}|print|print |printf \"%s\",|$1|x|1|>|>>|\"f\"|\"|/|/a/|/[/]/|(|)|,|;|\n|||&&||\"cat > f\"|system(\"touch f\")|getline|#|\\|[|]|if (x) |BEGIN|END|++|length|?|:| ".split("|"));
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 9 }).map((pieces) => pieces.join("")), (program) => {
        if (!onlyComputes(program)) return;
        accepted += 1;
        assert.deepEqual(leftBehind("awk", program), [], program);
      }),
      { numRuns: 800 },
    );
    assert.ok(accepted > 25, `only ${accepted} accepted`);
  });
});

describe("secretIn", () => {
  for (const text of [".env", "a/.env.local", "~/.ssh/x", "HEAD:.env", "--file=.npmrc", "/etc/shadow", "/proc/self/environ", "/proc/12/environ", "~/.config/gh/hosts.yml", "keys/id_ed25519", "C:\\x\\.AWS\\y"]) {
    it(`finds a place of secrets in ${text}`, () => assert.notEqual(secretIn(text), null));
  }
  for (const text of ["process.env", "src/env.ts", ".env.example", "shadow", "environ", "src/gh/a.ts", "id_rsa.pub", "sshd.md", ".envelope", "docs/aws.md"]) {
    it(`finds none in ${text}`, () => assert.equal(secretIn(text), null));
  }
});
