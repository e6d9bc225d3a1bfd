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

export class DraftComments {
  readonly #listeners = new Set<(ref: TaskRef) => void>();

  constructor(private readonly store: DraftStore) {}

  /** Called with the task whose drafts have changed. */
  onDidChange(listener: (ref: TaskRef) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** How many comments wait to be sent with a request for changes. */
  pending(ref: TaskRef): number {
    return this.of(ref).length;
  }

  /** In the order of files and lines. */
  of(ref: TaskRef): readonly DraftComment[] {
    const kept = this.store.get<unknown>(keyOf(ref));
    return Array.isArray(kept) ? kept.filter(isDraft).toSorted((a, b) => a.path.localeCompare(b.path) || a.line - b.line) : [];
  }

  /** Every task that has some. */
  tasks(): readonly TaskRef[] {
    return this.store.keys().flatMap((key) => {
      if (!key.startsWith(PREFIX)) return [];
      const [task = "", ...root] = key.slice(PREFIX.length).split(":");
      return [{ task: task as TaskRef["task"], root: root.join(":") }];
    });
  }

  /** Adds a draft, or puts it in the place of the one with its id. */
  keep(ref: TaskRef, draft: DraftComment): Promise<void> {
    return this.#put(ref, [...this.of(ref).filter(({ id }) => id !== draft.id), draft]);
  }

  drop(ref: TaskRef, id: string): Promise<void> {
    return this.#put(ref, this.of(ref).filter((draft) => draft.id !== id));
  }

  dropAll(ref: TaskRef): Promise<void> {
    return this.#put(ref, []);
  }

  async #put({ root, task }: TaskRef, drafts: readonly DraftComment[]): Promise<void> {
    await this.store.update(keyOf({ root, task }), drafts.length === 0 ? undefined : drafts);
    for (const listener of this.#listeners) listener({ root, task });
  }
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
