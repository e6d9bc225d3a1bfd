// Which line of a chain file belongs to which field of which task, and which to none: every line has exactly one place.
// It reads no values.
import { blocksAmongTasks } from "./blocks";
import { readLabel } from "./labels";
import type { ChainLines, Segments } from "./rawTask";
import { TaskReader } from "./taskReader";
import { startAt } from "./taskStart";

export function segmentsOf(lines: readonly string[]): Segments {
  const known = chainLines(lines);
  const reader = new TaskReader(known);
  for (let line = 0; line < lines.length; line += 1) reader.take(line);
  const hidden = lines.flatMap((text, line) => (known.isText[line] === 1 && mayStart(text) && startAt(lines, line, readLabel(text))?.isLabel === true ? [line] : []));
  return { ...reader.end(), hidden };
}

function mayStart(line: string): boolean {
  return /task|\bid\b/i.test(line.slice(0, 200));
}

function chainLines(lines: readonly string[]): ChainLines {
  const raw = lines.map((line) => readLabel(line));
  const anyStarts = lines.map((line, at) => (mayStart(line) ? startAt(lines, at, raw[at] ?? null) : null));
  const tasks = anyStarts.flatMap((start, line) => (start === null ? [] : [line]));
  const isText = new Uint8Array(lines.length);
  const { blocks, wrapping } = blocksAmongTasks(lines, tasks);
  for (const { start, end } of blocks) {
    // A block may open on the line of a label: the label is still one.
    const label = raw[start] ?? null;
    const opensBehindLabel = label !== null && label.field !== null && /^(?:`{3}|~{3}|<)/.test(label.value);
    isText.fill(1, opensBehindLabel ? start + 1 : start, end + 1);
  }
  const labels = raw.map((label, line) => (isText[line] === 1 ? null : label));
  const starts = anyStarts.map((start, line) => (isText[line] === 1 ? null : start));
  const isKnown = (line: number): boolean => (labels[line]?.field ?? null) !== null || (starts[line] ?? null) !== null;
  return {
    lines,
    isText,
    wrapping: new Set(wrapping),
    labels,
    starts,
    nextKnown: nextOf(lines.length, isKnown),
    nextFilled: nextOf(lines.length, (line) => lines[line]?.trim() !== ""),
  };
}

function nextOf(count: number, holds: (line: number) => boolean): Int32Array {
  const next = new Int32Array(count + 1).fill(count);
  for (let line = count - 1; line >= 0; line -= 1) next[line] = holds(line) ? line : (next[line + 1] ?? count);
  return next;
}
