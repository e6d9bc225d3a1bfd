// The bundled sample, as the first user of the product meets it: run, looked at, accepted in parts, accepted whole.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Bench, ensureBuilt, type Ended, type Shown } from "../builders/cliRun";
import { digestOf } from "../builders/gitDigest";
import { Repo } from "../builders/repoBuilder";
import { tempFolder } from "../builders/tempFolder";

const CHANGED = ["README.md", "src/commands/fibonacci.js", "src/registry.js", "test/fibonacci.test.js"];

interface CostLine {
  readonly name: string;
  readonly calls: number;
  readonly usage: Readonly<Record<string, number>>;
  readonly cost: { readonly usd: number; readonly unpricedCalls: number };
}
type CostReport = Readonly<Record<"byTask" | "byDay" | "byPhase" | "byRole" | "byModel", readonly CostLine[]>> & { readonly total: CostLine };

describe("countersign sample", function () {
  this.timeout(120_000);
  const folder = tempFolder();

  before(ensureBuilt);

  it("fails QA on a red check, passes on the second attempt, and all its commands agree about it", async () => {
    const repo = path.join(folder(), "tally");
    const bench = new Bench(folder(), undefined, new Repo(path.join(folder(), "elsewhere")));
    const ended = await bench.run(["sample", "--keep", repo], { cwd: folder() });
    assert.equal(ended.code, 0, ended.err + ended.out);
    assert.equal(ended.err, "");
    const there = new Bench(folder(), undefined, new Repo(repo));
    const before = digestOf(path.join(repo, ".git"));
    tellsProgress(ended, repo);
    const shown = await there.shown();
    showsEverything(shown, repo);
    wroteHandoffs(there);
    await addsUp(there, shown);
    await reviews(there, shown, before);
  });
});

function tellsProgress({ out }: Ended, repo: string): void {
  const inOrder = [
    `A copy of the sample repository is in ${repo}.`,
    "PREP → multi_agent",
    "▸ planning",
    "planner · claude-opus-5-5",
    "· read_file README.md · 58 lines",
    "▸ contract",
    "✘ green K5",
    "contract refused, round 1:",
    "contract frozen · 7 criteria, 12 checks",
    "▸ implementation attempt 1",
    "▸ verification attempt 1",
    "✔ green K1",
    "✘ red   K3",
    "evaluator: FAIL, score 62.",
    "✘ QA failed, score 62",
    "- Check K3 (C2) is red: the output does not match",
    "▸ implementation attempt 2",
    "▸ verification attempt 2",
    "✔ green K3",
    "✔ QA passed, score 96",
    "✔ Passed after 2 attempts, ready for your review",
    "Handoff files in ",
    "  4 files, +72 −2",
    "Cost $0.",
    "Next",
  ];
  let at = 0;
  for (const text of inOrder) {
    const found = out.indexOf(text, at);
    assert.ok(found >= 0, `"${text}" is missing or comes too early:\n${out}`);
    at = found;
  }
  assert.match(out, /turn \d+ · [\d.]+k? in · \d+ out · \$0\.\d{4}/);
  assert.doesNotMatch(out, /undefined|NaN|\[object/);
  assert.ok(!out.includes("\u001b"), "no colour where there is no terminal");
}

function showsEverything(shown: Shown, repo: string): void {
  const { status, category, type, phase, detail, branch, attempts, files, handoffs } = shown;
  assert.deepEqual({ status, category, type, phase, detail }, { status: "review", category: "PREP", type: "multi_agent", phase: null, detail: "" });
  assert.equal(branch, `countersign/${shown.id}`);
  assert.equal(shown.planFolder, path.join(repo, ".countersign/plans", shown.id));
  assert.ok(existsSync(shown.worktree) && shown.worktreeBytes > 10_000);
  assert.ok(!shown.worktree.startsWith(repo), "the worktree must not lie in the user's repository");
  assert.deepEqual(attempts.map(({ attempt, score, verdict, passed }) => ({ attempt, score, verdict, passed })), [
    { attempt: 1, score: 62, verdict: "FAIL", passed: false },
    { attempt: 2, score: 96, verdict: "PASS", passed: true },
  ]);
  const [first, second] = attempts;
  assert.deepEqual(first?.checks.filter(({ green }) => !green).map(({ id }) => id), ["K3", "K4", "K12"]);
  assert.equal(first?.checks.length, 12);
  assert.ok(second?.checks.every(({ green, reason }) => green && reason === ""));
  assert.deepEqual(second?.reasons, []);
  assert.deepEqual(files.map((file) => file.path), CHANGED);
  assert.deepEqual([...handoffs].toSorted(), ["execution-log.md", "plan.md", "qa-report.attempt-1.md", "qa-report.attempt-2.md", "qa-report.md", "self-eval.md"]);
}

function wroteHandoffs(bench: Bench): void {
  const contains = (file: string, ...texts: readonly (string | RegExp)[]): void => {
    const text = bench.handoff(file);
    for (const wanted of texts) assert.ok(typeof wanted === "string" ? text.includes(wanted) : wanted.test(text), `${file} lacks ${String(wanted)}`);
  };
  contains("plan.md", "# Plan: Add a fibonacci command to tally", /^- \[ \] Write src\/commands\/fibonacci\.js/m, "## Sprint Contract", "```yaml", "prints /^2880067194370816120$/");
  contains("execution-log.md", "## Attempt 1", "## Attempt 2", "write_file", "The cause is plain: doubles.");
  contains("self-eval.md", /attempt 2/i, /confidence/i);
  contains("qa-report.attempt-1.md", "FAIL", "62", "K3");
  contains("qa-report.attempt-2.md", "PASS", "96");
  assert.equal(bench.handoff("qa-report.md"), bench.handoff("qa-report.attempt-2.md"));
  contains("verification/attempt-1/K3.log", "2880067194370816000");
  contains("verification/attempt-2/K3.log", /^2880067194370816120$/m);
  contains("plan.md", /K12: `node --test acceptance-b41e\/fibonacci\.test\.js`, sealed, with C1, C4/);
  contains("sealed/acceptance-b41e/fibonacci.test.js", "// Uses the command as people do");
  contains("verification/attempt-1/K12.log", "F(79) is not F(77) + F(78)");
  const checks = JSON.parse(bench.handoff("verification/attempt-1/checks.json")) as readonly { readonly checkId: string; readonly exitCode: number; readonly durationMs: number }[];
  assert.ok(checks.every(({ durationMs }) => durationMs >= 0));
  assert.equal(checks.find(({ checkId }) => checkId === "K5")?.exitCode, 2);
  const sessions = bench.event("sessionStarted")["session"];
  contains(`sessions/${String(sessions)}.ndjson`, '"role":"evaluator"');
}

/** Cost and tokens are the same sums wherever they are told. */
async function addsUp(bench: Bench, shown: Shown): Promise<void> {
  const turns = bench.events().filter(({ kind }) => kind === "turnCompleted");
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);
  const usd = sum(turns.map((turn) => turn["usd"] as number));
  assert.ok(usd > 0.01);
  near(shown.cost.usd, usd);
  near(sum(shown.sessions.map(({ cost }) => cost.usd)), usd);
  for (const args of [["daily"], ["weekly"], ["task", shown.id]]) {
    const report = await bench.json<CostReport>("cost", ...args);
    near(report.total.cost.usd, usd);
    assert.equal(report.total.calls, turns.length);
    assert.deepEqual(report.total.usage, shown.usage);
    for (const part of ["byTask", "byDay", "byPhase", "byRole", "byModel"] as const) {
      near(sum(report[part].map(({ cost }) => cost.usd)), usd);
      assert.equal(sum(report[part].map(({ calls }) => calls)), turns.length, part);
      assert.equal(sum(report[part].map(({ usage }) => usage["cacheRead"] ?? 0)), shown.usage["cacheRead"], part);
    }
  }
  const [daily, tasks, text] = await Promise.all([bench.run(["cost"]), bench.run(["tasks"]), bench.run(["show", shown.id])]);
  const dollars = `$${usd.toFixed(2)}`;
  assert.ok(daily.out.includes(`total: ${dollars} · ${turns.length} calls`), daily.out);
  assert.match(tasks.out, new RegExp(`^${shown.id}  review  PREP +multi_agent +2 +\\${dollars} +\\d+ kB`, "m"));
  assert.match(text.out, /attempt 1: FAIL, score 62 · 9\/12 checks green[^]*attempt 2: PASS, score 96 · 12\/12 checks green[^]*## Sprint Contract/);
  assert.ok(text.out.includes(`cost ${dollars}`));
}

async function reviews(bench: Bench, shown: Shown, before: ReturnType<typeof digestOf>): Promise<void> {
  const { repo } = bench;
  const diff = await bench.run(["diff", shown.id]);
  assert.deepEqual([...diff.out.matchAll(/^diff --git a\/(\S+)/gm)].map(([, file]) => file), CHANGED);
  const first = await bench.run(["diff", shown.id, "--attempt", "1"]);
  assert.notEqual(first.out, diff.out);
  const patch = path.join(bench.folder, "the.patch");
  assert.equal(spawnSync("sh", ["-c", `cat > '${patch}' && git -C '${repo.dir}' apply --check '${patch}'`], { input: diff.out }).status, 0, "the diff applies");
  const part = await bench.run(["accept", shown.id, "README.md", "src/registry.js"]);
  assert.equal(part.code, 0, part.err);
  assert.match(part.out, /✔ README\.md\n[^]*✔ src\/registry\.js\n[^]*More files wait: node .* accept add-a-fib/);
  assert.deepEqual(repo.git("--no-optional-locks", "status", "--porcelain").split("\n").map((line) => line.trim()), ["M README.md", "M src/registry.js"]);
  assert.equal((await bench.shown()).status, "review");
  const rest = await bench.run(["accept", shown.id]);
  assert.equal(rest.code, 0, rest.err);
  assert.match(rest.out, /The task is accepted and its worktree removed\. Commit when you are ready\./);
  const accepted = await bench.shown();
  assert.equal(accepted.status, "accepted");
  assert.ok(!existsSync(shown.worktree));
  assert.equal(repo.read("src/commands/fibonacci.js"), repo.git("show", `${shown.branch}:src/commands/fibonacci.js`) + "\n");
  assert.deepEqual(digestOf(path.join(repo.dir, ".git")), before);
  const used = spawnSync(process.execPath, ["bin/tally.js", "fibonacci", "90"], { cwd: repo.dir, encoding: "utf8" });
  assert.equal(used.stdout, "2880067194370816120\n");
  assert.ok(readFileSync(path.join(repo.dir, "README.md"), "utf8").includes("tally fibonacci N"));
}
