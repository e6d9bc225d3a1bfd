// Builds scripts for whole runs: what each role says, turn by turn. Roles that are not what a test is about get answers
// that fit the contract.
import type { ScriptInput } from "../../src/adapters/model/script";
import type { Role } from "../../src/core/domain/task";

type SessionInput = ScriptInput["sessions"][number];
export type TurnInput = SessionInput["turns"][number];
export type ToolCallInput = NonNullable<TurnInput["toolCalls"]>[number];

export interface CheckInput {
  readonly run?: string;
  readonly kind?: string;
  readonly [field: string]: unknown;
}

/** A turn of tool calls, which run in parallel where they only read. */
export function calls(...toolCalls: ToolCallInput[]): TurnInput {
  return { toolCalls };
}

export function writes(path: string, content: string): ToolCallInput {
  return { name: "write_file", input: { path, content } };
}

export function runs(command: string): ToolCallInput {
  return { name: "run_command", input: { command } };
}

export function reads(path: string): ToolCallInput {
  return { name: "read_file", input: { path } };
}

/** A role's last message. */
export function answers(json: unknown): TurnInput {
  return { json };
}

export function aPlan(change: object = {}): object {
  return {
    title: "Greet",
    currentState: "There is no greeting.",
    approaches: [
      { name: "File", summary: "Write it into a file.", tradeoffs: "Simple." },
      { name: "Program", summary: "Print it.", tradeoffs: "More code." },
    ],
    chosen: "File",
    rationale: "It is the least.",
    steps: ["Write greeting.txt", "Look at it"],
    acceptanceCriteria: ["greeting.txt says hello"],
    verificationCommands: ["grep -qx hello greeting.txt"],
    deliverables: ["greeting.txt"],
    risks: [],
    estimatedToolCalls: 4,
    ...change,
  };
}

/** One change criterion a check, `C1` for `K1` and so on; `guards` follow. Strings are commands. */
export function aContractOf(checks: readonly (string | CheckInput)[], guards: readonly (string | CheckInput)[] = []): object {
  const all = [...checks, ...guards].map((check) => (typeof check === "string" ? { run: check } : check));
  return {
    criteria: all.map((_, index) => ({ id: `C${index + 1}`, kind: index < checks.length ? "change" : "guard", text: `Criterion ${index + 1}` })),
    checks: all.map((check, index) => ({ id: `K${index + 1}`, criterion: `C${index + 1}`, kind: "command", ...check })),
    commitments: [],
    retryProtocol: "Mend what is red.",
  };
}

export const HELLO = "grep -qx hello greeting.txt";
export const WRITE_HELLO = writes("greeting.txt", "hello\n");

export function aSelfEvaluation(change: object = {}): object {
  return { summary: "Wrote it.", confidence: 8, gaps: [], evidence: [], deliverables: ["greeting.txt"], ...change };
}

/** A verdict that calls the first `criteria` criteria met, by the results of their checks. */
export function aPass(criteria = 1, change: object = {}): object {
  const findings = Array.from({ length: criteria }, (_, index) => ({
    criterion: `C${index + 1}`,
    met: true,
    evidence: [{ source: `check:K${index + 1}`, quote: "" }],
    comment: "",
  }));
  return { verdict: "PASS", score: 95, findings, issues: [], requiredFixes: [], summary: "All is there.", ...change };
}

/** A verdict that calls the contract's one criterion met, and so many requests of the user's. */
export function aPassOfRequests(requests: number): object {
  const met = (criterion: string): object => ({ criterion, met: true, evidence: [{ source: "check:K1", quote: "" }], comment: "" });
  return aPass(1, { findings: [met("C1"), ...Array.from({ length: requests }, (_, index) => met(`user-${index + 1}`))] });
}

export function aFail(change: object = {}): object {
  const findings = [{ criterion: "C1", met: false, evidence: [{ source: "check:K1", quote: "" }], comment: "It says something else." }];
  return { verdict: "FAIL", score: 40, findings, issues: ["The greeting is wrong."], requiredFixes: ["Write hello."], summary: "Not yet.", ...change };
}

export class ScriptBuilder {
  private constructor(private readonly sessions: readonly SessionInput[]) {}

  static empty(): ScriptBuilder {
    return new ScriptBuilder([]);
  }

  planner(...turns: readonly TurnInput[]): ScriptBuilder {
    return this.with("planner", 0, turns.length === 0 ? [answers(aPlan())] : turns);
  }

  /** Contracts one after the other, or turns. */
  negotiator(...turns: readonly TurnInput[]): ScriptBuilder {
    return this.with("contract_negotiator", 0, turns.length === 0 ? [answers(aContractOf([HELLO]))] : turns);
  }

  /** Turns of an attempt; the self-evaluation is added where the last one calls tools. */
  generator(attempt: number, ...turns: readonly TurnInput[]): ScriptBuilder {
    const last = turns.at(-1);
    const isOpen = last === undefined || (last.toolCalls ?? []).length > 0;
    return this.with("generator", attempt, isOpen ? [...turns, answers(aSelfEvaluation())] : turns);
  }

  evaluator(attempt: number, ...turns: readonly TurnInput[]): ScriptBuilder {
    return this.with("evaluator", attempt, turns.length === 0 ? [answers(aPass())] : turns);
  }

  singleAgent(...turns: readonly TurnInput[]): ScriptBuilder {
    return this.with("single_agent", 1, turns);
  }

  /** Another session of the single agent, after a request for changes. */
  singleAgentAgain(attempt: number, ...turns: readonly TurnInput[]): ScriptBuilder {
    return this.with("single_agent", attempt, turns);
  }

  /** A session of a role of missions; `node`: of one task of the graph. */
  role(role: Role, attempt: number, turns: readonly TurnInput[], node?: string): ScriptBuilder {
    const others = this.sessions.filter((session) => session.role !== role || session.attempt !== attempt || session.node !== node);
    return new ScriptBuilder([...others, { role, attempt, turns: [...turns], ...(node === undefined ? {} : { node }) }]);
  }

  build(): ScriptInput {
    return { version: 1, sessions: [...this.sessions] };
  }

  private with(role: Role, attempt: number, turns: readonly TurnInput[]): ScriptBuilder {
    return this.role(role, attempt, turns);
  }
}

export function aScript(): ScriptBuilder {
  return ScriptBuilder.empty();
}

/** A run that passes at once: greeting.txt says hello. */
export function aPassingScript(): ScriptBuilder {
  return aScript().planner().negotiator().generator(1, calls(WRITE_HELLO)).evaluator(1);
}
