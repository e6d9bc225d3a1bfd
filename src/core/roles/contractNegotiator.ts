// The contract negotiator: turns a plan's criteria into checks and answers with a contract.
import type { Contract } from "../domain/contract";
import { contractSchema } from "../domain/contractYaml";
import type { Plan } from "../domain/handoff";
import type { TaskRequest } from "../domain/task";
import type { UserRequests } from "../projections/openRequests";
import { RESEARCH_TOOLS } from "../tools/toolSets";
import system from "./contractNegotiator.md";
import { PROFILE_TEXT } from "./planner";
import { requestsText } from "./userRequests";
import { bullets, joinSections, section, taskText, jsonOutput, type RoleDefinition } from "./role";

export const contractNegotiator: RoleDefinition<Contract> = {
  role: "contract_negotiator",
  system,
  tools: RESEARCH_TOOLS,
  output: jsonOutput<Contract>(contractSchema),
};

export interface ContractNegotiatorInput {
  readonly request: TaskRequest;
  readonly plan: Plan;
  /** Folder for files that do not belong in the repository, relative to its root. */
  readonly deliverablesFolder: string;
  /** What the user asked for since; the plan knows of it. */
  readonly requests: UserRequests;
  /** Whether it must write acceptance tests that the generator does not see. */
  readonly sealedChecks: boolean;
}

export function contractNegotiatorMessage(input: ContractNegotiatorInput): string {
  const { request, plan, deliverablesFolder, requests, sealedChecks } = input;
  return joinSections([
    section("Task", taskText(request)),
    requestsText(requests, "The contract must test it as it tests the task itself."),
    section("Kind of work", PROFILE_TEXT[request.profile]),
    section("Sealed checks", sealedChecks ? "The contract needs at least one." : "Not needed: write none."),
    section("What is there now", plan.currentState),
    section("Chosen approach", `${plan.chosen}\n\n${plan.rationale}`),
    section("Acceptance criteria", bullets(plan.acceptanceCriteria)),
    section("Verification commands the planner suggests", bullets(plan.verificationCommands)),
    section("Deliverables", `${bullets(plan.deliverables)}\n\nFiles that do not belong in the repository are in ${deliverablesFolder}/.`),
    section("Risks", bullets(plan.risks)),
  ]);
}

/** Sent back when the engine refuses a contract. */
export function refusalMessage(problems: readonly string[]): string {
  return `The contract is refused:\n\n${bullets(problems)}\n\nAnswer with the whole corrected contract, as JSON only.`;
}
