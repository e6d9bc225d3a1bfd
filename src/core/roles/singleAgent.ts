// The single agent: one conversation, all tools, a plain answer. No contract, no verdict: the user reviews the diff.
import type { TaskRequest } from "../domain/task";
import type { UserRequests } from "../projections/openRequests";
import { ALL_TOOLS } from "../tools/toolSets";
import type { Instructions } from "./planner";
import { bullets, joinSections, quoted, section, taskText, textOutput, type RoleDefinition } from "./role";
import system from "./singleAgent.md";
import { requestsText } from "./userRequests";

export const singleAgent: RoleDefinition<string> = { role: "single_agent", system, tools: ALL_TOOLS, output: textOutput };

export interface SingleAgentInput {
  readonly request: TaskRequest;
  readonly instructions: readonly Instructions[];
  /** What the user asked for after earlier attempts. */
  readonly requests: UserRequests;
}

export function singleAgentMessage({ request, instructions, requests }: SingleAgentInput): string {
  return joinSections([
    taskText(request).trim(),
    section("Attached files", bullets(request.attachments)),
    ...instructions.map((file) => quoted("repository_instructions", file.path, file.text)),
    requestsText(requests, "The worktree holds what you did for the task above. Do all of this now; later words win over earlier ones."),
  ]);
}
