// Which files of which attempt the user has marked as reviewed, kept with the workspace.
import type { Memento } from "vscode";
import { isRecord, texts } from "../record";
import type { TaskRef } from "../taskRef";

const KEY = "countersign.reviewed";

interface Marks {
  /** The attempt's commit: what was marked in another attempt counts no longer. */
  readonly commit: string;
  readonly paths: readonly string[];
}

export class ReviewedMarks {
  #marks: ReadonlyMap<string, Marks>;

  constructor(private readonly memento: Pick<Memento, "get" | "update">) {
    const kept = memento.get<unknown>(KEY);
    this.#marks = new Map(Object.entries(isRecord(kept) ? kept : {}).flatMap(([key, value]) => marksIn(value).map((marks) => [key, marks] as const)));
  }

  has(ref: TaskRef, commit: string, path: string): boolean {
    const marks = this.#marks.get(keyOf(ref));
    return marks?.commit === commit && marks.paths.includes(path);
  }

  /** Paths of the attempt that are marked. */
  of(ref: TaskRef, commit: string): readonly string[] {
    const marks = this.#marks.get(keyOf(ref));
    return marks?.commit === commit ? marks.paths : [];
  }

  async set(ref: TaskRef, commit: string, paths: readonly string[], isReviewed: boolean): Promise<void> {
    const others = this.of(ref, commit).filter((path) => !paths.includes(path));
    await this.#keep(new Map(this.#marks).set(keyOf(ref), { commit, paths: isReviewed ? [...others, ...paths] : others }));
  }

  /** Forgets the marks of tasks that are no longer in review. */
  async prune(isInReview: (key: string) => boolean): Promise<void> {
    const kept = [...this.#marks].filter(([key]) => isInReview(key));
    if (kept.length < this.#marks.size) await this.#keep(new Map(kept));
  }

  async #keep(marks: ReadonlyMap<string, Marks>): Promise<void> {
    this.#marks = marks;
    await this.memento.update(KEY, Object.fromEntries(marks));
  }
}

export function keyOf({ root, task }: TaskRef): string {
  return `${root}\n${task}`;
}

function marksIn(value: unknown): readonly Marks[] {
  return isRecord(value) && typeof value["commit"] === "string" ? [{ commit: value["commit"], paths: texts(value["paths"]) }] : [];
}
