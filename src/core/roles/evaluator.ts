// The evaluator: judges an attempt in a clean room, without the generator's reasoning, and answers with a verdict.
import * as z from "zod/mini";
import type { CheckResult, Contract } from "../domain/contract";
import { describeCheck } from "../domain/checkText";
import { isSealed, withoutSource } from "../domain/sealed";
import type { Inspection } from "../domain/inspection";
import type { TaskRequest } from "../domain/task";
import { describeTests } from "../domain/testCount";
import type { Verdict } from "../domain/verdict";
import { visibleName } from "../domain/visibleText";
import { kindNote } from "../domain/fileKind";
import type { FileChange } from "../domain/workspace";
import type { UserRequests } from "../projections/openRequests";
import { PROBE_TOOLS } from "../tools/toolSets";
import system from "./evaluator.md";
import { bullets, joinSections, quoted, section, taskText, jsonOutput, type RoleDefinition } from "./role";
import { requestsText } from "./userRequests";

export const verdictSchema = z.strictObject({
  verdict: z.enum(["PASS", "FAIL"]),
  score: z.number().check(z.minimum(0), z.maximum(100)),
  findings: z.array(
    z.strictObject({
      criterion: z.string(),
      met: z.boolean(),
      evidence: z.array(z.strictObject({ source: z.string(), quote: z.string() })),
      comment: z.string(),
    }),
  ),
  issues: z.array(z.string()),
  requiredFixes: z.array(z.string()),
  summary: z.string(),
});

export const evaluator: RoleDefinition<Verdict> = {
  role: "evaluator",
  system,
  tools: PROBE_TOOLS,
  output: jsonOutput<Verdict>(verdictSchema),
};

export interface EvaluatorInput {
  readonly request: TaskRequest;
  readonly contract: Contract;
  readonly results: readonly CheckResult[];
  /** What the engine found out besides. */
  readonly inspection: readonly Inspection[];
  readonly files: readonly FileChange[];
  /** Folder of files that are not part of the repository, relative to its root. */
  readonly deliverablesFolder: string;
  /** What the user asked for after looking at earlier attempts. */
  readonly requests: UserRequests;
  /** Unified diff base → attempt, bounded. */
  readonly diff: string;
}

const REQUESTS_ADVICE =
  "Add a finding for each (its id as the criterion), met only with evidence as for any criterion: one that is not honoured makes the verdict FAIL. Later words win over earlier ones: what they replace is met. A question is met when the code answers it now or is right as it is. " +
  "One that contradicts the contract is met as far as the contract allows.";

export function evaluatorMessage(input: EvaluatorInput): string {
  const { request, contract, results, files, diff } = input;
  return joinSections([
    section("Task", taskText(request)),
    section("Criteria", bullets(contract.criteria.map((c) => `${c.id} (${c.kind}): ${c.text}`))),
    requestsText(input.requests, REQUESTS_ADVICE),
    section("Checks, run by the engine", contract.checks.map((check) => checkText(check, results, contract)).join("\n\n")),
    section("What the engine found besides", bullets(input.inspection.map(({ text }) => text))),
    section("What the generator was asked to keep to", bullets(contract.commitments)),
    section("Changed files", `${bullets(files.map(fileText)) || "None."}\n\nFiles outside the repository: ${input.deliverablesFolder}/, not in the diff.`),
    diff.trim() === "" ? "" : quoted("diff", "base to attempt", diff),
  ]);
}

/** Of a sealed check without the test's source and what it prints when all is well: the verdict goes to the generator. */
function checkText(check: Contract["checks"][number], results: readonly CheckResult[], contract: Contract): string {
  const result = results.find((r) => r.checkId === check.id);
  const what = describeCheck(isSealed(check) ? { ...check, outputMatches: [], outputLacks: [] } : check);
  if (result === undefined) return `${check.id} (${check.criterion}) ${what}: not run`;
  const head = `${check.id} (${check.criterion}) ${what}: ${result.green ? `green${result.tests === undefined ? "" : `, ${describeTests(result.tests)}`}` : `RED, ${result.reason}`}`;
  const output = isSealed(check) ? withoutSource(result.outputExcerpt, contract.sealedFiles ?? []) : result.outputExcerpt;
  return output.trim() === "" ? head : `${head}\n${quoted("check_output", check.id, output)}`;
}

function fileText(file: FileChange): string {
  const lines = file.added === null ? "binary" : `+${file.added} −${file.removed ?? 0}`;
  const note = kindNote(file);
  return `${visibleName(file.path)} (${file.status}, ${lines}${note === "" ? "" : `, ${note}`})`;
}

/** Sent back once when quotes do not stand where the verdict says. */
export function falseQuoteMessage(problems: readonly string[]): string {
  return `Evidence in your verdict does not hold:\n\n${bullets(problems)}\n\nQuote verbatim or change your finding, and answer with the whole verdict, as JSON only.`;
}
