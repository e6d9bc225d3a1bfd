// Which notices the user has opened or dismissed, kept with the workspace. A notice is named by its folder and the number
// of its event in that folder's journal.
import type { Memento } from "vscode";
import { isRecord } from "../record";

const KEY = "countersign.notifications";
/** Numbers kept of each kind; of older ones the oldest are forgotten, and those are long out of the list. */
const KEPT = 500;

interface Marks {
  /** Everything up to this event was dismissed. */
  readonly clearedTo: number;
  readonly dismissed: readonly number[];
  readonly read: readonly number[];
}

const NONE: Marks = { clearedTo: 0, dismissed: [], read: [] };

export class NoticeMarks {
  #marks: ReadonlyMap<string, Marks>;

  constructor(private readonly memento: Pick<Memento, "get" | "update">) {
    const kept = memento.get<unknown>(KEY);
    this.#marks = new Map(Object.entries(isRecord(kept) ? kept : {}).map(([root, value]) => [root, marksIn(value)]));
  }

  isDismissed(root: string, seq: number): boolean {
    const { clearedTo, dismissed } = this.#of(root);
    return seq <= clearedTo || dismissed.includes(seq);
  }

  isRead(root: string, seq: number): boolean {
    return this.#of(root).read.includes(seq);
  }

  dismiss(root: string, seq: number): Promise<void> {
    const marks = this.#of(root);
    return this.#keep(root, { ...marks, dismissed: [...marks.dismissed, seq] });
  }

  markRead(root: string, seq: number): Promise<void> {
    const marks = this.#of(root);
    return marks.read.includes(seq) ? Promise.resolve() : this.#keep(root, { ...marks, read: [...marks.read, seq] });
  }

  /** Dismisses everything up to an event. */
  clear(root: string, upTo: number): Promise<void> {
    return this.#keep(root, { ...this.#of(root), clearedTo: upTo });
  }

  #of(root: string): Marks {
    return this.#marks.get(root) ?? NONE;
  }

  async #keep(root: string, { clearedTo, dismissed, read }: Marks): Promise<void> {
    const recent = (seqs: readonly number[]): readonly number[] => seqs.filter((seq) => seq > clearedTo).slice(-KEPT);
    this.#marks = new Map(this.#marks).set(root, { clearedTo, dismissed: recent(dismissed), read: recent(read) });
    await this.memento.update(KEY, Object.fromEntries(this.#marks));
  }
}

function marksIn(value: unknown): Marks {
  if (!isRecord(value)) return NONE;
  const { clearedTo, dismissed, read } = value;
  return { clearedTo: typeof clearedTo === "number" ? clearedTo : 0, dismissed: numbers(dismissed), read: numbers(read) };
}

function numbers(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "number") : [];
}
