// Tells of commands that wait: one message however many they are, and an item in the status bar as long as any does. Also
// says once a window that a task runs without a sandbox.
import { StatusBarAlignment, ThemeColor, commands, window, type Disposable, type StatusBarItem } from "vscode";
import type { Host } from "../host";
import { command, report } from "../run";
import { warn } from "../tell";
import { waitingText } from "./approvalItems";
import { doctor } from "./doctor";
import { reviewCommands } from "./reviewCommands";

const REVIEW = "Review Commands";
/** Beside the tasks' item. */
const PRIORITY = 41;

export function registerApprovals(host: Host): readonly Disposable[] {
  const prompt = new ApprovalPrompt(host);
  return [
    prompt,
    command(host, "reviewCommands", () => reviewCommands(host)),
    command(host, "doctor", () => doctor(host)),
    tellOfMissingSandbox(host),
  ];
}

class ApprovalPrompt implements Disposable {
  readonly #listening: Disposable;
  #item: StatusBarItem | null = null;
  #isAsking = false;
  #lastSeen = 0;

  constructor(private readonly host: Host) {
    this.#listening = host.approvals.onChange(() => this.#changed());
  }

  dispose(): void {
    this.#listening.dispose();
    this.#item?.dispose();
  }

  #changed(): void {
    const { pending } = this.host.approvals;
    this.#showItem(pending.length);
    const newest = pending.at(-1)?.id ?? 0;
    const isNew = newest > this.#lastSeen;
    this.#lastSeen = Math.max(this.#lastSeen, newest);
    // What joins while the message is open is found behind its button.
    if (!isNew || this.#isAsking) return;
    this.#isAsking = true;
    this.#ask().catch((error: unknown) => report(this.host, error)).catch((error: unknown) => this.host.log.error(String(error)));
  }

  async #ask(): Promise<void> {
    try {
      // Requests that come in the same moment are counted together.
      await Promise.resolve();
      const chosen = await window.showWarningMessage(waitingText(this.host.approvals.pending), REVIEW);
      if (chosen === REVIEW) await commands.executeCommand("countersign.reviewCommands");
    } finally {
      this.#isAsking = false;
    }
  }

  #showItem(count: number): void {
    if (count === 0) return this.#item?.hide();
    this.#item ??= this.#makeItem();
    this.#item.text = `$(shield) ${count}`;
    this.#item.tooltip = waitingText(this.host.approvals.pending);
    this.#item.accessibilityInformation = { label: this.#item.tooltip, role: "button" };
    this.#item.show();
  }

  #makeItem(): StatusBarItem {
    const item = window.createStatusBarItem("countersign.approvals", StatusBarAlignment.Left, PRIORITY);
    item.name = "Countersign: Commands to Approve";
    item.command = "countersign.reviewCommands";
    item.backgroundColor = new ThemeColor("statusBarItem.warningBackground");
    return item;
  }
}

function tellOfMissingSandbox(host: Host): Disposable {
  const openedAt = new Date().toISOString();
  let isTold = false;
  return host.desks.onDidChange(({ desk, change }) => {
    if (isTold || change.kind !== "event" || change.event.kind !== "protectionNoted") return;
    if (change.event.time < openedAt || !desk.queue.isRunning(change.event.task)) return;
    isTold = true;
    const { state, why, install } = change.event;
    const remedy = install.length === 0 ? "" : ` To get one: ${install.join(" && ")}`;
    warn(host, `${state === "off" ? "The sandbox is off." : "There is no sandbox here."} ${why} Commands that you allow run with your rights.${remedy}`, { Doctor: () => commands.executeCommand("countersign.doctor") });
  });
}
