import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { headingsIn } from "../../src/core/domain/markdown";
import { printPlan } from "../../src/core/handoff/planFile";
import { REMOVED, bytesWithoutSecrets, withoutSecrets } from "../../src/core/reports/redaction";
import { printTaskReport } from "../../src/core/reports/taskReport";
import type { EventBody } from "../../src/core/domain/event";
import { nastyText } from "../builders/contractBuilder";
import { FAILED_ATTEMPT, PLAN, REQUEST } from "../builders/fibonacciTask";
import { numbered } from "../builders/eventBuilder";
import { GoldenFolder } from "../builders/goldenFile";
import { recordedRun } from "../builders/recordedRun";
import { sampleView } from "../builders/sampleRun";
import { A_BASE, aView, anAttempt } from "../builders/viewBuilder";

const golden = new GoldenFolder("reports/task");
const recorded = sampleView(recordedRun());
const NOW = { now: "2026-01-05T12:00:00.000Z", version: "0.1.0", hasLogs: false, events: [] };

describe("printTaskReport", () => {
  after(() => golden.hasNoOthers());

  it("tells the recorded sample run from request to cost", () => {
    const view = recorded;
    golden.matches("sample.md", printTaskReport({ view, plan: printPlan(PLAN, view.request), ...NOW }));
  });

  it("tells a single agent's answer, accepted and committed, and that its plan is gone", () => {
    const view = aView({
      request: { ...REQUEST, category: "DISPATCH" },
      category: "DISPATCH",
      type: "single_agent",
      status: "accepted",
      base: A_BASE,
      plan: PLAN,
      answer: "I renamed it.\n\n## Why\n\nIt was wrong.",
      attempts: [anAttempt({ checks: [], selfEvaluation: null })],
      accepted: { applied: ["src/a.ts"], conflicts: ["README.md"], before: "f00" },
      committed: "d00d",
      rounds: [{ afterAttempt: 1, sessions: 1, request: { text: "Shorter.", comments: [{ path: "src/a.ts", side: "attempt", attempt: 1, line: 3, endLine: 3, quote: "x", text: "Why?" }] } }],
    });
    golden.matches("single.md", printTaskReport({ view, plan: null, ...NOW }));
  });

  it("says what there is of a task that was only created", () => golden.matches("created.md", printTaskReport({ view: aView(), plan: null, ...NOW })));

  it("links to logs only where they lie beside it", () => {
    const view = recorded;
    assert.doesNotMatch(printTaskReport({ view, plan: null, ...NOW }), /\]\(verification\//);
    assert.match(printTaskReport({ view, plan: null, ...NOW, hasLogs: true }), /\[log\]\(verification\/attempt-1\/K3\.log\)/);
  });

  it("lists what was decided about commands: how, by whom and when, what was alike once", () => {
    const task = recorded.request.id;
    const decided = { kind: "commandDecided", purpose: "agent", command: "npm test | tee `log`", decision: "allowed", by: "once", reason: "You allowed it once." } as const;
    const bodies: readonly EventBody[] = [
      { kind: "protectionNoted", state: "missing", why: "bubblewrap is not installed.", install: [] },
      decided,
      { ...decided, ask: 2 },
      { ...decided, command: "npm ci", purpose: "setup", by: "setUp", reason: "You allowed it as long as its lock file stays the same." },
      { ...decided, command: "rm -rf /\u202e", decision: "refused", by: "policy", reason: "The entry \"rm\" denies it." },
    ];
    const report = printTaskReport({ view: recorded, plan: null, ...NOW, events: numbered(task, bodies) });
    const [, section = ""] = /## Commands allowed and refused\n\n([^]*?)\n\n## /.exec(report) ?? [];
    assert.deepEqual(section.split("\n"), [
      "There was no sandbox. bubblewrap is not installed.",
      "",
      "| First (UTC) | Times | Command | For | Decision | By | Why |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      "| 2026-01-05 09:00:02 | 2 | `` npm test \\| tee `log` `` | an agent | allowed | the person, once | You allowed it once. |",
      "| 2026-01-05 09:00:04 | 1 | `npm ci` | set-up | allowed | the person, for the lock file | You allowed it as long as its lock file stays the same. |",
      "| 2026-01-05 09:00:05 | 1 | `rm -rf /\\u{202e}` | an agent | refused | the command policy | The entry \"rm\" denies it. |",
    ]);
    assert.doesNotMatch(printTaskReport({ view: recorded, plan: null, ...NOW }), /Commands allowed/);
  });

  it("keeps its own sections alone at their level, whatever people and models wrote", () => {
    const sections = (text: string): readonly string[] => headingsIn(text.split("\n")).filter(({ level }) => level < 3).map(({ title }) => title);
    fc.assert(
      fc.property(nastyText, nastyText, (one, other) => {
        const verdict = { verdict: "FAIL" as const, score: 1, findings: [], issues: [one], requiredFixes: [other], summary: one };
        const attempt = { ...FAILED_ATTEMPT, verdict, decision: { pass: false, reasons: [other] }, selfEvaluation: { summary: one, confidence: 1, gaps: [other], evidence: [], deliverables: [] } };
        const view = { ...recorded, request: { ...REQUEST, description: one }, answer: `So: ${other}`, attempts: [attempt], rounds: [{ afterAttempt: 1, sessions: 1, request: { text: one, comments: [] } }] };
        assert.deepEqual(sections(printTaskReport({ view, plan: "# Plan: x\n\n## Steps\n\n- a", ...NOW })), [
          REQUEST.title,
          "Request",
          "Timeline",
          "Plan",
          "Answer",
          "Attempt 1: FAIL, score 55",
          "Cost",
        ]);
      }),
    );
  });
});

describe("withoutSecrets", () => {
  const key = 'sk-"test"-0123456789';

  it("removes a key as it is and as JSON has it, and leaves everything else", () => {
    assert.equal(withoutSecrets(`a ${key} b ${JSON.stringify({ key })} c`, [key]), `a ${REMOVED} b {"key":"${REMOVED}"} c`);
    assert.equal(withoutSecrets("nothing here", [key]), "nothing here");
  });

  it("takes no word for a key that is too short to be one", () => assert.equal(withoutSecrets("the key", ["the"]), "the key"));

  it("removes a key from any bytes, and no other byte", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (before, after) => {
        fc.pre(!Buffer.from(before).includes(key) && !Buffer.from(after).includes(key));
        const clean = bytesWithoutSecrets(Buffer.concat([before, Buffer.from(key), after]), [key]);
        assert.deepEqual(Buffer.from(clean), Buffer.concat([before, Buffer.from(REMOVED), after]));
        assert.equal(bytesWithoutSecrets(before, [key]), before, "what holds no key is not copied");
      }),
    );
  });
});
