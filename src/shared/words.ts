// The words in which a person reads names of the domain: one meaning each, the same on every surface.
import type { ActivityGroup, DocumentName, PhaseName, RoleName } from "./dashboardState";
import type { TaskAction } from "./taskActions";

export const PHASE_WORDS: Readonly<Record<PhaseName, string>> = {
  planning: "Planning",
  contract: "Contract",
  implementation: "Implementation",
  verification: "Verification",
  optimization: "Optimization",
  decomposition: "Decomposition",
  preambles: "Preambles",
  report: "Report",
};

export const ROLE_WORDS: Readonly<Record<RoleName, string>> = {
  planner: "Planner",
  contract_negotiator: "Contract negotiator",
  generator: "Generator",
  evaluator: "Evaluator",
  single_agent: "Single agent",
  request_optimizer: "Request optimizer",
  project_manager: "Project manager",
  preamble_writer: "Preamble writer",
  worker: "Worker",
  qc: "QC",
  reporter: "Reporter",
};

export const GROUP_WORDS: Readonly<Record<ActivityGroup, string>> = {
  progress: "Progress",
  tools: "Tools",
  checks: "Checks",
  models: "Models",
  you: "You",
};

export const DOCUMENT_WORDS: Readonly<Record<DocumentName, string>> = {
  plan: "Plan",
  selfEvaluation: "Self-evaluation",
  qaReport: "QA report",
  failureReport: "Failure report",
};

export const ACTION_WORDS: Readonly<Record<TaskAction, string>> = {
  answer: "Review commands",
  run: "Run",
  resume: "Resume",
  approve: "Approve plan",
  cancel: "Cancel",
  review: "Review changes",
  accept: "Accept all",
  choose: "Go back to an earlier attempt",
  retry: "Retry with feedback",
  compare: "Compare attempts",
  undo: "Undo accept",
  commit: "Commit",
  done: "Mark as done",
  move: "Move to another category",
  reorder: "Move in queue",
  discard: "Discard",
};
