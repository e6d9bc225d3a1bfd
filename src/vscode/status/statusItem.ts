// The status bar item: hidden while there is nothing to say.
import { MarkdownString, StatusBarAlignment, ThemeColor, window, type Disposable } from "vscode";
import { plain } from "../views/phrases";
import { statusText, statusWords, type Board, type BoardTask } from "./board";

/** Beside what other extensions say of the repository, left of the middle. */
const PRIORITY = 40;
const LISTED = 5;

export interface StatusItem extends Disposable {
  show(board: Board): void;
}

export function statusItem(): StatusItem {
  const item = window.createStatusBarItem("countersign.status", StatusBarAlignment.Left, PRIORITY);
  item.name = "Countersign";
  item.command = { command: "countersign.showStatus", title: "Show Tasks" };
  let shown = "";
  return {
    show(board) {
      const text = statusText(board);
      if (text === null) {
        item.hide();
        shown = "";
        return;
      }
      const words = statusWords(board);
      const tooltip = tooltipOf(board, words);
      // The spinner begins anew whenever the text is set.
      if (shown === `${text}\n${tooltip}`) return;
      shown = `${text}\n${tooltip}`;
      item.text = text;
      item.tooltip = new MarkdownString(tooltip);
      item.accessibilityInformation = { label: words, role: "button" };
      item.backgroundColor = board.alarm === null ? undefined : new ThemeColor(board.alarm.level === "over" ? "statusBarItem.errorBackground" : "statusBarItem.warningBackground");
      item.show();
    },
    dispose: () => item.dispose(),
  };
}

function tooltipOf({ running, waiting, inQueue }: Board, words: string): string {
  return [plain(words), ...list("Running", running), ...list("In queue", inQueue), ...list("Waiting for you", waiting)].join("\n\n");
}

function list(title: string, tasks: readonly BoardTask[]): readonly string[] {
  if (tasks.length === 0) return [];
  const more = tasks.length > LISTED ? [`- and ${tasks.length - LISTED} more`] : [];
  return [`**${title}**\n${[...tasks.slice(0, LISTED).map(({ view }) => `- ${plain(view.request.title)}`), ...more].join("\n")}`];
}
