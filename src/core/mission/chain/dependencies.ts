// "task-1.1, 1.2", "Task 1 (schema)", "tasks 1.2–1.5", "all previous tasks", "None": which tasks of the file are meant.
import type { ChainTask } from "./chainTask";
import { insideCode, saysNone, splitCommas } from "./fieldValues";
import { canonicalId } from "./taskIds";

export interface ReadDependencies {
  readonly ids: readonly string[];
  /** What names no task of this file, as it was written. */
  readonly unknown: readonly string[];
  /** What stands there beside names of tasks. */
  readonly remarks: readonly string[];
  /** What was understood in a way that a person should look at. */
  readonly warnings: readonly string[];
}

export class TaskNames {
  private readonly byName = new Map<string, string>();
  private readonly places: ReadonlyMap<string, number>;

  constructor(private readonly tasks: readonly ChainTask[]) {
    // What is more exact comes last and wins.
    for (const { task } of tasks) this.byName.set(task.title.toLowerCase(), task.id);
    for (const { task, alias } of tasks) if (alias !== null) this.name(alias, task.id);
    for (const { task, heading } of tasks) if (heading !== null) this.byName.set(heading.toLowerCase(), task.id);
    for (const { task } of tasks) this.name(task.id, task.id);
    this.places = new Map(tasks.map(({ task }, index) => [task.id, index]));
  }

  private name(name: string, id: string): void {
    this.byName.set(name.toLowerCase(), id);
    this.byName.set(canonicalId(name).toLowerCase(), id);
  }

  find(name: string): string | null {
    const isId = this.places.has(name);
    return isId ? name : (this.byName.get(name.toLowerCase()) ?? this.byName.get(canonicalId(name).toLowerCase()) ?? null);
  }

  before(id: string): readonly string[] {
    return this.tasks.slice(0, this.places.get(id) ?? 0).map(({ task }) => task.id);
  }

  /** In the order of the file, both ends included. */
  between(first: string, last: string): readonly string[] {
    return this.tasks.slice(this.places.get(first) ?? 0, (this.places.get(last) ?? -1) + 1).map(({ task }) => task.id);
  }
}

export function readDependencies({ task, dependsOn }: ChainTask, names: TaskNames): ReadDependencies {
  if (dependsOn === null || saysNone(dependsOn)) return { ids: [], unknown: [], remarks: [], warnings: [] };
  const ids: string[] = [];
  const unknown: string[] = [];
  const remarks: string[] = [];
  const warnings: string[] = [];
  for (const piece of piecesOf(dependsOn.text)) {
    const found = understand(piece, task.id, names);
    ids.push(...found.ids);
    unknown.push(...found.unknown);
    if (found.isProse) remarks.push(piece);
    if (found.isGuess) warnings.push(`"${task.id}" depends on "${piece}": read as ${found.ids.length === 0 ? "none" : found.ids.join(", ")}.`);
  }
  // Prose alone may be a task that does not exist; beside ids it is a remark.
  if (ids.length === 0 && unknown.length === 0) unknown.push(...remarks.splice(0));
  warnings.push(...remarks.map((remark) => `"${task.id}": "${remark}" stands under its dependencies and names no task; it goes into the context.`));
  return { ids: [...new Set(ids)], remarks, unknown: [...new Set(unknown)], warnings };
}

interface Understood {
  readonly ids: readonly string[];
  readonly unknown: readonly string[];
  readonly isProse?: boolean;
  readonly isGuess?: boolean;
}

const NUMBERED = /\btasks?[\s_-]{0,3}#?\d[\w.]*|(?<![\w.-])#?\d{1,6}(?:\.\d{1,6})*[a-z]?(?![\w.-])/gi;
/** Nothing but numbers of tasks: in other words a number may be anything. */
const NUMBERS_ALONE = /^(?:tasks?|and|[\d.,#\s-])+$/i;

function understand(piece: string, own: string, names: TaskNames): Understood {
  const bare = piece.replace(/^[*_`"'[(\s]+|[*_`"'\])\s.]+$/g, "");
  const exact = names.find(insideCode(piece) ?? piece) ?? names.find(bare);
  if (exact !== null) return { ids: [exact], unknown: [] };
  if (/^(?:all|every)\b/i.test(bare) && /\b(?:previous|prior|preceding|above|earlier|other|before)\b/i.test(bare)) return { ids: names.before(own), unknown: [], isGuess: true };
  const range = rangeIn(bare, names);
  if (range !== null) return { ids: range, unknown: [], isGuess: true };
  const withoutRemark = bare.replace(/\s*[([:–—].*$|\s+-\s.*$/s, "").trim();
  const named = names.find(withoutRemark);
  if (named !== null) return { ids: [named], unknown: [] };
  const mentioned = mentionsIn(withoutRemark === "" ? bare : withoutRemark);
  if (mentioned.length > 0) {
    const found = mentioned.map((name) => names.find(name));
    return { ids: found.filter((id) => id !== null), unknown: mentioned.filter((_, at) => found[at] === null), isGuess: mentioned.length > 1 };
  }
  return /^\S+$/.test(withoutRemark) ? { ids: [], unknown: [withoutRemark] } : { ids: [], unknown: [], isProse: true };
}

function mentionsIn(text: string): readonly string[] {
  const all = [...text.matchAll(NUMBERED)].map(([name]) => name.replace(/\.+$/, ""));
  const named = NUMBERS_ALONE.test(text) ? all : all.filter((name) => /^task/i.test(name));
  return named.map((name) => canonicalId(name.replace(/^tasks?[\s_-]*#?|^#/i, "")));
}

/** `1.2–1.5`, `task-1.2 to task-1.5`, `task-1 through 4`. */
function rangeIn(text: string, names: TaskNames): readonly string[] | null {
  const [, first = "", last = ""] = /^(?:tasks?[\s_-]+)?([\w.-]*\d)\s*(?:–|—|\bto\b|\bthrough\b|\s-\s|\.\.\.?|…)\s*((?:task[\s_-]*)?[\w.]*\d)$/i.exec(text) ?? [];
  if (first === "") return null;
  const [from, to] = [names.find(first), names.find(last)];
  return from === null || to === null ? null : names.between(from, to);
}

/** More than any name of a task has; what is longer is no name and shown shortened. */
const LONGEST_PIECE = 500;

/** Items of a list, split at commas and at "and". */
function piecesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim().replace(/^(?:[-*+]|\d{1,3}[.)])\s+/, "").replace(/^\[(?=[^\]]*\]$)|\]$/g, ""))
    .flatMap((line) => splitCommas(line))
    .flatMap((piece) => (piece.startsWith("`") && piece.endsWith("`") ? [piece] : piece.split(/\sand\s|[&+]/i)))
    .map((piece) => piece.slice(0, LONGEST_PIECE).trim().replace(/^and\s+/i, ""))
    .filter((piece) => piece !== "" && !/^(?:none|n\/a)$/i.test(piece));
}
