// Lines on which a task of a chain file begins: a label with an id, or a heading with one. Pure.
import { normalName, type Label } from "./labels";
import { readId, readNumberedId, TASK_ID } from "./taskIds";

export interface TaskStart {
  readonly id: string;
  /** What stands behind the id. */
  readonly rest: string;
  /** False: only a heading that names a task, as plans also do in other places. */
  readonly isLabel: boolean;
  /** 0: no heading. */
  readonly level: number;
  /** The id stands on this further line. */
  readonly idLine: number | null;
}

export function startAt(lines: readonly string[], line: number, label: Label | null): TaskStart | null {
  const level = headingLevel(lines[line] ?? "");
  if (label?.field === "id") {
    const read = idBehind(lines, line, label);
    if (read !== null) return { ...read, isLabel: true, level };
  }
  if (label?.field === "title" && normalName(label.name) === "task") {
    const read = readNumberedId(label.value);
    if (read !== null) return { ...read, isLabel: true, level, idLine: null };
  }
  if (level === 0) return null;
  const read = readNumberedId((lines[line] ?? "").trim().slice(level).replace(/#+$/, "").trim().replace(/^[^\p{L}*_`[(]{1,8}/u, ""));
  return read === null ? null : { ...read, isLabel: false, level, idLine: null };
}

function idBehind(lines: readonly string[], line: number, label: Label): Pick<TaskStart, "id" | "rest" | "idLine"> | null {
  if (label.value !== "") {
    const read = readId(label.value);
    // A plain "ID" labels all kinds of things.
    return read !== null && (normalName(label.name) !== "id" || /\d/.test(read.id)) ? { ...read, idLine: null } : null;
  }
  for (const next of [line + 1, line + 2]) {
    const text = (lines[next] ?? "").trim();
    if (text === "") continue;
    const read = readId(text);
    return read !== null && read.rest === "" && TASK_ID.test(text.replaceAll(/[`*_\s]/g, "-").replace(/^-+|-+$/g, "")) ? { ...read, idLine: next } : null;
  }
  return null;
}

/** 0: no heading. */
export function headingLevel(line: string): number {
  return /^\s{0,3}(#{1,6})(?=\s)/.exec(line)?.[1]?.length ?? 0;
}

/** `---` and the like; longer ones than anybody writes are text. */
export function isBreak(line: string): boolean {
  const marks = line.trim().slice(0, 201).replaceAll(/[ \t]/g, "");
  return marks.length <= 200 && /^(?:-{3,}|\*{3,}|_{3,})$/.test(marks);
}
