import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { contractIn } from "../../src/core/domain/contractYaml";
import { headingsIn, oneLine } from "../../src/core/domain/markdown";
import { itemsOfEach } from "../../src/core/domain/review";
import { ExecutionLog } from "../../src/core/handoff/executionLog";
import { printFailureReport } from "../../src/core/handoff/failureReportFile";
import { printPlan, stepsIn, withContract } from "../../src/core/handoff/planFile";
import { printQaReport } from "../../src/core/handoff/qaReportFile";
import { printSelfEvaluation } from "../../src/core/handoff/selfEvalFile";
import { FULL_CONTRACT, contracts, nastyText } from "../builders/contractBuilder";
import { CUT_SHORT_ATTEMPT, FAILED_ATTEMPT, PASSED_ATTEMPT, PASSED_VERDICT, PLAN, REQUEST, SELF_EVALUATION } from "../builders/fibonacciTask";
import { GoldenFolder } from "../builders/goldenFile";
import { A_BASE, aView, anAttempt } from "../builders/viewBuilder";
import { call } from "../fakes/fakeModel";
import { MemoryPlanFolder } from "../fakes/memoryPlanFolder";

const golden = new GoldenFolder("handoff");
const failedView = aView({
  request: REQUEST,
  base: A_BASE,
  plan: PLAN,
  contract: { hash: "5f2c", contract: FULL_CONTRACT },
  attempts: [FAILED_ATTEMPT, CUT_SHORT_ATTEMPT, { ...FAILED_ATTEMPT, attempt: 3, startedAt: "2026-01-05T10:00:00.000Z", score: 70 }],
  cost: { usd: 2.345, unpricedCalls: 0 },
});

describe("handoff files", () => {
  after(() => golden.hasNoOthers());

  it("plan.md before the contract", () => golden.matches("plan.md", printPlan(PLAN, REQUEST)));
  it("plan.md with the contract", () => golden.matches("plan.contract.md", withContract(printPlan(PLAN, REQUEST), FULL_CONTRACT)));
  it("self-eval.md", () => golden.matches("self-eval.md", printSelfEvaluation(SELF_EVALUATION, 1)));
  it("qa-report.md of a failed attempt", () => golden.matches("qa-report.fail.md", printQaReport(FAILED_ATTEMPT, FULL_CONTRACT, [])));
  it("qa-report.md of an attempt that was cut short", () => golden.matches("qa-report.cutShort.md", printQaReport(CUT_SHORT_ATTEMPT, FULL_CONTRACT, [])));
  it("qa-report.md of a passed attempt", () => golden.matches("qa-report.pass.md", printQaReport(PASSED_ATTEMPT, FULL_CONTRACT, [])));
  it("qc-failure-report.md", () => golden.matches("qc-failure-report.md", printFailureReport(failedView, "3 attempts did not pass verification")));
  it("qc-failure-report.md without an attempt", () => {
    const view = aView({ request: REQUEST, base: A_BASE });
    golden.matches("qc-failure-report.planning.md", printFailureReport(view, "planning did not finish: the phase reached its time limit"));
  });
});

describe("plan.md", () => {
  const wild = fc.array(nastyText, { minLength: 9, maxLength: 9 }).map(([title, state, summary, tradeoffs, rationale, criterion, command, risk, description]) => ({
    plan: {
      ...PLAN,
      title: title ?? "",
      currentState: state ?? "",
      approaches: [{ name: PLAN.chosen, summary: summary ?? "", tradeoffs: tradeoffs ?? "" }],
      rationale: rationale ?? "",
      acceptanceCriteria: [criterion ?? ""],
      verificationCommands: [command ?? ""],
      risks: [risk ?? ""],
    },
    request: { ...REQUEST, description: description ?? "" },
  }));

  it("keeps its own headings alone at their level, whatever the planner wrote", () => {
    const own = headingsIn(printPlan(PLAN, REQUEST).split("\n")).filter(({ level }) => level < 3).slice(1);
    fc.assert(
      fc.property(wild, ({ plan, request }) => {
        const [top, ...rest] = headingsIn(printPlan(plan, request).split("\n")).filter(({ level }) => level < 3);
        assert.match(top?.title ?? "", /^Plan:/);
        assert.deepEqual(rest.map(({ title }) => title), own.map(({ title }) => title));
      }),
    );
  });

  it("gives back the steps and the contract that were written, whatever stands around them", () => {
    fc.assert(
      fc.property(wild, fc.array(nastyText, { minLength: 1, maxLength: 3 }), contracts, ({ plan, request }, steps, contract) => {
        const kept = steps.filter((step) => oneLine(step) !== "");
        const file = withContract(printPlan({ ...plan, steps: kept }, request), contract);
        assert.deepEqual(stepsIn(file), kept.length === 0 ? null : kept.map(oneLine));
        const read = contractIn(file);
        assert.ok(read.ok, read.ok ? "" : read.problems.join());
        assert.deepEqual(read.value, contract);
      }),
      { numRuns: 100 },
    );
  });

  it("takes the steps as a person left them: ticked, starred, added, in CRLF", () => {
    const file = printPlan(PLAN, REQUEST).replace("- [ ] Add it to src/registry.js", "* [x] Register it\r\n  - [X] and sort the list");
    assert.deepEqual(stepsIn(file.replace(/\r?\n/g, "\r\n")), [PLAN.steps[0], "Register it", "and sort the list", PLAN.steps[2], PLAN.steps[3]]);
    assert.equal(stepsIn("# Plan\n\n- [ ] a\n"), null);
    assert.equal(stepsIn("## Steps\n\nNone.\n\n## Risks\n\n- [ ] a\n"), null);
  });

  it("keeps what a person wrote around the contract when it is written again", () => {
    const first = withContract(`${printPlan(PLAN, REQUEST)}\n## My notes\n\nBefore.\n`, FULL_CONTRACT);
    const edited = `${first}\n## More notes\n\nAfter.\n`;
    const second = withContract(edited, { ...FULL_CONTRACT, commitments: ["another"] });
    assert.match(second, /## My notes\n\nBefore\.\n[^]*## Sprint Contract\n[^]*- another\n[^]*## More notes\n\nAfter\.\n$/);
    assert.equal(second.match(/## Sprint Contract/g)?.length, 1);
    assert.equal(withContract(second, { ...FULL_CONTRACT, commitments: ["another"] }), second, "written again it stays the same");
  });
});

describe("qa-report.md", () => {
  it("judges what the user asked for under its own words", () => {
    const requests = itemsOfEach([{ text: "Name it\nfib.", comments: [] }]).flat();
    const verdict = { ...PASSED_VERDICT, findings: [{ criterion: "user-1", met: true, evidence: [], comment: "" }, { criterion: "user-2", met: true, evidence: [], comment: "" }] };
    const report = printQaReport(anAttempt({ verdict }), FULL_CONTRACT, requests);
    assert.match(report, /^- ✅ \*\*user-1\*\* Name it fib\.$/m);
    assert.match(report, /^- ✅ \*\*user-2\*\* not in the contract$/m);
  });

  it("has one row a check, whatever its command and reason hold", () => {
    fc.assert(
      fc.property(contracts, nastyText, (contract, reason) => {
        fc.pre(contract.checks.length > 0);
        const checks = contract.checks.map((check) => ({ ...FAILED_ATTEMPT.checks[0]!, checkId: check.id, green: false, reason, outputExcerpt: reason }));
        const lines = printQaReport(anAttempt({ checks, decision: { pass: false, reasons: [reason] } }), contract, []).split("\n");
        const rule = lines.indexOf("| --- | --- | --- | --- | --- | --- | --- |");
        const rows = lines.slice(rule + 1, lines.indexOf("", rule));
        assert.equal(rows.length, contract.checks.length);
        for (const row of rows) assert.equal(row.replaceAll(/\\[^]/g, "").split("|").length, 9, row);
      }),
    );
  });
});

describe("ExecutionLog", () => {
  async function logged(write: (log: ExecutionLog) => void): Promise<string> {
    const plans = new MemoryPlanFolder();
    const log = new ExecutionLog(plans, REQUEST.id, () => Date.UTC(2026, 0, 5, 9, 0, 1));
    write(log);
    await log.flush();
    await log.flush();
    return (await plans.read(REQUEST.id, "execution-log.md")) ?? "";
  }

  it("writes what was said and done, one line each", async () => {
    const text = await logged((log) => {
      log.heading("Attempt 1");
      log.said("I look at\nthe parser.");
      log.called(call("a", "read_file"), "src/parse.js 1–60", { ok: true, text: "…", summary: "60 lines" });
      log.called(call("b", "run_command"), "npm test", { ok: false, text: "…", summary: "exit 1" });
    });
    assert.equal(text, "\n## Attempt 1\n\n- 2026-01-05T09:00:01Z I look at the parser.\n- 2026-01-05T09:00:01Z `read_file` src/parse.js 1–60: 60 lines\n- 2026-01-05T09:00:01Z `run_command` npm test: ✗ exit 1\n");
  });

  it("is on disk as soon as something was changed, so that a crash loses reads at the most", async () => {
    const plans = new MemoryPlanFolder();
    const log = new ExecutionLog(plans, REQUEST.id, () => 0);
    const outcome = { ok: true, text: "", summary: "ok" };
    const written = async (): Promise<readonly string[]> => {
      await new Promise(setImmediate);
      return ((await plans.read(REQUEST.id, "execution-log.md")) ?? "").match(/(?<=`)\w+(?=`)/g) ?? [];
    };
    log.called(call("a", "read_file"), "a", outcome);
    assert.deepEqual(await written(), []);
    log.called(call("b", "edit_file"), "b", outcome);
    log.called(call("c", "run_command"), "c", outcome);
    log.called(call("d", "search"), "d", outcome);
    assert.deepEqual((await written()).slice(0, 3), ["read_file", "edit_file", "run_command"]);
    await log.flush();
    assert.deepEqual(await written(), ["read_file", "edit_file", "run_command", "search"]);
  });

  it("reports a disk that is full when it is flushed", async () => {
    const plans = new MemoryPlanFolder();
    plans.append = () => Promise.reject(new Error("disk full"));
    const log = new ExecutionLog(plans, REQUEST.id, () => 0);
    log.called(call("b", "edit_file"), "b", { ok: true, text: "", summary: "ok" });
    await new Promise(setImmediate);
    await assert.rejects(log.flush(), /disk full/);
  });

  it("leaves the last message out, which has a file of its own", async () => {
    const text = await logged((log) => {
      log.said('{"summary": "done"}');
      log.said('```json\n{"summary": "done"}\n```');
      log.said(" \n");
    });
    assert.equal(text, "");
  });
});
