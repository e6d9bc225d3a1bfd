// The planner: researches with read-only tools and answers with a plan.
import * as z from "zod/mini";
import type { Plan } from "../domain/handoff";
import type { TaskRequest } from "../domain/task";
import type { UserRequests } from "../projections/openRequests";
import { RESEARCH_TOOLS } from "../tools/toolSets";
import system from "./planner.md";
import { requestsText } from "./userRequests";
import { bullets, joinSections, quoted, section, taskText, jsonOutput, type RoleDefinition } from "./role";

const line = z.string().check(z.minLength(1));

export const planSchema = z.strictObject({
  title: line,
  currentState: line,
  approaches: z.array(z.strictObject({ name: line, summary: line, tradeoffs: z.string() })).check(z.minLength(2), z.maxLength(4)),
  chosen: line,
  rationale: line,
  steps: z.array(line).check(z.minLength(1)),
  acceptanceCriteria: z.array(line).check(z.minLength(1)),
  verificationCommands: z.array(line).check(z.minLength(1)),
  deliverables: z.array(line),
  risks: z.array(line),
  estimatedToolCalls: z.int().check(z.minimum(1), z.maximum(1000)),
});

export const planner: RoleDefinition<Plan> = { role: "planner", system, tools: RESEARCH_TOOLS, output: jsonOutput<Plan>(planSchema) };

/** A file of the repository that tells how to work in it, or what was learned before. */
export interface Instructions {
  readonly path: string;
  readonly text: string;
}

export interface PlannerInput {
  readonly request: TaskRequest;
  readonly topLevel: readonly string[];
  readonly instructions: readonly Instructions[];
  /** Folder for files that do not belong in the repository, relative to its root. */
  readonly deliverablesFolder: string;
  /** What the user asked for since. */
  readonly requests: UserRequests;
}

export function plannerMessage({ request, topLevel, instructions, deliverablesFolder, requests }: PlannerInput): string {
  return joinSections([
    section("Task", taskText(request)),
    requestsText(requests, "Plan for it as for the task itself; later words win over earlier ones."),
    section("Kind of work", PROFILE_TEXT[request.profile]),
    section("Attached files", bullets(request.attachments)),
    section("Files that do not belong in the repository", `Reports, exports and the like go to ${deliverablesFolder}/.`),
    section("Top level of the repository", topLevel.join("\n")),
    ...instructions.map((file) => quoted("repository_instructions", file.path, file.text)),
  ]);
}

/** What each verification profile means for criteria and checks. */
export const PROFILE_TEXT: Readonly<Record<TaskRequest["profile"], string>> = {
  code: "Code: verified by running the product and its tests.",
  automation: "Automation script: verified by a syntax check, a dry run and its output; it must do nothing destructive unasked.",
  data: "Data work: verified by the repository's own data verification command and by recomputed figures.",
  report: "Report: verified by required sections, the asked date range, recomputed figures, and no placeholders.",
};
