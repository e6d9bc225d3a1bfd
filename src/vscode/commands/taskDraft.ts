// What is known of a task before there is one, and the draft that is kept of it when a person leaves. Pure but for the
// storage it is given.
import type { Memento, WorkspaceFolder } from "vscode";
import { routeTask } from "../../core/domain/routing";
import { CATEGORIES, PROFILES, TASK_TYPES, type Category, type TaskRequest, type TaskType, type VerificationProfile } from "../../core/domain/task";
import { isRecord, oneOf, texts } from "../record";

export interface TaskDraft {
  readonly folder: WorkspaceFolder | null;
  readonly text: string;
  /** Said after the text: the place in the code that it is about. "" for none. */
  readonly about: string;
  readonly category: Category;
  readonly requestedType: TaskType | null;
  readonly profile: VerificationProfile;
  /** Relative to the repository's root. */
  readonly attachments: readonly string[];
  readonly approvePlan: boolean;
  /** null: by the settings. */
  readonly models: Partial<TaskRequest["models"]> | null;
  /** At once, or as soon as a place is free. */
  readonly run: boolean;
}

/** What comes with the command: its argument, for keybindings and other extensions. */
export interface NewTaskOptions extends Partial<Omit<TaskDraft, "folder" | "run">> {
  /** Name or path of a folder of the window. */
  readonly folder?: string;
  /** Creates it without a question, and runs it where true. Asked when left out. */
  readonly run?: boolean;
}

export function descriptionOf({ text, about }: Pick<TaskDraft, "text" | "about">): string {
  return about === "" ? text.trim() : `${text.trim()}\n\n${about}`;
}

/** How it would be run; null for one that is never run. */
export function typeOf(draft: TaskDraft): TaskType | null {
  const route = routeTask({ ...draft, description: descriptionOf(draft) });
  return route.kind === "run" ? route.type : null;
}

export function newTaskOptions(argument: unknown): NewTaskOptions {
  if (!isRecord(argument)) return {};
  const { text, about, folder, run, approvePlan, models } = argument;
  const category = oneOf(CATEGORIES, argument["category"]);
  const profile = oneOf(PROFILES, argument["profile"]);
  const requestedType = oneOf(TASK_TYPES, argument["type"]);
  return {
    ...(typeof text === "string" && text.trim() !== "" ? { text } : {}),
    ...(typeof about === "string" ? { about } : {}),
    ...(category === undefined ? {} : { category }),
    ...(profile === undefined ? {} : { profile }),
    ...(requestedType === undefined ? {} : { requestedType }),
    ...(Array.isArray(argument["attachments"]) ? { attachments: texts(argument["attachments"]) } : {}),
    ...(typeof approvePlan === "boolean" ? { approvePlan } : {}),
    ...(isRecord(models) ? { models: Object.fromEntries(Object.entries(models).filter(([, id]) => typeof id === "string")) } : {}),
    ...(typeof folder === "string" ? { folder } : {}),
    ...(typeof run === "boolean" ? { run } : {}),
  };
}

const KEY = "countersign.newTask.draft";

/** The draft of a task that was left before it was created, in this workspace. */
export class DraftStore {
  constructor(private readonly state: Memento) {}

  load(): Pick<TaskDraft, "text" | "category" | "profile" | "attachments"> | null {
    const kept: unknown = this.state.get(KEY);
    if (!isRecord(kept) || typeof kept["text"] !== "string" || kept["text"].trim() === "") return null;
    const { text, attachments } = kept;
    return { text, category: oneOf(CATEGORIES, kept["category"]) ?? "PREP", profile: oneOf(PROFILES, kept["profile"]) ?? "code", attachments: texts(attachments) };
  }

  async keep({ text, category, profile, attachments }: TaskDraft): Promise<void> {
    await this.state.update(KEY, text.trim() === "" ? undefined : { text, category, profile, attachments });
  }

  async clear(): Promise<void> {
    await this.state.update(KEY, undefined);
  }
}
