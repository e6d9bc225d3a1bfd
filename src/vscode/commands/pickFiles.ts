// Lets a person choose files of the repository, many of many: open ones first, found by a few letters, and what is
// chosen stays in the list whatever is typed.
import { QuickInputButtons, QuickPickItemKind, window, type QuickPick, type QuickPickItem } from "vscode";
import { backButton, heading, prepare, shown, type AskOptions, type Picked } from "../ask";
import { bestMatches } from "./fileMatches";

/** More rows nobody scrolls through, and each costs a message to the window. */
const MOST_SHOWN = 200;

export interface Files {
  /** Paths relative to the root. */
  readonly all: readonly string[];
  readonly open: readonly string[];
}

interface FileItem extends QuickPickItem {
  readonly path: string;
}

type Item = FileItem | (QuickPickItem & { readonly kind: QuickPickItemKind.Separator });

export async function pickFiles(files: Promise<Files>, chosen: readonly string[], options: AskOptions): Promise<Picked<readonly string[]>> {
  const picker = window.createQuickPick<Item>();
  prepare(picker, options);
  picker.canSelectMany = true;
  picker.buttons = [...backButton(options)];
  picker.busy = true;
  const list = new FileList(picker, chosen);
  return shown(picker, (answer, fail) => {
    files.then((found) => list.show(found), fail);
    return [
      picker.onDidChangeValue(() => list.typed()),
      picker.onDidChangeSelection((items) => list.selected(items)),
      picker.onDidAccept(() => answer({ kind: "picked", value: list.chosen })),
      picker.onDidTriggerButton((button) => {
        if (button === QuickInputButtons.Back) answer({ kind: "back" });
      }),
    ];
  });
}

class FileList {
  #files: Files = { all: [], open: [] };
  #chosen: readonly string[];
  /** Setting the items takes the selection away for a moment; that is not the person's doing. */
  #isFilling = false;

  constructor(
    private readonly picker: QuickPick<Item>,
    chosen: readonly string[],
  ) {
    this.#chosen = chosen;
  }

  get chosen(): readonly string[] {
    return this.#chosen;
  }

  show(files: Files): void {
    this.#files = files;
    this.picker.busy = false;
    this.#fill();
  }

  typed(): void {
    // With few files the editor's own filter does it all.
    if (this.#files.all.length > MOST_SHOWN) this.#fill();
  }

  selected(items: readonly Item[]): void {
    if (!this.#isFilling) this.#chosen = items.flatMap((item) => ("path" in item ? [item.path] : []));
  }

  #fill(): void {
    const { all, open } = this.#files;
    const left = all.filter((path) => !this.#chosen.includes(path) && !open.includes(path));
    const shownOpen = open.filter((path) => !this.#chosen.includes(path));
    const items: Item[] = [
      ...group("Attached", this.#chosen),
      ...group("Open editors", shownOpen),
      ...group("Files", bestMatches(left, this.picker.value, MOST_SHOWN)),
    ];
    this.#isFilling = true;
    this.picker.items = items;
    this.picker.selectedItems = items.filter((item) => "path" in item && this.#chosen.includes(item.path));
    this.#isFilling = false;
  }
}

function group(name: string, paths: readonly string[]): readonly Item[] {
  if (paths.length === 0) return [];
  return [{ ...heading(name), kind: QuickPickItemKind.Separator }, ...paths.map((path): FileItem => ({ label: path, path }))];
}
