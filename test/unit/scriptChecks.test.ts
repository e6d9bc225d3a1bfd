import { strict as assert } from "node:assert";
import { staticProblems } from "../../src/core/domain/contractRules";
import type { Check, CommandCheck } from "../../src/core/domain/contract";
import { dataSyntaxProblem, syntaxCheckOf } from "../../src/core/domain/syntaxCheck";
import { destructiveCommandIn } from "../../src/core/engine/destructiveCommands";
import { TreeState } from "../../src/core/engine/dryRun";
import { ownOutput } from "../../src/core/engine/ownOutput";
import { aCommandCheck, aContract } from "../builders/contractBuilder";
import { MemoryFileTree } from "../fakes/memoryFileTree";
import { ScriptedCommandRunner } from "../fakes/scriptedCommandRunner";

describe("destructiveCommandIn", () => {
  const destroying: readonly (readonly [string, string])[] = [
    ["a folder of another place", "rm -rf /var/data"],
    ["a variable", 'rm -rf "$TARGET"'],
    ["everything", "rm -r *"],
    ["a folder above", "rm -rf ../other"],
    ["the folder itself", "rm -rf ."],
    ["a way out of a folder", "rm -rf build/../../other"],
    ["options apart", "rm -v -f -r ~/x"],
    ["behind sudo", "sudo rm -rf /opt/x"],
    ["in a subshell", "(cd /tmp && true; rm -rf /srv)"],
    ["in another shell", "bash -c 'rm -rf /srv'"],
    ["in a loop", "for d in a b; do\n  rm -rf /srv/$d\ndone"],
    ["in a function", "clean() {\n  rm -rf /srv\n}\nclean"],
    ["through xargs", "ls | xargs rm -rf"],
    ["with another spelling", "r\\m -rf /srv"],
    ["history that is thrown away", "git reset --hard origin/main"],
    ["a forced push", "git push origin main --force"],
    ["untracked files", "git clean -fdx"],
    ["a disk", "dd if=/dev/zero of=/dev/sda"],
    ["find", "find / -name x -delete"],
    ["the cloud", "aws s3 rm s3://bucket --recursive"],
    ["piped to a shell", 'echo "rm -rf /srv" | sh'],
    ["before what guards it", "rm -rf /srv && echo done"],
    ["in the condition itself", "if rm -rf /srv; then echo gone; fi"],
  ];
  for (const [what, line] of destroying) {
    it(`finds ${what}`, () => {
      const reading = destructiveCommandIn(`#!/bin/sh\nset -eu\n${line}\n`, "bin/clean");
      assert.equal(reading.kind === "read" && reading.found !== null && reading.found.line >= 3, true, JSON.stringify(reading));
    });
  }

  const harmless = [
    "rm -rf build dist",
    "rm -rf ./node_modules/.cache",
    "rm -f file.txt",
    'if [ "${1:-}" = --yes ]; then rm -rf "$TARGET"; fi',
    '[ "$CONFIRM" = yes ] && rm -rf /srv',
    'case "$1" in clean) git clean -fdx ;; esac',
    "echo 'rm -rf /'",
    "# rm -rf /",
    "git status",
    "cat <<'EOF'\nrm -rf /\nEOF",
    "",
  ];
  for (const line of harmless) it(`is content with: ${line === "" ? "nothing" : line}`, () => assert.deepEqual(destructiveCommandIn(`#!/bin/bash\n${line}\n`, "x.sh"), { kind: "read", found: null }));

  it("reads shell scripts only, and whole ones", () => {
    assert.equal(destructiveCommandIn("import os\n", "a.py").kind, "unreadable");
    assert.equal(destructiveCommandIn("#!/usr/bin/env python3\n", "tool").kind, "unreadable");
    assert.equal(destructiveCommandIn("if true; then\n", "a.sh").kind, "unreadable");
    assert.equal(destructiveCommandIn("echo x\n".repeat(100_000), "a.sh").kind, "unreadable");
    assert.equal(destructiveCommandIn("#!/usr/bin/env bash\nls\n", "tool").kind, "read");
  });
});

describe("syntaxCheckOf", () => {
  it("names the tool of the language, with the path as one word", () => {
    assert.deepEqual(syntaxCheckOf("src/a.mjs"), { kind: "command", run: "node --check './src/a.mjs'" });
    assert.deepEqual(syntaxCheckOf("./it's.py"), { kind: "command", run: "python3 -m py_compile './it'\\''s.py'" });
    assert.deepEqual(syntaxCheckOf("-n.sh"), { kind: "command", run: "bash -n './-n.sh'" });
    assert.deepEqual(syntaxCheckOf("a.JSON"), { kind: "data", format: "JSON" });
    for (const path of ["a.ts", "a", "a.constructor", "Makefile"]) assert.deepEqual(syntaxCheckOf(path), { kind: "none" }, path);
  });

  it("reads data itself", () => {
    assert.equal(dataSyntaxProblem("a.json", "JSON", '\ufeff{"a": 1}'), null);
    assert.match(dataSyntaxProblem("a.json", "JSON", "{a: 1}") ?? "", /^a\.json is no valid JSON: /);
    assert.equal(dataSyntaxProblem("a.yml", "YAML", "a: 1\n---\nb: [1]\n"), null);
    assert.match(dataSyntaxProblem("a.yml", "YAML", "a: [1\n") ?? "", /^a\.yml is no valid YAML: /);
  });
});

describe("TreeState", () => {
  const difference = (before: string, after: string): string | null => new TreeState(new ScriptedCommandRunner({}), { dir: "/room", signal: new AbortController().signal }).difference({ lines: before === "" ? [] : before.split("\n") }, { lines: after === "" ? [] : after.split("\n") });

  it("says what a dry run has changed", () => {
    assert.equal(difference("!! node_modules/", "!! node_modules/"), null);
    assert.equal(difference("!! node_modules/", "!! node_modules/\n M a.txt"), "the dry run changed a.txt");
    assert.equal(difference("?? left.txt", ""), "the dry run changed left.txt");
  });

  it("takes nothing for granted where git does not answer", async () => {
    const tree = new TreeState(new ScriptedCommandRunner({}), { dir: "/room", signal: new AbortController().signal });
    const unread = await tree.read();
    assert.equal(tree.difference(unread, unread), "what it changed could not be found out");
  });
});

describe("ownOutput", () => {
  const green = { green: true, reason: "" };
  const files = new MemoryFileTree({ "data.csv": "1,2\nDATA VERIFIED\n", "clean.csv": "1,2\n", "verify.sh": "echo DATA VERIFIED\n", "README.md": "It prints DATA VERIFIED\n" });
  const rows: readonly (readonly [string, Partial<CommandCheck>, readonly string[], string])[] = [
    ["a script of the repository", { run: "sh verify.sh" }, ["clean.csv"], ""],
    ["a document that tells of it", { run: "sh verify.sh" }, ["README.md"], ""],
    ["a document that it is given", { run: "sh verify.sh README.md" }, ["README.md"], "what proves it stands in README.md, which the attempt wrote"],
    ["a program that only prints", { run: "cat clean.csv" }, [], "cat prints what it is given: that verifies nothing"],
    ["a program that only prints, by its path", { run: "/bin/echo DATA VERIFIED" }, [], "echo prints what it is given: that verifies nothing"],
    ["a script that the attempt wrote", { run: "sh ./verify.sh" }, ["verify.sh"], "./verify.sh, which verifies the data, was written by the attempt itself"],
    ["a script within a line of commands", { run: "cd . && sh verify.sh | tail -n 1" }, ["verify.sh"], "verify.sh, which verifies the data, was written by the attempt itself"],
    ["data that says it itself", { run: "sh verify.sh" }, ["data.csv"], "what proves it stands in data.csv, which the attempt wrote"],
    ["a check that verifies no data", { run: "cat data.csv", verifiesData: false }, ["data.csv"], ""],
  ];
  for (const [what, change, written, reason] of rows) {
    it(`is ${reason === "" ? "content with" : "red for"} ${what}`, async () => {
      const check = aCommandCheck({ outputMatches: ["^DATA VERIFIED$|DATA VERIFIED"], verifiesData: true, ...change });
      assert.deepEqual(await ownOutput({ check, outcome: green, output: "DATA VERIFIED\n", files, written }), { green: reason === "", reason });
    });
  }

  it("leaves a red check as it is", async () => {
    const red = { green: false, reason: "exit code 1, expected 0" };
    assert.equal(await ownOutput({ check: aCommandCheck({ run: "cat x", verifiesData: true }), outcome: red, output: "", files, written: [] }), red);
  });
});

describe("staticProblems of built-in checks", () => {
  const base = { id: "K1", criterion: "C1" } as const;
  const rows: readonly (readonly [Check, string | null])[] = [
    [{ ...base, kind: "dateRange", path: "a.csv", from: "2026-01-01", to: "2026-01-31", column: "" }, null],
    [{ ...base, kind: "dateRange", path: "a.csv", from: "2026-02-01", to: "2026-01-31", column: "" }, "Check K1: 2026-02-01 is after 2026-01-31: nothing is within."],
    [{ ...base, kind: "dateRange", path: "a.csv", from: "January", to: "2026-01-31", column: "" }, 'Check K1: "January" is no date like 2026-01-31.'],
    [{ ...base, kind: "recalculate", path: "a.csv", rules: ["sum Total"] }, null],
    [{ ...base, kind: "recalculate", path: "a.csv", rules: ["total"] }, 'Check K1: "total" is no rule; write "sum Total", "A = B - C", "A = MoM B" or "A = YoY B".'],
    [{ ...base, kind: "recalculate", path: "../a.csv", rules: ["sum Total"] }, 'Check K1: "../a.csv" must be a path inside the repository.'],
    [{ ...base, kind: "syntax", path: "a.py" }, null],
    [{ ...base, kind: "syntax", path: "a.ts" }, "Check K1: no tool that only reads is known for a.ts; run the project's own as a command."],
    [{ ...base, kind: "destructiveCommands", path: "/etc/x.sh" }, 'Check K1: "/etc/x.sh" must be a path inside the repository.'],
    [aCommandCheck({ run: "sh verify.sh", verifiesData: true }), "Check K1 verifies data and has no outputMatches: it does not say what the command prints when all is well."],
    [aCommandCheck({ run: "sh deploy.sh --dry-run", dryRun: true }), null],
  ];
  for (const [check, problem] of rows) it(`${problem === null ? "accepts" : "refuses"} ${check.kind} ${JSON.stringify(check).slice(0, 90)}`, () => assert.deepEqual(staticProblems(aContract({ checks: [check] })), problem === null ? [] : [problem]));
});
