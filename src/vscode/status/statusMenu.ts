// What the status bar item opens: the tasks that run or wait, and where to go from here.
import { QuickPickItemKind, ThemeIcon, commands, window, type QuickPickItem } from "vscode";
import { STATE_NAMES } from "../../core/projections/taskState";
import { commandFor } from "../views/notices";
import { line, ordinal } from "../views/phrases";
import { taskIcon } from "../views/taskRow";
import { themeIcon } from "../views/treeItems";
import { dollars } from "../../shared/figures";
import type { Board, BoardTask } from "./board";

interface MenuItem extends QuickPickItem {
  readonly run?: { readonly command: string; readonly args: readonly unknown[] };
}

export async function showStatusMenu(board: Board): Promise<void> {
  const chosen = await window.showQuickPick(menuOf(board), { title: "Countersign", placeHolder: board.alarm === null ? "Open a task, or choose what to do" : `Note: ${board.alarm.text}`, matchOnDescription: true });
  if (chosen?.run !== undefined) await commands.executeCommand(chosen.run.command, ...chosen.run.args);
}

function menuOf({ running, waiting, inQueue, todayUsd }: Board): readonly MenuItem[] {
  return [
    ...section("Waiting for you", waiting, ({ state }) => STATE_NAMES[state]),
    ...section("Running", running, ({ view }) => view.phase ?? "starting"),
    ...section("In queue", inQueue, (_task, index) => ordinal(index + 1)),
    { label: "", kind: QuickPickItemKind.Separator },
    action("New Task…", "add", "countersign.newTask"),
    action("Open Dashboard", "dashboard", "countersign.openDashboard"),
    action("Show Notifications", "bell", "countersign.notifications.focus"),
    { ...action("Cost Report", "graph", "countersign.costReport"), description: todayUsd > 0 ? `${dollars(todayUsd)} today` : "" },
  ];
}

function section(title: string, tasks: readonly BoardTask[], say: (task: BoardTask, index: number) => string): readonly MenuItem[] {
  if (tasks.length === 0) return [];
  const items = tasks.map((task, index): MenuItem => {
    const { view, state, ref } = task;
    const command = state === "awaiting_command" ? "countersign.reviewCommands" : state === "review" || state === "awaiting_approval" || state === "escalated" ? commandFor({ about: ABOUT[state] }, view) : "countersign.openTask";
    return {
      label: view.request.title,
      iconPath: themeIcon(taskIcon(state, view)),
      description: line(say(task, index), view.cost.usd > 0 && dollars(view.cost.usd)),
      run: { command, args: [{ target: ref }] },
    };
  });
  return [{ label: title, kind: QuickPickItemKind.Separator }, ...items];
}

const ABOUT = { review: "review", awaiting_approval: "approval", escalated: "escalation" } as const;

function action(label: string, icon: string, command: string): MenuItem {
  return { label, iconPath: new ThemeIcon(icon), run: { command, args: [] } };
}
