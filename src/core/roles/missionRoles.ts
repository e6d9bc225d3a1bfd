// The roles that a mission has beside those of a task: request optimizer, project manager, preamble writer, reporter.
import * as z from "zod/mini";
import type { MissionDraft, MissionPlan, PlannedTask } from "../domain/mission";
import type { MissionSummary, OptimizedRequest } from "../domain/missionReport";
import { missionDraftSchema } from "../mission/missionDraftSchema";
import { RESEARCH_TOOLS } from "../tools/toolSets";
import type { Instructions } from "./planner";
import preambleSystem from "./preambleWriter.md";
import answerSystem from "./projectManagerAnswer.md";
import managerSystem from "./projectManager.md";
import reporterSystem from "./reporter.md";
import optimizerSystem from "./requestOptimizer.md";
import { bullets, joinSections, jsonOutput, quoted, section, textOutput, type RoleDefinition } from "./role";

const line = z.string().check(z.minLength(1));
const lines = z.array(line);

const optimizedSchema: z.ZodMiniType<OptimizedRequest> = z.strictObject({ request: line, assumptions: lines, ambiguities: lines });

const summarySchema: z.ZodMiniType<MissionSummary> = z.strictObject({
  summary: line,
  decisions: lines,
  impact: lines,
  risks: lines,
  nextActions: lines,
  lessons: lines,
});

export const requestOptimizer: RoleDefinition<OptimizedRequest> = { role: "request_optimizer", system: optimizerSystem, tools: [], output: jsonOutput(optimizedSchema) };
export const projectManager: RoleDefinition<MissionDraft> = { role: "project_manager", system: managerSystem, tools: RESEARCH_TOOLS, output: jsonOutput(missionDraftSchema) };
export const preambleWriter: RoleDefinition<string> = { role: "preamble_writer", system: preambleSystem, tools: [], output: textOutput };
export const reporter: RoleDefinition<MissionSummary> = { role: "reporter", system: reporterSystem, tools: [], output: jsonOutput(summarySchema) };

/** The project manager asked by a worker: in a conversation of its own, which knows the plan and not the work. */
export const managerAnswer: RoleDefinition<string> = { role: "project_manager", system: answerSystem, tools: RESEARCH_TOOLS, output: textOutput };

export interface ManagerInput {
  /** After the optimizer, where one was used. */
  readonly request: string;
  readonly assumptions: readonly string[];
  readonly ambiguities: readonly string[];
  readonly attachments: readonly string[];
  readonly topLevel: readonly string[];
  readonly instructions: readonly Instructions[];
  /** Tasks that may be worked on at the same time. */
  readonly maxWorkers: number;
}

export function managerMessage({ request, assumptions, ambiguities, attachments, topLevel, instructions, maxWorkers }: ManagerInput): string {
  return joinSections([
    section("Request", request),
    section("Assumptions that were made", bullets(assumptions)),
    section("Questions that are open", bullets(ambiguities)),
    section("Attached files", bullets(attachments)),
    section("Workers", `At most ${maxWorkers} at the same time.`),
    section("Top level of the repository", topLevel.join("\n")),
    ...instructions.map((file) => quoted("repository_instructions", file.path, file.text)),
  ]);
}

/** A plan that the linter does not take goes back with its problems. */
export function planRefusalMessage(problems: readonly string[]): string {
  return `The plan cannot be carried out as it stands:\n\n${bullets(problems)}\n\nAnswer with the whole corrected plan, as JSON only.`;
}

export function preambleMessage(kind: "worker" | "qc", description: string): string {
  return joinSections([section("Kind", kind), section("Role", description)]);
}

export function managerAnswerMessage({ plan, planned, question }: { readonly plan: MissionPlan; readonly planned: PlannedTask; readonly question: string }): string {
  return joinSections([
    section("Request", plan.request),
    section("How it was understood", plan.overview),
    section("Assumptions", bullets(plan.assumptions)),
    section("Tasks", bullets(plan.tasks.map(({ id, title, dependencies, files }) => `${id}: ${title}${dependencies.length === 0 ? "" : `, after ${dependencies.join(", ")}`}${files.length === 0 ? "" : ` (${files.join(", ")})`}`))),
    section(`The task of who asks: ${planned.id}`, joinSections([planned.prompt, bullets(planned.criteria)])),
    quoted("question", planned.id, question),
  ]);
}
