// Samples of the nouns that events carry, small and plausible.
import type { CheckResult, Contract } from "../../src/core/domain/contract";
import type { Plan, SelfEvaluation } from "../../src/core/domain/handoff";
import { ROLES, type TaskId, type TaskRequest } from "../../src/core/domain/task";
import type { Usage } from "../../src/core/domain/usage";
import type { Verdict } from "../../src/core/domain/verdict";

export const A_CONTRACT: Contract = {
  criteria: [{ id: "C1", text: "`tally fibonacci 10` prints 55", kind: "change" }],
  checks: [
    {
      id: "K1",
      criterion: "C1",
      kind: "command",
      run: "node bin/tally.js fibonacci 10",
      exit: 0,
      outputMatches: ["^55$"],
      outputLacks: [],
      timeout: 300,
    },
  ],
  commitments: ["Follow the way the other commands are written."],
  retryProtocol: "A FAIL goes back with the whole report.",
};

export const A_PLAN: Plan = {
  title: "Add a Fibonacci command",
  currentState: "Seven commands, each in a file of its own.",
  approaches: [{ name: "loop", summary: "Add up.", tradeoffs: "None." }],
  chosen: "loop",
  rationale: "It is short.",
  steps: ["Write the command", "Register it"],
  acceptanceCriteria: ["`tally fibonacci 10` prints 55"],
  verificationCommands: ["node bin/tally.js fibonacci 10"],
  deliverables: [],
  risks: [],
  estimatedToolCalls: 12,
};

export const A_SELF_EVALUATION: SelfEvaluation = {
  summary: "Done.",
  confidence: 8,
  gaps: [],
  evidence: [{ criterion: "C1", claim: "It prints 55." }],
  deliverables: [],
};

export const SOME_USAGE: Usage = { input: 12, output: 345, cacheRead: 6789, cacheWrite5m: 456, cacheWrite1h: 0 };

export function aTaskRequest(change: Partial<TaskRequest> = {}): TaskRequest {
  return {
    id: "add-fibonacci-7k2m" as TaskId,
    title: "Add a Fibonacci command",
    description: "`tally fibonacci N` prints the N-th number.",
    category: "PREP",
    requestedType: null,
    profile: "code",
    attachments: [],
    approvePlan: false,
    models: Object.fromEntries(ROLES.map((role) => [role, "claude-opus-5-5"])) as TaskRequest["models"],
    ...change,
  };
}

export function aCheckResult(change: Partial<CheckResult> = {}): CheckResult {
  return {
    checkId: "K1",
    criterion: "C1",
    kind: "command",
    green: true,
    reason: "",
    exitCode: 0,
    timedOut: false,
    unstartable: false,
    durationMs: 120,
    outputFile: "verification/attempt-1/K1.log",
    outputExcerpt: "55\n",
    ...change,
  };
}

export function aVerdict(change: Partial<Verdict> = {}): Verdict {
  const finding = { criterion: "C1", met: true, evidence: [{ source: "check:K1", quote: "55" }], comment: "" };
  return { verdict: "PASS", score: 92, findings: [finding], issues: [], requiredFixes: [], summary: "All is met.", ...change };
}
