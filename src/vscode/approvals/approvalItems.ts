// Requests and approvals as lines of a pick. Pure; no vscode here.
import type { PendingRequest, PersonsAnswer } from "../../core/approvals/approvalQueue";
import { approvalWords } from "../../core/approvals/keptApprovals";
import { shownInLine } from "../../core/approvals/shownCommand";
import type { KeptApproval } from "../../core/ports/commandApproval";
import { counted } from "../../shared/figures";

export interface PickLine {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** What a person may answer, in the order in which it is offered; the first is the smallest. */
export interface Offer {
  readonly label: string;
  readonly detail: string;
  readonly icon: string;
  readonly answer: PersonsAnswer;
}

const WHO: Readonly<Record<PendingRequest["purpose"], string>> = { agent: "an agent", check: "a check", setup: "set-up" };

/** Codicons of a label must not come from a command. */
export function plainLabel(text: string): string {
  return shownInLine(text).replaceAll("$(", "$\u200b(");
}

export function requestLine({ command, title, purpose, reason, touches }: PendingRequest): PickLine {
  return { label: plainLabel(command), description: `${WHO[purpose]} of "${plainLabel(title)}"`, detail: plainLabel(`${reason} ${touches.join(" · ")}`) };
}

export function keptLine(approval: KeptApproval): PickLine {
  const { what, scope } = approvalWords(approval);
  return { label: plainLabel(what), description: scope, detail: "" };
}

export function offersFor({ scopes, entry, purpose }: PendingRequest): readonly Offer[] {
  const isSetUp = purpose === "setup";
  const once: Offer = {
    label: isSetUp ? "Allow for This Lock File" : "Allow Once",
    detail: isSetUp ? "It is asked about again when the lock file changes" : "It is asked about again the next time",
    icon: "check",
    answer: { kind: "allow", scope: "once", withEntry: false },
  };
  return [
    once,
    ...(scopes.includes("task") ? [{ label: "Allow for This Task", detail: "Exactly this command line", icon: "checklist", answer: { kind: "allow", scope: "task", withEntry: false } } as const] : []),
    ...(scopes.includes("workspace") ? [{ label: "Always Allow Here", detail: "Exactly this command line, in this workspace", icon: "workspace-trusted", answer: { kind: "allow", scope: "workspace", withEntry: false } } as const] : []),
    ...(scopes.includes("workspace") && entry !== null
      ? [{ label: `Always Allow What “${plainLabel(entry)}” Covers`, detail: "In this workspace, as an entry of the setting countersign.commandPolicy.allow would", icon: "list-filter", answer: { kind: "allow", scope: "workspace", withEntry: true } } as const]
      : []),
    { label: "Refuse", detail: "It is not run; the agent is told, and a check is red", icon: "circle-slash", answer: { kind: "refuse" } },
  ];
}

/** e.g. `2 commands of 2 tasks wait for your approval: they would run without a sandbox.` */
export function waitingText(pending: readonly PendingRequest[]): string {
  const tasks = new Set(pending.map(({ task }) => task)).size;
  const of = tasks > 1 ? ` of ${counted(tasks, "task")}` : "";
  return `${counted(pending.length, "command")}${of} ${pending.length === 1 ? "waits" : "wait"} for your approval: without a sandbox nothing runs that you have not allowed.`;
}
