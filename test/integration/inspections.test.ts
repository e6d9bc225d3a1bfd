import { strict as assert } from "node:assert";
import { kindNote } from "../../src/core/domain/fileKind";
import type { Inspection } from "../../src/core/domain/inspection";
import { EngineBench } from "../builders/engineBench";
import { aContractOf, aPass, aScript, aSelfEvaluation, answers, calls, runs, writes, type CheckInput, type ToolCallInput } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const NUMBERS = "exports.one = () => 1;\n";
const WITH_TWO = `${NUMBERS}exports.two = () => 2;\n`;
const TEST = 'const test = require("node:test");\nconst assert = require("node:assert");\n';
const REPOSITORY = {
  "package.json": JSON.stringify({ name: "numbers", private: true, scripts: { test: "node --test" } }),
  "src/numbers.js": NUMBERS,
  "src/other.js": "exports.other = 0;\n",
  "test/numbers.test.js": `${TEST}test("one", () => assert.equal(require("../src/numbers.js").one(), 1));\n`,
};
const PRINTS_TWO = "node -p \"require('./src/numbers.js').two()\"";

interface Played {
  readonly changes?: readonly (string | CheckInput)[];
  readonly work?: readonly ToolCallInput[];
  readonly says?: object;
  readonly profile?: "code" | "report";
  /** The command of the existing tests. Default: without npm, which takes longer than they do. */
  readonly guard?: string;
}

/** Findings of the first attempt, and whether it passed. */
async function inspected(folder: string, { changes = [PRINTS_TWO], work = [], says = {}, profile = "code", guard = "node --test" }: Played): Promise<{ readonly findings: readonly Inspection[]; readonly passed: boolean; readonly bench: EngineBench }> {
  const script = aScript()
    .planner()
    .negotiator(answers(aContractOf(changes, [guard])))
    .generator(1, calls(writes("src/numbers.js", WITH_TWO), ...work), answers(aSelfEvaluation({ deliverables: [], ...says })))
    .evaluator(1, answers(aPass(changes.length + 1)));
  const bench = await EngineBench.open(folder, script, REPOSITORY);
  await bench.create({ profile });
  await bench.harness.run(await bench.view(), new AbortController().signal);
  const [attempt] = (await bench.view()).attempts;
  await bench.close();
  return { findings: attempt?.inspection ?? [], passed: attempt?.decision?.pass ?? false, bench };
}

describe("the revert probe", function () {
  this.timeout(60_000);
  const folder = tempFolder();

  it("finds nothing where the checks notice every change", async () => {
    const { findings, passed } = await inspected(folder(), {});
    assert.deepEqual(findings, []);
    assert.equal(passed, true);
  });

  it("names a change that no check covers", async () => {
    const { findings, passed } = await inspected(folder(), { work: [writes("src/other.js", "exports.other = 1;\n"), writes("README.md", "# Numbers\n")] });
    assert.deepEqual(findings, [
      { kind: "notCovered", weight: "note", check: null, path: "src/other.js", text: "No check covers the change in src/other.js: with this file as before the work, all checks stay green." },
    ]);
    assert.equal(passed, true);
  });

  it("fails a test that stays green without the work", async () => {
    const { findings, passed } = await inspected(folder(), {
      changes: [PRINTS_TWO, "node --test test/two.test.js"],
      work: [writes("test/two.test.js", `${TEST}test("two", () => assert.ok(true));\n`)],
    });
    assert.deepEqual(findings, [
      { kind: "notCovered", weight: "fails", check: "K2", path: null, text: "Check K2 does not test what it claims: it stays green without the change in src/numbers.js." },
    ]);
    assert.equal(passed, false);
  });

  it("fails a command that something else than the work made green", async () => {
    const { findings } = await inspected(folder(), { changes: [PRINTS_TWO, "ls | grep -q done"], work: [writes("done.txt", "x\n"), writes("src/more.js", "1;\n")] });
    assert.deepEqual(findings.map(({ weight, check, path }) => [weight, check, path]), [["fails", "K2", null], ["note", null, "src/more.js"]]);
  });

  it("lets checks look at documents and tests that the attempt wrote", async () => {
    const { findings, passed } = await inspected(folder(), {
      changes: [PRINTS_TWO, { kind: "sections", path: "README.md", headings: ["Use"] }, "grep -q two README.md", "grep -q two test/two.test.js"],
      work: [writes("README.md", "# Numbers\n\n## Use\n\ntwo\n"), writes("test/two.test.js", `${TEST}test("two", () => assert.equal(require("../src/numbers.js").two(), 2));\n`)],
    });
    assert.deepEqual(findings, []);
    assert.equal(passed, true);
  });

  it("leaves work alone that is no code", async () => {
    const { findings } = await inspected(folder(), { profile: "report", work: [writes("src/other.js", "exports.other = 1;\n")] });
    assert.deepEqual(findings, []);
  });

  it("shows none of its runs as checks of the attempt", async () => {
    const { bench } = await inspected(folder(), {});
    const view = await bench.view();
    assert.deepEqual(view.attempts[0]?.checks.map(({ checkId, green }) => [checkId, green]), [["K1", true], ["K2", true]]);
  });
});

describe("claims of the self-evaluation", function () {
  this.timeout(60_000);
  const folder = tempFolder();

  it("are noted where they do not hold, in the report and in self-eval.md", async () => {
    const says = {
      summary: "Changed src/numbers.js and src/other.js. `npm run lint` passes. `node missing.js` succeeded. I ran `npm test`. All tests pass.",
      evidence: [{ criterion: "C1", claim: 'package.json says "node --test --strict".' }],
      deliverables: ["docs/numbers.md"],
    };
    const { findings, passed, bench } = await inspected(folder(), { work: [runs("node missing.js")], says, guard: "npm test" });
    assert.deepEqual(findings.map(({ kind, weight, text }) => [kind, weight, text.replace(/exit \d+.*/, "exit …")]), [
      ["falseClaim", "note", "The self-evaluation says that src/other.js was changed, and it is as it was."],
      ["falseClaim", "note", "The self-evaluation calls `npm run lint` green, and it was not run."],
      ["falseClaim", "note", "The self-evaluation calls `node missing.js` green, and its last run ended otherwise: exit …"],
      ["falseClaim", "note", 'The self-evaluation quotes "node --test --strict" from package.json, and it does not stand there.'],
      ["falseClaim", "note", "The self-evaluation lists docs/numbers.md as a deliverable, which is not there."],
    ]);
    assert.equal(passed, true, "they are the evaluator's to weigh");
    const { request } = await bench.view();
    const read = (file: string): string => bench.repo.read(`.countersign/plans/${request.id}/${file}`);
    assert.match(read("self-eval.md"), /## Verification\n\n.*\n\n- The self-evaluation says that src\/other\.js was changed/);
    assert.match(read("qa-report.md"), /calls `npm run lint` green, and it was not run/);
  });

  it("are held against red checks", async () => {
    const { findings, passed } = await inspected(folder(), { work: [writes("src/numbers.js", "exports.two = () => 2;\n")], says: { summary: "All tests pass, and all checks are green." } });
    assert.deepEqual(findings.map(({ text }) => text), [
      'The self-evaluation says "All tests pass", and check K2 is red: exit code 1, expected 0.',
      'The self-evaluation says "all checks are green", and check K2 is red: exit code 1, expected 0.',
    ]);
    assert.equal(passed, false);
  });

  it("hold where the record says the same", async () => {
    const says = { summary: "Changed src/numbers.js. `npm test` passes, and `node -e 0` exits 0.", evidence: [{ criterion: "C1", claim: 'src/numbers.js contains "exports.two = () => 2".' }], deliverables: ["src/numbers.js"] };
    const { findings } = await inspected(folder(), { work: [runs("node -e 0")], says, guard: "npm test" });
    assert.deepEqual(findings, []);
  });
});

describe("links and submodules of an attempt", () => {
  const folder = tempFolder();

  it("fails an attempt for each link that leads out, and says where to", async () => {
    const { findings, passed } = await inspected(folder(), { work: [runs("ln -s /etc/hostname name; mkdir deep; ln -s ../../x deep/x; ln -s src/other.js inside")] });
    assert.deepEqual(
      findings.filter(({ kind }) => kind === "wayOut"),
      [
        { kind: "wayOut", weight: "fails", check: null, path: "deep/x", text: "The symbolic link `deep/x` leads out of the repository, to `../../x`." },
        { kind: "wayOut", weight: "fails", check: null, path: "name", text: "The symbolic link `name` leads out of the repository, to `/etc/hostname`." },
      ],
    );
    assert.equal(passed, false);
  });

  it("takes files of a repository that an agent made for files, never for a submodule", async () => {
    const nest = "git init -q sub && cd sub && echo x > x && git -c user.name=a -c user.email=a@b add . && git -c user.name=a -c user.email=a@b commit -qm sub && cd .. && git add sub; printf '[submodule \"sub\"]\\n\\tpath = sub\\n\\turl = ./sub\\n' > .gitmodules";
    const { findings, bench } = await inspected(folder(), { work: [runs(nest)] });
    const [attempt] = (await bench.view()).attempts;
    assert.deepEqual(attempt?.files.map(({ path, kinds }) => [path, kinds]), [[".gitmodules", undefined], ["src/numbers.js", undefined], ["sub/x", undefined]]);
    assert.deepEqual(findings.filter(({ kind }) => kind === "wayOut"), []);
  });

  it("records what lines do not show", async () => {
    const { bench } = await inspected(folder(), { work: [runs("chmod +x src/numbers.js; printf '#!/bin/sh\\n' > tool; chmod +x tool; ln -s tool other")] });
    const [attempt] = (await bench.view()).attempts;
    assert.deepEqual(attempt?.files.map((file) => [file.path, kindNote(file)]), [["other", "symbolic link"], ["src/numbers.js", "made executable"], ["tool", "executable"]]);
  });
});
