// Requests for changes: another round of attempts with the user's words, under the contract as it was frozen.
import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { CountersignError } from "../../src/core/domain/errors";
import type { ReviewComment } from "../../src/core/domain/review";
import { EngineBench } from "../builders/engineBench";
import { aPass, aPassingScript, aScript, answers, calls, runs, writes, WRITE_HELLO, type ScriptBuilder } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const COMMENT: ReviewComment = { path: "greeting.txt", side: "attempt", attempt: 1, line: 1, endLine: 1, quote: "hello", text: "Who is greeted?" };
const NAMED = "hello\nAda\n";

const finding = (criterion: string, met = true): object => ({ criterion, met, evidence: met ? [{ source: "check:K1", quote: "" }] : [], comment: "" });
/** A verdict that judges the contract's criterion and so many requests. */
const passOf = (requests: number): object => aPass(1, { findings: [finding("C1"), ...Array.from({ length: requests }, (_, at) => finding(`user-${at + 1}`))] });

const nameIt = calls(writes("greeting.txt", NAMED));

describe("Harness.requestChanges", function () {
  this.timeout(60_000);
  const folder = tempFolder();
  let bench: EngineBench;
  afterEach(() => bench.close());

  async function inReview(script: ScriptBuilder, files?: Readonly<Record<string, string>>): Promise<void> {
    bench = await EngineBench.inReview(folder(), script, files);
  }

  const request = async (text: string, comments: readonly ReviewComment[] = []): ReturnType<EngineBench["harness"]["requestChanges"]> =>
    bench.harness.requestChanges(await bench.view(), { text, comments });

  it("runs another attempt with the user's words under the same contract, in the same worktree", async () => {
    await inReview(aPassingScript().generator(2, nameIt).evaluator(2, answers(passOf(2))));
    const before = await bench.view();
    const asked = await request("  Greet by name.\n", [COMMENT, { ...COMMENT, text: " \n" }]);
    assert.deepEqual([asked.status, asked.rounds.length, asked.rounds[0]?.afterAttempt], ["queued", 1, 1]);
    assert.deepEqual(asked.rounds[0]?.request, { text: "Greet by name.", comments: [COMMENT] });
    const view = await bench.run("passed");
    assert.deepEqual([view.status, view.attempts.map((a) => [a.attempt, a.decision?.pass])], ["review", [[1, true], [2, true]]]);
    assert.deepEqual([view.contract?.hash, view.base], [before.contract?.hash, before.base]);
    assert.equal(bench.repo.git("log", "--format=%s", "-1", `${view.attempts[1]!.commit!}^`), bench.repo.git("log", "--format=%s", "-1", view.attempts[0]!.commit!));
    const [, told = ""] = bench.firstMessages("generator");
    assert.match(told, /This is attempt 2 of 4\.[^]*# What the user asks for after attempt 1\n[^]*user-1: Greet by name\.\n[^]*user-2: greeting\.txt, line 1 of attempt 1:\n[^]*hello\n<\/commented_code>\n\nWho is greeted\?\n[^]*# Feedback on attempt 1: PASS/);
    const [, judged = ""] = bench.firstMessages("evaluator");
    assert.match(judged, /# What the user asks for after attempt 1\n[^]*user-2: greeting\.txt/);
    assert.match((await bench.site.plans.read(view.request.id, "qa-report.attempt-2.md")) ?? "", /\*\*user-1\*\* Greet by name\./);
    await bench.accept();
    assert.equal(bench.repo.read("greeting.txt"), NAMED);
  });

  it("does not pass what does not honour the request, escalates after the round's attempts, and begins another round", async () => {
    const deaf = [2, 3, 4].reduce((script, n) => script.generator(n, calls(writes("greeting.txt", `hello\n${n}\n`))).evaluator(n), aPassingScript());
    await inReview(deaf.generator(5, nameIt).evaluator(5, answers(passOf(2))));
    await request("Greet by name.");
    const escalated = await bench.run("escalated");
    assert.deepEqual(escalated.attempts.map((a) => a.attempt), [1, 2, 3, 4]);
    assert.deepEqual(escalated.attempts[1]?.decision?.reasons, ["The verdict does not judge user-1."]);
    assert.deepEqual([escalated.detail, escalated.category], ["3 attempts did not pass verification", "YOURS"]);
    const told = bench.firstMessages("generator").at(-1) ?? "";
    assert.match(told, /This is attempt 4 of 4\.[^]*Feedback on attempt 1: PASS[^]*Feedback on attempt 2: FAIL[^]*Feedback on attempt 3: FAIL/);
    const again = await request("The name is Ada.");
    assert.equal(again.category, "PREP");
    const view = await bench.run("passed");
    assert.equal(view.attempts.at(-1)?.attempt, 5);
    const last = bench.firstMessages("generator").at(-1) ?? "";
    assert.match(last, /This is attempt 5 of 7\.[^]*asks for after attempt 1\n[^]*user-1: Greet by name\.[^]*asks for after attempt 4\n\nuser-2: The name is Ada\./);
    assert.match(last, /Feedback on attempt 4: FAIL/);
    assert.doesNotMatch(last, /Feedback on attempt [123]/, "of earlier rounds only what the user looked at");
  });

  it("lets an attempt that passed be taken after a round that failed, and nothing else", async () => {
    const deaf = [2, 3, 4].reduce((script, n) => script.generator(n, calls(writes("greeting.txt", `hello\n${n}\n`))).evaluator(n), aPassingScript());
    await inReview(deaf.generator(5, nameIt).evaluator(5, answers(passOf(2))));
    await request("Greet by name.");
    await bench.run("escalated");
    await assert.rejects(bench.accept(), (error) => CountersignError.is(error, "conflict"));
    await assert.rejects(bench.harness.chooseAttempt(await bench.view(), 3), (error) => CountersignError.is(error, "conflict"));
    const chosen = await bench.harness.chooseAttempt(await bench.view(), 1);
    assert.deepEqual([chosen.status, chosen.chosen, chosen.detail], ["review", 1, ""]);
    const { view } = await bench.accept();
    assert.deepEqual([view.status, bench.repo.read("greeting.txt")], ["accepted", "hello\n"]);
    const { view: undone } = await bench.harness.undoAccept(view);
    assert.deepEqual([undone.status, undone.chosen, bench.repo.has("greeting.txt")], ["review", 1, false]);
    await request("The name is Ada.");
    const next = await bench.run("passed");
    assert.deepEqual([next.chosen, next.attempts.at(-1)?.attempt], [null, 5]);
    await bench.accept();
    assert.equal(bench.repo.read("greeting.txt"), NAMED);
  });

  it("says of an earlier request that it is done once an attempt has passed after it", async () => {
    await inReview(aPassingScript().generator(2, nameIt).evaluator(2, answers(passOf(1))).generator(3, calls(writes("greeting.txt", "hello\nGrace\n"))).evaluator(3, answers(passOf(1))));
    await request("Greet Ada.");
    await bench.run("passed");
    await request("Greet Grace.");
    await bench.run("passed");
    assert.match(bench.firstMessages("generator")[2] ?? "", /asked for after attempt 1\n\nDone in a later attempt[^]*\n\nGreet Ada\.\n[^]*asks for after attempt 2\n[^]*user-1: Greet Grace\./);
  });

  it("keeps what was accepted, and the next accept goes on from there; one undo takes both back", async () => {
    const files = { "story.txt": "one\ntwo\nthree\nfour\nfive\nsix\nseven\n", "other.txt": "other\n" };
    const first = aPassingScript().generator(1, calls(WRITE_HELLO, writes("story.txt", "ONE\ntwo\nthree\nfour\nfive\nsix\nseven\n"), writes("other.txt", "OTHER\n")));
    const second = first.generator(2, calls(writes("story.txt", "First\ntwo\nthree\nfour\nfive\nsix\nSEVEN\n"), writes("other.txt", "other\n"))).evaluator(2, answers(passOf(1)));
    await inReview(second, files);
    await bench.accept(["story.txt", "other.txt"]);
    bench.repo.write("story.txt", "ONE\ntwo\nthree\nMINE\nfive\nsix\nseven\n");
    await request("Write First.");
    await bench.run("passed");
    const { result, view } = await bench.accept();
    assert.deepEqual([view.status, result.conflicts], ["accepted", []]);
    assert.equal(bench.repo.read("story.txt"), "First\ntwo\nthree\nMINE\nfive\nsix\nSEVEN\n");
    assert.equal(bench.repo.read("other.txt"), "other\n", "what attempt 2 took back is taken back here");
    await bench.harness.undoAccept(view);
    assert.equal(bench.repo.read("story.txt"), "one\ntwo\nthree\nMINE\nfive\nsix\nseven\n");
    assert.equal(bench.repo.git("status", "--porcelain"), "M story.txt");
  });

  it("keeps the hunks of an earlier attempt while something else is decided, until all is", async () => {
    const lines = (a: string, b: string, c: string): string => `${a}\n2\n3\n${b}\n5\n6\n${c}\n`;
    const first = aPassingScript().generator(1, calls(WRITE_HELLO, writes("story.txt", lines("A1", "4", "7"))));
    await inReview(first.generator(2, calls(writes("story.txt", lines("A2", "B2", "C2")))).evaluator(2, answers(passOf(1))), { "story.txt": lines("1", "4", "7") });
    await bench.accept(["story.txt"]);
    await request("More.");
    await bench.run("passed");
    const [a, b, c] = (await bench.hunks("story.txt")).map(({ id }) => id);
    await bench.decide("story.txt", { accept: [b!] });
    assert.equal(bench.repo.read("story.txt"), lines("A1", "B2", "7"), "A1 stays while A2 is open");
    await bench.decide("story.txt", { accept: [a!], reject: [c!] });
    assert.equal(bench.repo.read("story.txt"), lines("A2", "B2", "7"));
    await bench.decide("story.txt", { reject: [a!] });
    assert.equal(bench.repo.read("story.txt"), lines("1", "B2", "7"));
  });

  it("restores a worktree that an accept had removed", async () => {
    await inReview(aPassingScript().generator(2, nameIt).evaluator(2, answers(passOf(1))));
    const { view } = await bench.accept();
    await assert.rejects(request("Greet by name."), (error) => CountersignError.is(error, "conflict") && /Undo the accept first/.test(error.message));
    await bench.harness.undoAccept(view);
    assert.ok(!existsSync(view.base!.worktree));
    await request("Greet by name.");
    const { attempts } = await bench.run("passed");
    assert.deepEqual(attempts.at(-1)?.files.map((file) => file.path), ["greeting.txt"]);
  });

  it("asks a single agent again, in another session", async () => {
    const script = aScript().singleAgent(calls(WRITE_HELLO), { text: "Wrote it." });
    bench = await EngineBench.open(folder(), script.singleAgentAgain(2, nameIt, { text: "Named her." }));
    await bench.create({ category: "DISPATCH" });
    const first = await bench.run("passed");
    assert.deepEqual([first.answer, first.attempts.length], ["Wrote it.", 1]);
    await request("Greet by name.");
    const view = await bench.run("passed");
    assert.deepEqual([view.answer, view.attempts.map((a) => a.attempt), view.sessions.length], ["Named her.", [1, 2], 2]);
    assert.match(bench.firstMessages("single_agent")[1] ?? "", /^Greet\n[^]*# What the user asks for after attempt 1\n[^]*user-1: Greet by name\./);
    assert.notEqual(view.sessions[0]?.id, view.sessions[1]?.id);
    await bench.accept();
    assert.equal(bench.repo.read("greeting.txt"), NAMED);
  });

  it("plans anew, with the user's words, where there was no contract yet", async () => {
    const noContract = aScript().planner().negotiator(answers({ nothing: true }), answers({ nothing: true }));
    bench = await EngineBench.open(folder(), noContract);
    await bench.create();
    const escalated = await bench.run("escalated");
    assert.deepEqual([escalated.plan === null, escalated.contract], [false, null]);
    const asked = await request("Test it with grep.");
    assert.deepEqual([asked.plan, asked.rounds[0]?.afterAttempt], [null, 0]);
    await bench.goOnWith(aPassingScript().evaluator(1, answers(passOf(1))));
    const view = await bench.run("passed");
    const planners = view.sessions.filter(({ role }) => role === "planner");
    assert.equal(new Set(planners.map(({ id }) => id)).size, 2);
    for (const role of ["planner", "contract_negotiator"]) assert.match(bench.firstMessages(role)[1] ?? "", /# What the user asks for besides\n[^]*user-1: Test it with grep\./);
    assert.equal(view.attempts.length, 1);
  });

  it("leaves an attempt behind that was stopped, with the work in it", async () => {
    const script = aPassingScript().generator(1, calls(writes("begun.txt", "begun\n")), calls(runs("sleep 60")));
    bench = await EngineBench.open(folder(), script.generator(2, calls(WRITE_HELLO)).evaluator(2, answers(passOf(1))));
    const created = await bench.create();
    const controller = new AbortController();
    const running = bench.harness.run(created, controller.signal);
    while (!(await bench.events()).some((event) => event.kind === "toolCalled" && event.tool === "run_command")) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    assert.equal((await running).end, "cancelled");
    await request("Just write it.");
    const view = await bench.run("passed");
    assert.deepEqual(view.attempts.map((a) => [a.attempt, a.commit === null]), [[1, true], [2, false]]);
    assert.deepEqual(view.attempts.at(-1)?.files.map((file) => file.path), ["begun.txt", "greeting.txt"]);
  });
});
