// Limits and nonsense: whatever a model does or fails to do, the run ends cleanly, says why, and keeps the work.
import { strict as assert } from "node:assert";
import { Bench, ensureBuilt, type Shown } from "../builders/cliRun";
import { aContractOf, aFail, answers, aPass, aPassingScript, aPlan, aScript, calls, HELLO, reads, runs, writes, WRITE_HELLO, type ScriptBuilder } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const SLOW = 60_000;

describe("limits of a run", function () {
  this.timeout(30_000);
  before(ensureBuilt);
  const folder = tempFolder();

  async function playOnce(bench: Bench, script: ScriptBuilder, code: number): Promise<Shown> {
    const ended = await bench.play(script, ["--retries", "0"]);
    assert.equal(ended.code, code, ended.out + ended.err);
    return bench.shown();
  }

  it("ends a planner at its time limit", async () => {
    const bench = new Bench(folder());
    bench.settings({ phaseLimits: { planning: 1 } });
    const shown = await playOnce(bench, aPassingScript().planner({ ...answers(aPlan()), delayMs: SLOW }), 2);
    assert.match(shown.detail, /planning did not finish: the phase reached its time limit/);
    assert.deepEqual(shown.sessions.map(({ outcome }) => outcome), ["timedOut"]);
  });

  it("ends a generator and its command at the time limit, commits what there is, and tries again", async () => {
    const bench = new Bench(folder());
    bench.settings({ phaseLimits: { implementation: 1 }, maxRetries: 1 });
    const script = aPassingScript()
      .generator(1, calls(writes("half.txt", "half\n")), calls(runs("sleep 300")))
      .generator(2, calls(WRITE_HELLO))
      .evaluator(2);
    const ended = await bench.play(script);
    assert.equal(ended.code, 0, ended.out);
    const { attempts } = await bench.shown();
    const [first] = attempts;
    assert.equal(first?.cutShort?.outcome, "timedOut");
    assert.deepEqual(first?.reasons, ["The attempt ended before it was done: the phase reached its time limit."]);
    assert.deepEqual(first?.files.map((file) => file.path), ["half.txt"]);
    assert.deepEqual(first?.checks, [], "an attempt that was cut short is not checked");
    assert.deepEqual(attempts[1]?.files.map((file) => file.path), ["greeting.txt", "half.txt"]);
    assert.match(ended.out, /attempt 1 ended early: the phase reached its time limit/);
  });

  it("does not let slow checks use up the negotiator's and the evaluator's time", async () => {
    const bench = new Bench(folder());
    bench.settings({ phaseLimits: { contract: 1, verification: 1 } });
    const script = aPassingScript().negotiator(answers(aContractOf([`sh -c 'sleep 1.2; ${HELLO}'`])));
    await playOnce(bench, script, 0);
  });

  it("ends a generator at its tool-call limit, and each of the other roles at theirs", async () => {
    const bench = new Bench(folder());
    const many = Array.from({ length: 6 }, () => calls(reads("README.md")));
    const generator = aPassingScript().planner(answers(aPlan({ estimatedToolCalls: 2 }))).generator(1, calls(WRITE_HELLO), ...many);
    const cut = (await playOnce(bench, generator, 2)).attempts[0];
    assert.equal(cut?.cutShort?.outcome, "outOfToolCalls");
    assert.match(cut?.cutShort?.detail ?? "", /reached its limit of 3 tool calls/);
    assert.deepEqual(cut?.files.map((file) => file.path), ["greeting.txt"]);
    bench.settings({ toolCalls: 2 });
    const planner = await playOnce(bench, aPassingScript().planner(...many, answers(aPlan())), 2);
    assert.match(planner.detail, /planning did not finish: the session reached its limit of 2 tool calls/);
    const evaluator = await playOnce(bench, aPassingScript().evaluator(1, ...many, answers(aPass())), 2);
    assert.deepEqual(evaluator.attempts[0]?.reasons[0], "No verdict: the session reached its limit of 2 tool calls.");
  });
});

describe("a model that makes no sense", function () {
  this.timeout(30_000);
  before(ensureBuilt);
  const folder = tempFolder();

  async function ends(script: ScriptBuilder): Promise<Shown> {
    const bench = new Bench(folder());
    const ended = await bench.play(script, ["--retries", "0"]);
    assert.equal(ended.code, 2, ended.out + ended.err);
    return bench.shown();
  }

  const prose = { text: "Sure! Here is what I would do." };

  it("is asked once more for the right shape, and not twice", async () => {
    const twice = await ends(aPassingScript().planner(prose, prose));
    assert.match(twice.detail, /planning did not finish: the model's answer has the wrong shape: the message is not one JSON object and nothing else/);
    const bench = new Bench(`${folder()}/second`);
    const ended = await bench.play(aPassingScript().planner(prose, answers({ title: "x" })));
    assert.equal(ended.code, 2);
    assert.match((await bench.shown()).detail, /wrong shape: currentState: /);
    const repaired = await bench.play(aPassingScript().planner(prose, { text: `\`\`\`json\n${JSON.stringify(aPlan())}\n\`\`\`` }).negotiator(prose, answers(aContractOf([HELLO]))));
    assert.equal(repaired.code, 0, repaired.out);
  });

  it("ends its session when it refuses", async () => {
    const planner = await ends(aPassingScript().planner({ text: "I will not.", stop: "refusal" }));
    assert.match(planner.detail, /planning did not finish: the model refused: I will not/);
    const bench = new Bench(`${folder()}/second`);
    const ended = await bench.play(aPassingScript().generator(1, { text: "No.", stop: "refusal" }).generator(2, calls(WRITE_HELLO)).evaluator(2));
    assert.equal(ended.code, 0, ended.out);
    assert.equal((await bench.shown()).attempts[0]?.cutShort?.outcome, "refused");
  });

  it("is told to be shorter when its answer is cut, three times at most", async () => {
    const cut = { text: '{"title": "x', stop: "maxTokens" } as const;
    const bench = new Bench(`${folder()}/first`);
    assert.equal((await bench.play(aPassingScript().planner(cut, cut, answers(aPlan())))).code, 0);
    const shown = await ends(aPassingScript().planner(cut, cut, cut, answers(aPlan())));
    assert.match(shown.detail, /passed its output limit of 16000 tokens 3 times/);
  });

  it("gets an answer to every call it makes up or garbles", async () => {
    const bench = new Bench(folder());
    const odd = calls({ name: "delete_everything", input: {} }, { name: "write_file", input: { wrong: 1 } }, { name: "edit_file", malformed: '{"path": "gre' }, reads("../../etc/passwd"), WRITE_HELLO);
    const ended = await bench.play(aPassingScript().generator(1, odd));
    assert.equal(ended.code, 0, ended.out);
    const results = bench.events().filter(({ kind }) => kind === "toolFinished").map(({ tool, ok }) => `${String(tool)} ${String(ok)}`);
    assert.deepEqual(results.toSorted(), ["delete_everything false", "edit_file false", "read_file false", "write_file false", "write_file true"]);
  });

  it("may answer in plain text as a single agent, but not with nothing", async () => {
    const bench = new Bench(folder());
    const silent = aScript().singleAgent(calls(WRITE_HELLO), { text: "" }, { text: "Done: **greeting.txt**." });
    assert.equal((await bench.play(silent, ["--category", "DISPATCH"])).code, 0);
    assert.equal((await bench.shown()).answer, "Done: **greeting.txt**.");
    const mute = await bench.play(aScript().singleAgent(calls(WRITE_HELLO), { text: " " }, { text: " " }), ["--category", "DISPATCH"]);
    assert.equal(mute.code, 2, mute.out);
    const shown = await bench.shown();
    assert.match(shown.detail, /the message has no text/);
    assert.equal(bench.repo.git("show", `${shown.branch}:greeting.txt`), "hello");
  });
});

describe("an evaluator that cannot be trusted", function () {
  this.timeout(30_000);
  before(ensureBuilt);
  const folder = tempFolder();

  const lying = (quote: string, source = "file:greeting.txt"): object =>
    aPass(1, { findings: [{ criterion: "C1", met: true, evidence: [{ source, quote }], comment: "" }] });

  it("gets a false quote back once, and may correct it", async () => {
    const bench = new Bench(folder());
    const ended = await bench.play(aPassingScript().evaluator(1, answers(lying("good day")), answers(lying("hello"))));
    assert.equal(ended.code, 0, ended.out);
    const talk = bench.handoff(`sessions/${String(bench.event("sessionStarted")["session"])}.ndjson`);
    assert.match(talk, /Evidence in your verdict does not hold:[^\n]*good day[^\n]* is not in file:greeting\.txt/);
  });

  it("fails the attempt with a false quote that it repeats, however well it speaks of it", async () => {
    const bench = new Bench(folder());
    const ended = await bench.play(aPassingScript().evaluator(1, answers(lying("good day")), answers(lying("exit 0", "check:K1"))), ["--retries", "0"]);
    assert.equal(ended.code, 2);
    assert.deepEqual((await bench.shown()).attempts[0]?.reasons, ['C1: the quote "exit 0" is not in check:K1.']);
  });

  it("cannot pass a red check, a low score or an open issue", async () => {
    const bench = new Bench(folder());
    const wrong = aPassingScript().generator(1, calls(writes("greeting.txt", "hullo\n")));
    assert.equal((await bench.play(wrong, ["--retries", "0"])).code, 2);
    assert.deepEqual((await bench.shown()).attempts[0]?.reasons, ["Check K1 (C1) is red: exit code 1, expected 0."]);
    const doubtful = aPassingScript().evaluator(1, answers(aPass(1, { score: 79, issues: ["It is rude."] })));
    assert.equal((await bench.play(doubtful, ["--retries", "0"])).code, 2);
    assert.deepEqual((await bench.shown()).attempts[0]?.reasons, ["The score 79 is below 80.", "The evaluator lists 1 open issue."]);
    bench.settings({ passScore: 75 });
    assert.equal((await bench.play(aPassingScript().evaluator(1, answers(aPass(1, { score: 79 }))))).code, 0);
  });

  it("fails good work that it calls FAIL: both signatures are needed", async () => {
    const bench = new Bench(folder());
    const ended = await bench.play(aPassingScript().evaluator(1, answers(aFail())), ["--retries", "0"]);
    assert.equal(ended.code, 2);
    const [attempt] = (await bench.shown()).attempts;
    assert.ok(attempt?.checks.every(({ green }) => green));
    assert.equal(attempt?.reasons[0], "The evaluator's verdict is FAIL.");
  });
});
