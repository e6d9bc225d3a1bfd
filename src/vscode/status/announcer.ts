// Tells the user in messages of the window what tasks of this window came to, as far as they want to be told, and what
// went wrong that belongs to no task.
import { commands, window, type Disposable } from "vscode";
import { CountersignError } from "../../core/domain/errors";
import type { Host } from "../host";
import { report } from "../run";
import { systemTimers } from "../views/timers";
import { announcementOf, merged, type Announcement } from "./announcements";
import { Batch } from "./batch";
import { messageText } from "../messageText";

const SHOW = { info: window.showInformationMessage, warning: window.showWarningMessage, error: window.showErrorMessage } as const;

export function registerAnnouncer(host: Host): Disposable {
  const openedAt = new Date().toISOString();
  const batch = new Batch<Announcement>(systemTimers, (announcements) => {
    announce(announcements).catch((error: unknown) => report(host, error));
  });
  const troubles = new Batch<string>(systemTimers, (messages) => {
    tellTrouble(host, messages).catch((error: unknown) => host.log.error(String(error)));
  });
  const listening = host.desks.onDidChange(({ desk, change }) => {
    if (change.kind === "trouble") troubles.add(change.message);
    if (change.kind !== "event") return;
    const announcement = announcementOf(desk, change.event, change.view, openedAt);
    if (announcement !== null && host.config.notifies(announcement.about)) batch.add(announcement);
  });
  return {
    dispose() {
      listening.dispose();
      batch.dispose();
      troubles.dispose();
    },
  };
}

/** What repeats itself within seconds is told once. */
async function tellTrouble(host: Host, messages: readonly string[]): Promise<void> {
  for (const message of new Set(messages)) await report(host, new CountersignError("io", message));
}

/** Resolves when the user has answered. */
async function announce(announcements: readonly Announcement[]): Promise<void> {
  const [first] = announcements;
  if (first === undefined) return;
  if (announcements.length > 1) {
    const { level, text } = merged(announcements);
    if ((await SHOW[level](messageText(text), "Show Notifications")) !== undefined) await commands.executeCommand("countersign.notifications.focus");
    return;
  }
  const chosen = await SHOW[first.level](messageText(first.text), ...first.offers.map(({ label }) => label));
  const offer = first.offers.find(({ label }) => label === chosen);
  if (offer !== undefined) await commands.executeCommand(offer.command, ...(offer.args ?? [{ target: first.target }]));
}
