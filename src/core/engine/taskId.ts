// Makes task ids: readable, and safe as folder, branch and file name on every system.
import type { TaskId } from "../domain/task";

const LONGEST = 40;

/** Slug of the title (ASCII letters, digits, `-`, at most 40 characters) + "-" + 4 random base-32 characters. */
export function taskIdFor(title: string, randomText: (length: number) => string): TaskId {
  const slug = title
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");
  return `${slug || "task"}-${randomText(4)}` as TaskId;
}

/** A title for a task that came with a description only: its first line, shortened at a word. */
export function titleOf(description: string): string {
  const line = description.trim().split("\n", 1)[0]?.trim() ?? "";
  if (line.length <= 72) return line;
  const cut = line.slice(0, 72);
  const end = Math.max(cut.lastIndexOf(" "), 40);
  // Half of a pair is no character.
  return `${cut.slice(0, end).replace(/[\ud800-\udbff]$/, "")}…`;
}
