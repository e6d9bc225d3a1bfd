// Comments that are not sent yet, kept with the workspace so that a reload loses none. Knows no editor.
import type { ReviewComment } from "../../core/domain/review";
import type { TaskRef } from "../taskRef";

/** A comment and the document that it was made in. */
export interface DraftComment extends ReviewComment {
  readonly id: string;
  readonly uri: string;
}

/** What a Memento of VS Code is, as far as drafts go. */
export interface DraftStore {
  keys(): readonly string[];
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): PromiseLike<void>;
}

const PREFIX = "review.comments:";

/** How many comments wait to be sent with a request for changes. */
export function pendingComments(store: Pick<DraftStore, "get">, ref: TaskRef): number {
  return draftsOf(store, ref).length;
}

/** In the order of files and lines. */
export function draftsOf(store: Pick<DraftStore, "get">, ref: TaskRef): readonly DraftComment[] {
  const kept = store.get<unknown>(keyOf(ref));
  return Array.isArray(kept) ? kept.filter(isDraft).toSorted((a, b) => a.path.localeCompare(b.path) || a.line - b.line) : [];
}

/** Every task that has some. */
export function tasksWithDrafts(store: Pick<DraftStore, "keys">): readonly TaskRef[] {
  return store.keys().flatMap((key) => {
    if (!key.startsWith(PREFIX)) return [];
    const [task = "", ...root] = key.slice(PREFIX.length).split(":");
    return [{ task: task as TaskRef["task"], root: root.join(":") }];
  });
}

/** Adds a draft, or puts it in the place of the one with its id. */
export async function keepDraft(store: DraftStore, ref: TaskRef, draft: DraftComment): Promise<void> {
  await store.update(keyOf(ref), [...draftsOf(store, ref).filter(({ id }) => id !== draft.id), draft]);
}

export async function dropDraft(store: DraftStore, ref: TaskRef, id: string): Promise<void> {
  const left = draftsOf(store, ref).filter((draft) => draft.id !== id);
  await store.update(keyOf(ref), left.length === 0 ? undefined : left);
}

export async function dropDrafts(store: DraftStore, ref: TaskRef): Promise<void> {
  await store.update(keyOf(ref), undefined);
}

/** As it is sent: without what only this window needs. */
export function sentForm({ path, side, attempt, line, endLine, quote, text }: DraftComment): ReviewComment {
  return { path, side, attempt, line, endLine, quote, text };
}

/** A task's id holds no colon; a root may. */
function keyOf({ root, task }: TaskRef): string {
  return `${PREFIX}${task}:${root}`;
}

const STRINGS = ["id", "uri", "path", "quote", "text"] as const;
const NUMBERS = ["attempt", "line", "endLine"] as const;

function isDraft(value: unknown): value is DraftComment {
  if (typeof value !== "object" || value === null) return false;
  const draft = value as Readonly<Record<string, unknown>>;
  const isWhole = STRINGS.every((key) => typeof draft[key] === "string") && NUMBERS.every((key) => typeof draft[key] === "number");
  return isWhole && (draft["side"] === "base" || draft["side"] === "attempt");
}
