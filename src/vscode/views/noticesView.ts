// The Notifications view: its tree, its commands, and the key that says whether there are any.
import { commands, window, type Disposable } from "vscode";
import type { ContextKeys } from "../contextKeys";
import type { Host } from "../host";
import { command } from "../run";
import { targetOf } from "../taskRef";
import { Coalescer } from "./coalescer";
import { NodeTree } from "./nodeTree";
import { commandFor, noticesOf } from "./notices";
import { NoticeMarks } from "./noticeMarks";
import { NoticeTree } from "./noticeTree";
import { systemTimers } from "./timers";

const KEY_GAP_MS = 500;

export function registerNoticesView(host: Host, keys: ContextKeys): readonly Disposable[] {
  const marks = new NoticeMarks(host.context.workspaceState);
  const model = new NoticeTree(host.desks, marks, () => Date.now());
  const tree = new NodeTree(model, systemTimers);
  const view = window.createTreeView("countersign.notifications", { treeDataProvider: tree });
  const key = new Coalescer<never>(systemTimers, KEY_GAP_MS, () => keys.set("hasNotifications", noticesOf(host.desks.opened, marks).length > 0));
  const refresh = (): void => {
    tree.refresh("all");
    key.addAll();
  };
  return [
    tree,
    view,
    key,
    ...tree.attach(view),
    host.desks.onDidChangeFolders(refresh),
    host.desks.onDidChange(({ change }) => {
      if (model.changed(change) === "all") refresh();
    }),
    command(host, "openNotification", async (argument) => {
      await open(host, marks, argument);
      refresh();
    }),
    command(host, "dismissNotification", async (argument) => {
      const named = noticeIn(argument);
      if (named !== undefined) await marks.dismiss(named.root, named.seq);
      refresh();
    }),
    command(host, "clearNotifications", async () => {
      const latest = new Map<string, number>();
      for (const { ref, notice } of noticesOf(host.desks.opened, marks)) latest.set(ref.root, Math.max(notice.seq, latest.get(ref.root) ?? 0));
      for (const [root, seq] of latest) await marks.clear(root, seq);
      refresh();
    }),
  ];
}

async function open(host: Host, marks: NoticeMarks, argument: unknown): Promise<void> {
  const named = noticeIn(argument);
  const target = targetOf(argument);
  if (named === undefined || target === undefined) return;
  const { view } = await host.desks.find(target);
  await marks.markRead(named.root, named.seq);
  const notice = view.notices.find(({ seq }) => seq === named.seq);
  await commands.executeCommand(commandFor({ about: notice?.about ?? null }, view), { target: { root: target.root, task: target.task } });
}

function noticeIn(argument: unknown): { readonly root: string; readonly seq: number } | undefined {
  const target = targetOf(argument);
  if (target === undefined || typeof argument !== "object" || argument === null || !("seq" in argument) || typeof argument.seq !== "number") return undefined;
  return { root: target.root, seq: argument.seq };
}
