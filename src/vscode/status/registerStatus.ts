// Puts together what tells of tasks without being asked: the status bar, messages, what an earlier window has left. The
// desks are opened when the window has come to rest, and only where there are tasks.
import { Uri, workspace, type Disposable } from "vscode";
import { messageOf } from "../../core/domain/errors";
import type { BudgetSettings } from "../../core/engine/budget";
import { ContextKeys } from "../contextKeys";
import type { Host } from "../host";
import { command } from "../run";
import { Coalescer } from "../views/coalescer";
import { systemTimers } from "../views/timers";
import { registerAnnouncer } from "./announcer";
import { boardOf, type Board } from "./board";
import { DayCosts } from "./dayCosts";
import { registerResumeOnStartup } from "./resumeOnStartup";
import { statusItem } from "./statusItem";
import { showStatusMenu } from "./statusMenu";

const REST_MS = 1500;
const BOARD_GAP_MS = 250;
const JOURNAL = ".countersign/state/journal.ndjson";

export function registerStatus(host: Host): readonly Disposable[] {
  const keys = new ContextKeys((error) => host.log.error(messageOf(error)));
  const setReady = (): void => keys.set("ready", workspace.isTrusted && (workspace.workspaceFolders ?? []).some(({ uri }) => uri.scheme === "file"));
  const rest = systemTimers.after(REST_MS, () => {
    openWhereTasksAre(host).catch((error: unknown) => host.log.error(messageOf(error)));
  });
  setReady();
  return [
    rest,
    workspace.onDidGrantWorkspaceTrust(setReady),
    workspace.onDidChangeWorkspaceFolders(setReady),
    registerAnnouncer(host),
    ...registerResumeOnStartup(host),
    ...registerStatusItem(host),
  ];
}

async function openWhereTasksAre(host: Host): Promise<void> {
  const found = await Promise.all((workspace.workspaceFolders ?? []).map(({ uri }) => exists(Uri.joinPath(uri, JOURNAL))));
  if (found.includes(true)) await host.desks.all();
}

async function exists(uri: Uri): Promise<boolean> {
  return workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

function registerStatusItem(host: Host): readonly Disposable[] {
  const item = statusItem();
  let budget: BudgetSettings | null = null;
  const costs: DayCosts = new DayCosts({
    desks: () => host.desks.opened,
    timers: systemTimers,
    onChange: () => showing.addAll(),
    onFailure: (error) => host.log.warn(`Today's costs could not be read: ${messageOf(error)}`),
  });
  const board = (): Board => boardOf(host.desks.opened, costs.cost, (budget ??= host.config.desk().budget));
  const showing = new Coalescer<never>(systemTimers, BOARD_GAP_MS, () => item.show(board()));
  return [
    item,
    costs,
    showing,
    host.config.onDidChange("budget", () => {
      budget = null;
      showing.addAll();
    }),
    host.desks.onDidChangeFolders(() => {
      costs.changed();
      showing.addAll();
    }),
    host.desks.onDidChange(({ change }) => {
      if (change.kind === "live") return;
      if (change.kind === "event" && (change.event.kind === "turnCompleted" || change.event.kind === "callFailed")) costs.changed();
      showing.addAll();
    }),
    command(host, "showStatus", () => showStatusMenu(board())),
  ];
}
