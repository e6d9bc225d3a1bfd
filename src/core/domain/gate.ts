// The gate: the only place where work is declared passed. Pure; no word of a model can turn a red check green.
import type { Check, CheckResult, Contract } from "./contract";
import type { Inspection } from "./inspection";
import type { RequestItem } from "./review";
import type { Evidence, GateDecision, Verdict } from "./verdict";
import { visibleText } from "./visibleText";

export interface GateInput {
  readonly contract: Contract;
  /** What the user asked for after looking at the last attempt: judged like criteria. */
  readonly requests: readonly RequestItem[];
  readonly results: readonly CheckResult[];
  /** What the engine found out besides. */
  readonly inspection: readonly Inspection[];
  /** null when the evaluator gave none that was valid. */
  readonly verdict: Verdict | null;
  readonly passScore: number;
  /** The text evidence is looked up in: a check's whole output or a file of the attempt's commit; null if there is none. */
  readonly sourceText: (source: string) => string | null;
}

/** PASS needs every check green, nothing found that fails it, the evaluator's PASS, the score, and every quote where it is said to stand. */
export function decide(input: GateInput): GateDecision {
  const found = input.inspection.filter(({ weight }) => weight === "fails").map(({ text }) => text);
  const reasons = [...redChecks(input), ...found, ...(input.verdict === null ? ["The evaluator gave no valid verdict."] : verdictReasons(input, input.verdict))];
  return { pass: reasons.length === 0, reasons };
}

function redChecks({ contract, results }: GateInput): readonly string[] {
  if (contract.checks.length === 0) return ["The contract has no checks."];
  return contract.checks.flatMap((check) => {
    const found = results.filter((r) => r.checkId === check.id);
    if (found.length === 0) return [`Check ${check.id} (${check.criterion}) was not run.`];
    const isTwice = found.length > 1 || contract.checks.some((other) => other !== check && other.id === check.id);
    if (isTwice) return [`Check ${check.id} (${check.criterion}) is there more than once: its result cannot be trusted.`];
    const red = found.find((r) => !r.green);
    return red === undefined ? [] : [`Check ${check.id} (${check.criterion}) is red: ${red.reason}.`];
  });
}

function verdictReasons(input: GateInput, verdict: Verdict): readonly string[] {
  const reasons: string[] = [];
  if (verdict.verdict !== "PASS") reasons.push("The evaluator's verdict is FAIL.");
  if (!(verdict.score >= 0 && verdict.score <= 100)) reasons.push(`The score ${verdict.score} is not between 0 and 100.`);
  else if (!(verdict.score >= input.passScore)) reasons.push(`The score ${verdict.score} is below ${input.passScore}.`);
  if (verdict.issues.length > 0) reasons.push(`The evaluator lists ${count(verdict.issues.length, "open issue")}.`);
  if (verdict.requiredFixes.length > 0) reasons.push(`The evaluator requires ${count(verdict.requiredFixes.length, "fix")}.`);
  reasons.push(...findingReasons(input, verdict), ...falseQuotes(verdict, input.sourceText), ...weakEvidence(input, verdict));
  return reasons;
}

function findingReasons({ contract, requests }: GateInput, verdict: Verdict): readonly string[] {
  const judged = [...contract.criteria, ...requests];
  const known = new Set(judged.map((c) => c.id));
  const strangers = verdict.findings.filter((f) => !known.has(f.criterion)).map((f) => f.criterion);
  const reasons = strangers.map((id) => `The verdict judges ${id}, which is no criterion of the contract.`);
  for (const { id } of judged) {
    const findings = verdict.findings.filter((f) => f.criterion === id);
    if (findings.length === 0) reasons.push(`The verdict does not judge ${id}.`);
    else if (findings.some((f) => !f.met)) reasons.push(`The evaluator finds ${id} not met.`);
    else if (findings.some((f) => f.evidence.length === 0)) reasons.push(`${id} is called met without evidence.`);
  }
  return reasons;
}

/** Quotes that do not stand in the source they name, as sentences for the evaluator and the report. */
export function falseQuotes(verdict: Verdict, sourceText: GateInput["sourceText"]): readonly string[] {
  return verdict.findings.flatMap((finding) =>
    finding.evidence.flatMap((evidence) => {
      const problem = evidenceProblem(evidence, sourceText);
      return problem === null ? [] : [`${finding.criterion}: ${problem}`];
    }),
  );
}

/** Criteria that are called met by nothing of their own, as sentences for the evaluator and the report. */
export function weakEvidence({ contract, sourceText }: Pick<GateInput, "contract" | "sourceText">, verdict: Verdict): readonly string[] {
  const criteria = new Set(contract.criteria.map(({ id }) => id));
  return verdict.findings.flatMap(({ criterion, met, evidence }) => {
    if (!met || evidence.length === 0 || !criteria.has(criterion)) return [];
    const own = new Set(contract.checks.filter((check) => verifies(check, criterion)).map(({ id }) => `check:${id}`));
    // A contract without such a check is refused for that.
    if (own.size === 0) return [];
    if (evidence.some(({ source, quote }) => own.has(source) || (source.startsWith("file:") && hasSubstance(quote, sourceText(source))))) return [];
    return [`${criterion} is called met, and none of its evidence is one of its own checks (${[...own].join(", ")}) or a quote from a file that says something.`];
  });
}

function verifies(check: Check, criterion: string): boolean {
  return check.criterion === criterion || (check.kind === "command" && (check.alsoCovers ?? []).includes(criterion));
}

/** Letters and digits of a quote that can only stand where it was found. */
const LEAST_QUOTED = 4;

function hasSubstance(quote: string, text: string | null): boolean {
  const signs = quote.replace(/[^\p{L}\p{N}]/gu, "");
  return signs.length >= LEAST_QUOTED || (signs.length > 0 && text !== null && folded(text) === folded(quote));
}

function evidenceProblem(evidence: Evidence, sourceText: GateInput["sourceText"]): string | null {
  if (!/^(check|file):./.test(evidence.source)) {
    return `"${evidence.source}" is no source: write check:ID or file:PATH.`;
  }
  const text = sourceText(evidence.source);
  if (text === null) return `the source ${evidence.source} does not exist.`;
  const quote = folded(evidence.quote);
  if (quote === "") return evidence.source.startsWith("check:") ? null : `the quote from ${evidence.source} is empty.`;
  return folded(text).includes(quote) ? null : `the quote ${JSON.stringify(evidence.quote)} is not in ${evidence.source}.`;
}

/** White space folded: line breaks and indentation may differ, nothing else. Hidden characters stand as models see them. */
export function folded(text: string): string {
  return visibleText(text).replace(/\s+/g, " ").trim();
}

function count(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}${noun.endsWith("x") ? "es" : "s"}`;
}
