// Quick picks and input boxes whose answer is data: picked, gone back, or left. Knows nothing of tasks.
import { QuickInputButtons, QuickPickItemKind, window, type Disposable, type QuickInputButton, type QuickPick, type QuickPickItem } from "vscode";

export interface AskOptions {
  readonly title: string;
  readonly placeholder?: string;
  /** Place in a sequence of questions, 1-based, and their number. */
  readonly place?: { readonly step: number; readonly of: number };
  /** There is a question before this one. */
  readonly canGoBack?: boolean;
}

export type Left = { readonly kind: "back" } | { readonly kind: "left" };

export interface Choice<T> extends QuickPickItem {
  readonly value: T;
}

/** A heading between choices. */
export interface Heading extends QuickPickItem {
  readonly kind: QuickPickItemKind.Separator;
}

export function heading(label: string): Heading {
  return { label, kind: QuickPickItemKind.Separator };
}

export interface PickOneOptions<T> extends AskOptions {
  /** Chosen where the person just presses Enter. */
  readonly active?: T;
  readonly buttons?: readonly QuickInputButton[];
  readonly onButton?: (button: QuickInputButton) => void;
}

export type Picked<T> = { readonly kind: "picked"; readonly value: T } | Left;

/** One of the choices. They may still be on their way: the box shows that it waits. */
export async function pickOne<T>(choices: readonly (Choice<T> | Heading)[] | Promise<readonly (Choice<T> | Heading)[]>, options: PickOneOptions<T>): Promise<Picked<T>> {
  const picker = window.createQuickPick<Choice<T> | Heading>();
  prepare(picker, options);
  picker.buttons = [...backButton(options), ...(options.buttons ?? [])];
  const fill = (items: readonly (Choice<T> | Heading)[]): void => {
    picker.items = items;
    const active = items.find((item) => "value" in item && item.value === options.active);
    if (active !== undefined) picker.activeItems = [active];
    picker.busy = false;
  };
  return shown(picker, (answer, fail) => {
    if (choices instanceof Promise) {
      picker.busy = true;
      choices.then(fill, fail);
    } else fill(choices);
    return [
      picker.onDidAccept(() => {
        const [chosen] = picker.selectedItems;
        if (chosen !== undefined && "value" in chosen) answer({ kind: "picked", value: chosen.value });
      }),
      picker.onDidTriggerButton((button) => {
        if (button === QuickInputButtons.Back) answer({ kind: "back" });
        else options.onButton?.(button);
      }),
    ];
  });
}

export function prepare(input: Pick<QuickPick<QuickPickItem>, "title" | "placeholder" | "step" | "totalSteps" | "ignoreFocusOut" | "matchOnDescription" | "matchOnDetail">, options: AskOptions): void {
  input.title = options.title;
  input.placeholder = options.placeholder;
  input.step = options.place?.step;
  input.totalSteps = options.place?.of;
  // Whoever looks something up in between finds the question still there.
  input.ignoreFocusOut = true;
  input.matchOnDescription = true;
  input.matchOnDetail = true;
}

export function backButton({ canGoBack }: AskOptions): readonly QuickInputButton[] {
  return canGoBack === true ? [QuickInputButtons.Back] : [];
}

interface Shown {
  show(): void;
  dispose(): void;
  onDidHide(listener: () => void): Disposable;
}

/** Shows the input until `listen` has an answer or it is hidden, and lets go of everything. */
export async function shown<R>(input: Shown, listen: (answer: (result: R) => void, fail: (error: unknown) => void) => readonly Disposable[]): Promise<R | { readonly kind: "left" }> {
  const listeners: Disposable[] = [];
  try {
    return await new Promise<R | { readonly kind: "left" }>((resolve, reject) => {
      listeners.push(...listen(resolve, reject), input.onDidHide(() => resolve({ kind: "left" })));
      input.show();
    });
  } finally {
    for (const listener of listeners) listener.dispose();
    input.dispose();
  }
}
