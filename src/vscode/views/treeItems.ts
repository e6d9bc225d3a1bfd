// Makes the editor's TreeItem of a row.
import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCheckboxState, TreeItemCollapsibleState, Uri, type Command } from "vscode";
import { changeUri } from "./changeDecorations";
import type { Click, Icon, Resource, Row, Tone } from "./row";

const COLOURS: Readonly<Record<Exclude<Tone, "plain">, string>> = {
  active: "charts.blue",
  good: "testing.iconPassed",
  bad: "testing.iconFailed",
  attention: "problemsWarningIcon.foreground",
  muted: "disabledForeground",
};

const EXPANDS: Readonly<Record<Row["expands"], TreeItemCollapsibleState>> = {
  never: TreeItemCollapsibleState.None,
  closed: TreeItemCollapsibleState.Collapsed,
  open: TreeItemCollapsibleState.Expanded,
};

/** The tooltip is left out: it is made when the pointer rests on the item. */
export function treeItem(id: string, row: Row): TreeItem {
  const item = new TreeItem({ label: row.label, highlights: row.highlights.map(([start, end]) => [start, end]) }, EXPANDS[row.expands]);
  item.id = id;
  item.description = row.description;
  item.contextValue = row.context;
  item.accessibilityInformation = { label: row.spoken ?? [row.label, row.description].filter((part) => part !== "").join(", ") };
  if (row.resource !== null) item.resourceUri = uriOf(row.resource);
  const icon = row.icon === null ? iconOf(row.resource) : themeIcon(row.icon);
  if (icon !== undefined) item.iconPath = icon;
  if (row.click !== null) item.command = commandOf(row.click);
  if (row.checked !== null) {
    const state = row.checked ? TreeItemCheckboxState.Checked : TreeItemCheckboxState.Unchecked;
    item.checkboxState = { state, tooltip: row.checked ? "Reviewed" : "Mark as reviewed" };
  }
  return item;
}

/** Markdown from texts that have been escaped; links and commands in it do nothing. */
export function tooltip(markdown: string): MarkdownString {
  return new MarkdownString(markdown);
}

export function themeIcon({ name, tone }: Icon): ThemeIcon {
  return tone === "plain" ? new ThemeIcon(name) : new ThemeIcon(name, new ThemeColor(COLOURS[tone]));
}

function iconOf(resource: Resource | null): ThemeIcon | undefined {
  if (resource === null) return undefined;
  return resource.kind === "folder" ? ThemeIcon.Folder : ThemeIcon.File;
}

function uriOf(resource: Resource): Uri {
  return resource.kind === "change" ? changeUri(resource) : Uri.file(resource.path);
}

function commandOf(click: Click): Command {
  if (click.kind === "open") return { command: "vscode.open", title: "Open", arguments: [Uri.file(click.path), { preview: true }] };
  return { command: click.command, title: click.title, arguments: [...click.args] };
}
