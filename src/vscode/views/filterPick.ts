// The quick picks of the Tasks view: what to show, how to group it, and where to move a task.
import { QuickPickItemKind, window, type QuickPickItem } from "vscode";
import { CATEGORIES, type Category } from "../../core/domain/task";
import { capitalised } from "./phrases";
import { GROUP_NAMES, GROUPINGS, STATE_GROUPS, type Grouping, type StateGroup, type TaskFilter } from "./taskGroups";
import { CATEGORY_MEANINGS } from "./taskRow";

interface FilterItem extends QuickPickItem {
  readonly category?: Category;
  readonly state?: StateGroup;
}

/** undefined: the user left. What is typed becomes a part of the title that is looked for. */
export function pickFilter(now: TaskFilter): Promise<TaskFilter | undefined> {
  const pick = window.createQuickPick<FilterItem>();
  const separator = (label: string): FilterItem => ({ label, kind: QuickPickItemKind.Separator });
  const categories = CATEGORIES.map((category): FilterItem => ({ label: category, description: CATEGORY_MEANINGS[category], category, alwaysShow: true }));
  const states = STATE_GROUPS.map((state): FilterItem => ({ label: GROUP_NAMES[state], state, alwaysShow: true }));
  pick.title = "Show which tasks?";
  pick.placeholder = "Tick categories and states, or type a part of the title";
  pick.canSelectMany = true;
  pick.items = [separator("Category"), ...categories, separator("State"), ...states];
  pick.selectedItems = [
    ...categories.filter(({ category }) => category !== undefined && now.categories.includes(category)),
    ...states.filter(({ state }) => state !== undefined && now.states.includes(state)),
  ];
  pick.value = now.text;
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      const chosen = pick.selectedItems;
      resolve({ categories: chosen.flatMap(({ category }) => category ?? []), states: chosen.flatMap(({ state }) => state ?? []), text: pick.value.trim() });
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

const GROUPING_NAMES: Readonly<Record<Grouping, { readonly label: string; readonly description: string }>> = {
  category: { label: "Category", description: "DISPATCH, PREP, YOURS" },
  state: { label: "State", description: "what waits for you, what runs, what is over" },
  age: { label: "Age", description: "when the task was created" },
  none: { label: "No groups", description: "one list" },
};

export async function pickGrouping(now: Grouping): Promise<Grouping | undefined> {
  const items = GROUPINGS.map((grouping) => ({ ...GROUPING_NAMES[grouping], grouping, ...(grouping === now ? { detail: "Now" } : {}) }));
  return (await window.showQuickPick(items, { title: "Group tasks by" }))?.grouping;
}

export async function pickCategory(title: string, now: Category): Promise<Category | undefined> {
  const items = CATEGORIES.filter((category) => category !== now).map((category) => ({ label: category, description: CATEGORY_MEANINGS[category], category }));
  return (await window.showQuickPick(items, { title: `Move "${title}" from ${now} to`, placeHolder: "Which category?" }))?.category;
}

/** e.g. `Shown: PREP; waiting for you, running; title contains "fib".` */
export function filterText({ categories, states, text }: TaskFilter): string {
  const parts = [categories.join(", "), states.map((state) => GROUP_NAMES[state].toLowerCase()).join(", "), text === "" ? "" : `title contains "${text}"`];
  return `${capitalised(parts.filter((part) => part !== "").join("; "))}`;
}
