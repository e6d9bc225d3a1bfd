// `--approve-plan`: the plan waits for a person, who may edit it, answer, go away, or come back later.
import { strict as assert } from "node:assert";
import { Bench, ensureBuilt, type RunningCli } from "../builders/cliRun";
import { aPassingScript, calls, HELLO, writes } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const QUESTION = /Approve it\? \[y\/N\] /;

function planPath(bench: Bench): string {
  return `.countersign/plans/${bench.taskId()}/plan.md`;
}

function edit(bench: Bench, from: string | RegExp, to: string): void {
  const text = bench.repo.read(planPath(bench));
  assert.notEqual(text.replace(from, to), text, `nothing to edit at ${String(from)}`);
  bench.repo.write(planPath(bench), text.replace(from, to));
}

function startAsking(bench: Bench, script = aPassingScript()): RunningCli {
  return bench.start(["run", "Greet", "--approve-plan", "--model", bench.model(script)]);
}

/** Waits for the question to be asked once more than `times`. */
async function askedAgain(running: RunningCli, times: number): Promise<void> {
  await running.until(new RegExp(`(?:${QUESTION.source}[^]*){${times + 1}}`));
}

describe("countersign run --approve-plan", function () {
  this.timeout(30_000);
  before(ensureBuilt);
  const folder = tempFolder();

  it("takes over the steps and the contract as a person left them in plan.md", async () => {
    const bench = new Bench(folder());
    const running = startAsking(bench, aPassingScript().generator(1, calls(writes("greeting.txt", "moin\n"))));
    await running.until(QUESTION);
    assert.ok(running.printed.includes(bench.repo.dir), "the plan's path is told");
    assert.ok(!bench.kinds().includes("contractFrozen"));
    edit(bench, "- [ ] Look at it", "- [x] Look at it twice\n- [ ] Write in Low German");
    edit(bench, `run: ${HELLO}`, "run: grep -qx moin greeting.txt");
    edit(bench, "## Risks", "## A note of mine\n\nBe kind.\n\n## Risks");
    running.say("y\n");
    const ended = await running.ended;
    assert.equal(ended.code, 0, ended.out + ended.err);
    assert.deepEqual(bench.event("planApproved")["edited"], true);
    const shown = await bench.shown();
    assert.deepEqual(shown.contract?.checks.map((check) => (check as { readonly run: string }).run), ["grep -qx moin greeting.txt"]);
    const steps = (bench.event("planProposed")["plan"] as { readonly steps: readonly string[] }).steps;
    assert.deepEqual(steps, ["Write greeting.txt", "Look at it twice", "Write in Low German"]);
    const generator = bench.events().find((event) => event.kind === "sessionStarted" && event["role"] === "generator");
    const told = bench.handoff(`sessions/${String(generator?.["session"])}.ndjson`);
    for (const text of ["Look at it twice", "Write in Low German", "grep -qx moin"]) assert.ok(told.includes(text), text);
    const plan = bench.repo.read(planPath(bench));
    assert.ok(plan.includes("Be kind.") && plan.includes("- [x] Look at it twice"));
    const contract = plan.slice(plan.indexOf("## Sprint Contract"));
    assert.ok(contract.includes("grep -qx moin") && !contract.includes(HELLO));
  });

  it("waits with 5 after a no, and goes on with resume --approve", async () => {
    const bench = new Bench(folder());
    const running = startAsking(bench);
    await running.until(QUESTION);
    running.say("n\n");
    const ended = await running.ended;
    assert.equal(ended.code, 5);
    assert.match(ended.out, /The plan waits for your approval\n[^]*Next\n {2}read, and edit if you like, .*plan\.md\n {2}node .* resume greet-\w{4} --approve\n/);
    const waiting = await bench.shown();
    assert.deepEqual([waiting.status, waiting.contract], ["awaiting_approval", null]);
    edit(bench, `run: ${HELLO}`, `run: ${HELLO}\n    timeout: 7`);
    const resumed = await bench.run(["resume", "--approve", "--model", bench.model(aPassingScript())]);
    assert.equal(resumed.code, 0, resumed.err);
    const [check] = (await bench.shown()).contract?.checks ?? [];
    assert.equal((check as { readonly timeout: number } | undefined)?.timeout, 7);
    assert.equal(bench.kinds().filter((kind) => kind === "contractFrozen").length, 1);
  });

  it("takes the end of its input for no answer, asked once or twice", async () => {
    const bench = new Bench(folder());
    const silent = await bench.play(aPassingScript(), ["--approve-plan"]);
    assert.equal(silent.code, 5, silent.err);
    const again = await bench.run(["resume", "--model", bench.model(aPassingScript())]);
    assert.equal(again.code, 5, "without --approve it asks again");
    edit(bench, "kind: change", "kind: chance");
    const yesAndGone = await bench.run(["resume", "--model", bench.model(aPassingScript())], { input: "y\n" });
    assert.equal(yesAndGone.code, 5, yesAndGone.err);
    assert.match(yesAndGone.err, /criteria\.0\.kind/);
    assert.equal((await bench.shown()).status, "awaiting_approval");
  });

  it("explains what is wrong with an edit and asks again", async () => {
    const bench = new Bench(folder());
    const running = startAsking(bench);
    await running.until(QUESTION);
    const good = bench.repo.read(planPath(bench));
    const broken: readonly (readonly [from: string | RegExp, to: string, says: RegExp])[] = [
      ["kind: change", "kind: chance", /criteria\.0\.kind/],
      ["criteria:", "criteria: [", /the YAML does not parse/],
      ["## Sprint Contract", "## Contract", /there is no "## Sprint Contract" heading/],
      [`run: ${HELLO}`, "run: test -f README.md", /Check K1 .* is green on the base commit, before any work: it proves nothing/],
      [`run: ${HELLO}`, "run: no-such-program-at-all", /Check K1 .* cannot start/],
      ["criterion: C1", "criterion: C9", /Check K1 names the criterion C9, which is not there/],
    ];
    for (const [index, [from, to, says]] of broken.entries()) {
      bench.repo.write(planPath(bench), good);
      edit(bench, from, to);
      running.say("yes\n");
      await askedAgain(running, index + 1);
      assert.match(running.printed, says);
    }
    bench.repo.write(planPath(bench), good);
    running.say("Y\n");
    const ended = await running.ended;
    assert.equal(ended.code, 0, ended.err);
    assert.equal(bench.event("planApproved")["edited"], false);
  });

  it("does not loop over a broken edit that is approved blindly", async () => {
    const bench = new Bench(folder());
    await bench.play(aPassingScript(), ["--approve-plan"]);
    edit(bench, `run: ${HELLO}`, "run: test -f README.md");
    const blind = await bench.run(["resume", "--approve", "--model", bench.model(aPassingScript())]);
    assert.equal(blind.code, 5);
    assert.match(blind.err, /plan\.md cannot be taken as it is:\n {2}Check K1 .* is green on the base commit/);
    assert.equal((await bench.shown()).status, "awaiting_approval");
  });

  it("is cancelled by Ctrl-C while it waits", async () => {
    const bench = new Bench(folder());
    const running = startAsking(bench);
    await running.until(QUESTION);
    running.kill("SIGINT");
    const ended = await running.ended;
    assert.equal(ended.code, 4, ended.err);
    assert.equal((await bench.shown()).status, "cancelled");
    const resumed = await bench.run(["resume", "--approve", "--model", bench.model(aPassingScript())]);
    assert.equal(resumed.code, 0, resumed.err);
  });
});
