// Offers, once for each folder and window, to go on with what was cut off when a window was closed.
import { commands, window, type Disposable } from "vscode";
import type { Host } from "../host";
import { report } from "../run";
import { Coalescer } from "../views/coalescer";
import { systemTimers } from "../views/timers";
import { leftOver, leftOverText, resumeAll, type LeftOver } from "./leftOver";
import { messageText } from "../messageText";

/** Folders are opened one after the other: their tasks are offered together. */
const GATHER_MS = 500;

export function registerResumeOnStartup(host: Host): readonly Disposable[] {
  const offered = new Set<string>();
  const look = (): void => {
    const fresh = host.desks.opened.filter((desk) => !offered.has(desk.root) && desk.ownership.kind !== "theirs");
    for (const { root } of fresh) offered.add(root);
    const left = fresh.flatMap((desk) => leftOver(desk) ?? []);
    if (left.length > 0) offer(host, left).catch((error: unknown) => report(host, error));
  };
  let gathering: { dispose(): void } | null = null;
  const soon = new Coalescer<never>(systemTimers, GATHER_MS, () => {
    gathering?.dispose();
    gathering = systemTimers.after(GATHER_MS, look);
  });
  return [
    soon,
    { dispose: () => gathering?.dispose() },
    host.desks.onDidChangeFolders(() => soon.addAll()),
    // The process that had the journal may end a little after this window has begun.
    host.desks.onDidChange(({ change }) => {
      if (change.kind === "ownership") soon.addAll();
    }),
  ];
}

async function offer(host: Host, left: readonly LeftOver[]): Promise<void> {
  const when = host.config.resumeOnStartup;
  if (when === "never") return;
  const resume = when === "always" ? "Resume" : await window.showInformationMessage(messageText(leftOverText(left)), "Resume", "Show", "Not Now");
  if (resume === "Show") await commands.executeCommand("countersign.tasks.focus");
  if (resume === "Resume") for (const one of left) await resumeAll(one);
}
