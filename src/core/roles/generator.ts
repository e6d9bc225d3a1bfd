// The generator: does the work in its worktree and answers with a self-evaluation.
import * as z from "zod/mini";
import type { Check, CheckResult, Contract } from "../domain/contract";
import { describeCheck } from "../domain/checkText";
import { printContract } from "../domain/contractYaml";
import { codeBlock, codeSpan } from "../domain/markdown";
import { criteriaOf, isSealed, withoutSealed, withoutSource } from "../domain/sealed";
import type { Plan, SelfEvaluation } from "../domain/handoff";
import type { TaskRequest } from "../domain/task";
import type { CriterionFinding, GateDecision, Verdict } from "../domain/verdict";
import { visibleName } from "../domain/visibleText";
import type { FileChange } from "../domain/workspace";
import type { UserRequests } from "../projections/openRequests";
import { ALL_TOOLS } from "../tools/toolSets";
import system from "./generator.md";
import type { Instructions } from "./planner";
import { requestsText } from "./userRequests";
import { bullets, joinSections, quoted, section, taskText, jsonOutput, type RoleDefinition } from "./role";

export const selfEvaluationSchema = z.strictObject({
  summary: z.string().check(z.minLength(1)),
  confidence: z.int().check(z.minimum(1), z.maximum(10)),
  gaps: z.array(z.string()),
  evidence: z.array(z.strictObject({ criterion: z.string(), claim: z.string() })),
  deliverables: z.array(z.string()),
});

export const generator: RoleDefinition<SelfEvaluation> = {
  role: "generator",
  system,
  tools: ALL_TOOLS,
  output: jsonOutput<SelfEvaluation>(selfEvaluationSchema),
};

/** What an attempt leaves for the next one: everything, nothing shortened but by the output limits of checks. */
export interface Feedback {
  readonly attempt: number;
  readonly decision: GateDecision;
  readonly verdict: Verdict | null;
  readonly redChecks: readonly { readonly check: Check; readonly result: CheckResult }[];
  readonly files: readonly FileChange[];
}

export interface GeneratorInput {
  readonly request: TaskRequest;
  readonly plan: Plan;
  readonly contract: Contract;
  readonly instructions: readonly Instructions[];
  /** Worktree-relative folder for files that are not part of the repository. */
  readonly deliverablesFolder: string;
  readonly attempt: number;
  /** Number of the last attempt that is allowed. */
  readonly maxAttempts: number;
  /** What the user asked for after earlier attempts. */
  readonly requests: UserRequests;
  readonly feedback: readonly Feedback[];
}

export function generatorMessage(input: GeneratorInput): string {
  const { request, plan, contract } = input;
  return joinSections([
    section("Task", taskText(request)),
    section("Attached files", bullets(request.attachments)),
    section("Plan", `${plan.chosen}\n\n${plan.steps.map((step, index) => `${index + 1}. ${step}`).join("\n")}`),
    section("Risks", bullets(plan.risks)),
    section("Sprint contract (frozen)", codeBlock("yaml", printContract(withoutSealed(contract)))),
    section("Sealed tests", sealedText(contract)),
    section(
      "Deliverables",
      `${bullets(plan.deliverables)}\n\nFiles that do not belong in the repository (reports, exports) go to ${input.deliverablesFolder}/.`,
    ),
    ...input.instructions.map((file) => quoted("repository_instructions", file.path, file.text)),
    section("Attempt", attemptText(input)),
    requestsText(input.requests, REQUESTS_ADVICE),
    // Whatever quotes a sealed test, the output of a check or an evaluator, does not get it to the generator.
    ...input.feedback.map((feedback) => withoutSource(feedbackText(feedback), contract.sealedFiles ?? [])),
  ]);
}

/** That there are tests which it does not see, and of what. */
function sealedText(contract: Contract): string {
  const tested = new Set(contract.checks.filter(isSealed).flatMap(criteriaOf));
  if (tested.size === 0) return "";
  const ids = contract.criteria.filter(({ id }) => tested.has(id)).map(({ id }) => id);
  return `${ids.join(", ")}: acceptance tests that you do not see verify these criteria, too, with inputs of their own and in combination. What the criteria say counts, in general.`;
}

const REQUESTS_ADVICE =
  "Do all of it, before anything else; later words win over earlier ones. The contract stays as it is: where a request contradicts it, keep the contract and name the contradiction under gaps.";

function attemptText({ attempt, maxAttempts, feedback, requests }: GeneratorInput): string {
  const start = `This is attempt ${attempt} of ${maxAttempts}.`;
  const asked = requests.open.length + requests.settled.length > 0;
  if (feedback.length === 0 && !asked) return start;
  const follows = !asked ? "Its feedback follows, newest last." : "What the user asks for follows, then the feedback on earlier attempts, newest last.";
  return `${start} The worktree holds what the last attempt left. ${follows}`;
}

function feedbackText(feedback: Feedback): string {
  const { verdict } = feedback;
  return joinSections([
    section(`Feedback on attempt ${feedback.attempt}: ${feedback.decision.pass ? "PASS" : "FAIL"}`, feedback.decision.pass ? "It passed. What passed must stay so." : bullets(feedback.decision.reasons)),
    ...feedback.redChecks.map(({ check, result }) =>
      joinSections([
        `${isSealed(check) ? `The sealed check ${check.id} (${criteriaOf(check).join(", ")}) is red` : `Check ${check.id} (${check.criterion}) is red: ${describeCheck(check)}`}: ${result.reason}.`,
        result.outputExcerpt.trim() === "" ? "" : quoted("check_output", check.id, result.outputExcerpt),
      ]),
    ),
    verdict === null ? "" : section(`The evaluator's verdict on attempt ${feedback.attempt}`, verdictText(verdict), 2),
    section(`Files that differ from the base after attempt ${feedback.attempt}`, bullets(feedback.files.map((file) => `${visibleName(file.path)} (${file.status})`)), 2),
  ]);
}

/** Whole: what was found good must stay so. */
function verdictText(verdict: Verdict): string {
  return joinSections([
    `${verdict.verdict}, score ${verdict.score}. ${verdict.summary}`,
    verdict.findings.length === 0 ? "" : `Criteria:\n${bullets(verdict.findings.map(findingText))}`,
    verdict.issues.length === 0 ? "" : `Issues:\n${bullets(verdict.issues)}`,
    verdict.requiredFixes.length === 0 ? "" : `Required fixes:\n${bullets(verdict.requiredFixes)}`,
  ]);
}

function findingText({ criterion, met, comment, evidence }: CriterionFinding): string {
  const quotes = evidence.map(({ source, quote }) => `\n${source}${quote.trim() === "" ? "" : ` ${codeSpan(quote)}`}`);
  return `${criterion} ${met ? "met" : "NOT met"}${comment.trim() === "" ? "" : `: ${comment.trim()}`}${quotes.join("")}`;
}
