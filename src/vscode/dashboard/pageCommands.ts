// The commands behind what a page may ask for. A closed list: nothing that a page says names a command itself.
import type { DocumentName } from "../../shared/dashboardState";
import type { GlobalAction, PageAction } from "../../shared/protocol";

/** Each gets the task as its target, as from a tree. */
export const TASK_COMMANDS: Readonly<Record<PageAction, string>> = {
  answer: "countersign.reviewCommands",
  run: "countersign.runTask",
  resume: "countersign.resumeTask",
  approve: "countersign.approvePlan",
  cancel: "countersign.cancelTask",
  review: "countersign.reviewChanges",
  accept: "countersign.acceptAll",
  choose: "countersign.chooseAttempt",
  retry: "countersign.retryTask",
  compare: "countersign.compareAttempts",
  undo: "countersign.undoAccept",
  commit: "countersign.commitAccepted",
  done: "countersign.markDone",
  move: "countersign.moveTask",
  discard: "countersign.discardTask",
  transcript: "countersign.showTranscript",
  requestChanges: "countersign.requestChanges",
  queueUp: "countersign.queueUp",
  queueDown: "countersign.queueDown",
};

export const DOCUMENT_COMMANDS: Readonly<Record<DocumentName, string>> = {
  plan: "countersign.openPlan",
  selfEvaluation: "countersign.openSelfEvaluation",
  qaReport: "countersign.openQaReport",
  failureReport: "countersign.openFailureReport",
};

/** `retryFolders` is no command: the dashboard does it itself. */
export const GLOBAL_COMMANDS: Readonly<Record<Exclude<GlobalAction, "retryFolders">, string>> = {
  newTask: "countersign.newTask",
  runSample: "countersign.runSample",
  costReport: "countersign.costReport",
  openSettings: "countersign.openSettings",
  openWalkthrough: "countersign.openWalkthrough",
  manageTrust: "workbench.trust.manage",
  openFolder: "workbench.action.files.openFolder",
};
