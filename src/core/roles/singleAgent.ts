// The single agent: one conversation, all tools, a plain answer. No contract, no verdict: the user reviews the diff.
import type { TaskRequest } from "../domain/task";
import { ALL_TOOLS } from "../tools/toolSets";
import type { Instructions } from "./planner";
import { bullets, joinSections, quoted, section, taskText, textOutput, type RoleDefinition } from "./role";
import system from "./singleAgent.md";

export const singleAgent: RoleDefinition<string> = { role: "single_agent", system, tools: ALL_TOOLS, output: textOutput };

export interface SingleAgentInput {
  readonly request: TaskRequest;
  readonly instructions: readonly Instructions[];
}

export function singleAgentMessage({ request, instructions }: SingleAgentInput): string {
  return joinSections([
    taskText(request).trim(),
    section("Attached files", bullets(request.attachments)),
    ...instructions.map((file) => quoted("repository_instructions", file.path, file.text)),
  ]);
}
