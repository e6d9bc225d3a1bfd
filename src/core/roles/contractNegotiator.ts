// The contract negotiator: turns a plan's criteria into checks and answers with a contract.
import type { Contract } from "../domain/contract";
import { contractSchema } from "../domain/contractYaml";
import type { Plan } from "../domain/handoff";
import { codeSpan } from "../domain/markdown";
import type { DataVerification } from "../domain/profileRules";
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
  /** How the user verifies data; null where nothing is configured. */
  readonly dataVerification: DataVerification | null;
}

const NOT_BY_EXISTENCE = "No change is verified by the existence of a file alone.";

/** What the engine refuses a contract without; see profileRules.ts. */
const ASKED_FOR: Readonly<Record<TaskRequest["profile"], readonly string[]>> = {
  code: [],
  automation: [`The contract must check the syntax of each script that it runs, and that it is harmless: destructiveCommands, or a command with dryRun. ${NOT_BY_EXISTENCE}`],
  data: [`The contract must have a command with verifiesData. ${NOT_BY_EXISTENCE}`],
  report: [`The contract must have sections and noPlaceholders for the report; dateRange where a period is asked for; recalculate, or a command that computes them, where figures are. ${NOT_BY_EXISTENCE}`],
};

export function contractNegotiatorMessage(input: ContractNegotiatorInput): string {
  const { request, plan, deliverablesFolder, requests, sealedChecks, dataVerification } = input;
  return joinSections([
    section("Task", taskText(request)),
    requestsText(requests, "The contract must test it as it tests the task itself."),
    section("Kind of work", [PROFILE_TEXT[request.profile], ...ASKED_FOR[request.profile]].join("\n\n")),
    section("Sealed checks", sealedChecks ? "The contract needs at least one." : "Not needed: write none."),
    section("The user's data verification", request.profile === "data" && dataVerification !== null ? `Run ${codeSpan(dataVerification.command)} as a check with verifiesData; when all is well its output matches ${codeSpan(dataVerification.pass)}.` : ""),
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
