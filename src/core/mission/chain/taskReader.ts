// Walks the lines of a chain file and puts each into a field of the current task or, outside of tasks, into a section.
// Where a label or a heading may as well be part of a prompt, what comes after it decides.
import { isListField, isLong, type Field, type Label, type LabelStyle } from "./labels";
import type { ChainLines, RawField, RawSection, RawTask, Segment, Segments } from "./rawTask";
import { headingLevel, isBreak, type TaskStart } from "./taskStart";

/** Fields that may stand in a task more than once. */
const REPEATED: ReadonlySet<Field> = new Set(["criteria", "verification", "commands", "files", "other"]);
/** Fields of which nothing is left behind a blank line. */
const ONE_LINE: ReadonlySet<Field> = new Set(["model", "duration", "maxRetries", "maxAttempts", "toolCalls", "parallelGroup", "dependencies"]);
/** Of the names of one word, those that end a prompt; others are too common in prompts. */
const CLEAR_NAMES: ReadonlySet<string> = new Set(["prompt", "context", "dependencies", "title"]);
/** Labels that are looked at to learn whether a prompt goes on behind a heading. */
const LABELS_AHEAD = 12;

interface OpenTask {
  readonly raw: RawTask;
  /** Headings of this level or above end it. */
  readonly level: number;
  /** How its fields are labelled; null: none was seen yet. */
  style: { readonly kind: LabelStyle; readonly level: number; readonly indent: number } | null;
  readonly idStyle: LabelStyle | null;
  readonly seen: Set<Field>;
  current: RawField | null;
}

export class TaskReader {
  private readonly parts: Segment[] = [];
  private readonly separators: number[] = [];
  private task: OpenTask | null = null;
  private section: RawSection | null = null;
  /** Level of the last heading outside of tasks; below it stand the tasks that have none of their own. */
  private outerLevel = 6;
  private skip = -1;

  constructor(private readonly known: ChainLines) {}

  take(line: number): void {
    if (line === this.skip) return;
    if (this.known.wrapping.has(line)) {
      this.separators.push(line);
      return;
    }
    const text = this.known.lines[line] ?? "";
    if (this.known.isText[line] === 1 || text.trim() === "") return this.append(line);
    const start = this.known.starts[line] ?? null;
    if (start !== null && this.begins(start, line)) return;
    if (isBreak(text)) return this.takeBreak(line);
    const label = this.known.labels[line] ?? null;
    const level = headingLevel(text);
    if (level > 0) return this.takeHeading(line, level, label);
    if (label !== null && this.task !== null) return this.takeLabel(line, label, this.task);
    this.append(line);
  }

  end(): Omit<Segments, "hidden"> {
    return { parts: this.parts, separators: this.separators };
  }

  private append(line: number): void {
    const { task } = this;
    if (task === null) {
      if (this.section === null) {
        this.section = { lines: [] };
        this.parts.push({ kind: "section", section: this.section });
      }
      this.section.lines.push(line);
      return;
    }
    const { current } = task;
    if (this.isOver(task, line)) {
      this.task = null;
      return this.append(line);
    }
    if (this.isComplete(current, line)) this.open(task, { field: "body", label: null, line, lines: [line] });
    else if (current === null) this.separators.push(line);
    else current.lines.push(line);
  }

  /** Whether a paragraph behind a short last field no longer belongs to the task. */
  private isOver(task: OpenTask, line: number): boolean {
    const { lines } = this.known;
    const { current } = task;
    if (current === null || current.field === "body" || !ONE_LINE.has(current.field) || current.label?.value === "") return false;
    return lines[line]?.trim() !== "" && lines[line - 1]?.trim() === "" && this.known.isText[line] !== 1 && !this.comesBack(task, line);
  }

  /** Whether this line can no longer be part of the field: it has its value, and a text of its own begins. */
  private isComplete(current: RawField | null, line: number): boolean {
    if (this.known.lines[line]?.trim() === "") return false;
    if (current === null) return true;
    const { field, label } = current;
    if (field === "body" || label === null || label.value === "" || isLong(field) || isListField(field)) return false;
    const opensOnLabel = /^(?:`{3}|~{3}|<)/.test(label.value);
    return !opensOnLabel && (field === "title" || this.known.isText[line] === 1);
  }

  private open(task: OpenTask, field: RawField): void {
    task.raw.fields.push(field);
    task.current = field;
  }

  /** True: the line was the start of a task, or another mention of the one that has just begun. */
  private begins(start: TaskStart, line: number): boolean {
    const label = this.known.labels[line] ?? null;
    if (this.task !== null) {
      if (this.isSameTask(this.task, start)) return this.mention(this.task.raw, start, line);
      if (!this.mayInterrupt(this.task, start, label)) return false;
    }
    const raw: RawTask = { id: start.id, alias: null, line, heading: null, idLabel: null, fields: [] };
    const level = start.level > 0 ? start.level : this.outerLevel;
    this.task = { raw, level, style: null, idStyle: start.isLabel ? (label?.style ?? null) : null, seen: new Set(), current: null };
    this.section = null;
    this.parts.push({ kind: "task", task: raw });
    return this.mention(raw, start, line);
  }

  private mention(raw: RawTask, start: TaskStart, line: number): true {
    if (start.isLabel) {
      if (raw.heading !== null && raw.id !== start.id) raw.alias = raw.id;
      raw.id = start.id;
      raw.idLabel = { line, rest: start.rest, idLine: start.idLine };
      this.skip = start.idLine ?? -1;
    } else raw.heading = { line, title: start.rest };
    return true;
  }

  /** A heading and a field may both name the task, in either order, before anything else of it comes. */
  private isSameTask({ raw, seen }: OpenTask, start: TaskStart): boolean {
    const isNew = raw.fields.every(({ field, lines }) => field === "title" || (field === "body" && lines.length === 0));
    if (start.isLabel && raw.idLabel === null) return isNew || (start.id === raw.id && !seen.has("id"));
    return isNew && start.id === raw.id && (start.isLabel || raw.heading === null);
  }

  private mayInterrupt(task: OpenTask, start: TaskStart, label: Label | null): boolean {
    if (!start.isLabel) return start.level <= task.level;
    if (task.current === null || label === null || label.style === "heading") return true;
    if (label.style === "plain") return task.idStyle === "plain";
    const depth = task.style?.kind === "list" ? task.style.indent : 0;
    const isLoose = isLong(task.current.field === "body" ? null : task.current.field) || isListField(task.current.field === "body" ? null : task.current.field);
    return !isLoose || (label.indent <= depth + 1 && (label.style !== "list" || task.idStyle === "list" || task.style?.kind === "list"));
  }

  private takeBreak(line: number): void {
    const { task } = this;
    if (task === null) return this.append(line);
    const next = this.known.nextFilled[line + 1] ?? this.known.lines.length;
    const label = this.known.labels[next] ?? null;
    const goesOn = label !== null && label.field !== null && (this.known.starts[next] ?? null) === null && this.accepts(task, label);
    if (goesOn) {
      this.separators.push(line);
    } else if (this.isInProse(task) && this.comesBack(task, line + 1)) {
      this.append(line);
    } else {
      this.separators.push(line);
      this.task = null;
    }
  }

  private takeHeading(line: number, level: number, label: Label | null): void {
    const { task } = this;
    if (task === null) {
      this.outerLevel = level;
      return this.append(line);
    }
    if (label !== null && label.field !== null && this.accepts(task, label)) return this.field(task, line, label);
    if (level <= task.level && !(this.isInProse(task) && this.comesBack(task, line + 1))) {
      this.task = null;
      this.outerLevel = level;
      return this.append(line);
    }
    const isFieldOfOurs = task.style?.kind === "heading" && task.style.level === level;
    if (label === null || this.isInProse(task) || (isListField(fieldOf(task)) && !isFieldOfOurs)) return this.append(line);
    this.open(task, { field: "other", label, line, lines: [] });
  }

  private takeLabel(line: number, label: Label, task: OpenTask): void {
    if (label.field !== null) {
      if (this.accepts(task, label)) this.field(task, line, label);
      else this.append(line);
      return;
    }
    const isItem = label.style === "list" && task.style?.kind === "list" && label.indent <= task.style.indent;
    const isRemark = label.value === "" && this.isOver(task, line);
    const isBeside = !isRemark && !this.isInProse(task) && !isListField(fieldOf(task)) && label.style === "bold" && label.indent <= 3 && this.hasText(task);
    if (isItem || isBeside) this.open(task, { field: "other", label, line, lines: [] });
    else this.append(line);
  }

  private hasText({ current }: OpenTask): boolean {
    return current?.label?.value !== "" || current.lines.some((line) => this.known.lines[line]?.trim() !== "");
  }

  private field(task: OpenTask, line: number, label: Label): void {
    const field = label.field ?? "other";
    task.style ??= { kind: label.style, level: label.level, indent: label.indent };
    const isSecond = task.seen.has(field) && !REPEATED.has(field) && field !== "qcRole";
    task.seen.add(field);
    this.open(task, { field: isSecond ? "other" : field, label, line, lines: [] });
  }

  /** Whether this label of a known field begins a field of this task, here. */
  private accepts(task: OpenTask, label: Label): boolean {
    if (label.field === null || label.field === "id" || !isPlaced(task, label)) return false;
    const { style } = task;
    const isOwnStyle = style === null || (style.kind === label.style && (style.kind !== "heading" || style.level === label.level));
    if (!this.isInProse(task)) return isOwnStyle || label.style !== "list" || !isListField(fieldOf(task));
    const isNew = !task.seen.has(label.field) || REPEATED.has(label.field);
    return isOwnStyle && isNew && (style?.kind === "list" || isClear(label));
  }

  /** Whether labels and headings may be part of the current field. Not where all of it stands in a block that has ended. */
  private isInProse({ current }: OpenTask): boolean {
    if (current === null || (current.field !== "body" && !isLong(current.field))) return false;
    const filled = (line: number): boolean => this.known.lines[line]?.trim() !== "";
    const first = current.label !== null && current.label.value !== "" ? current.line + 1 : current.lines.find(filled);
    const last = current.lines.findLast(filled);
    return first === undefined || last === undefined || this.known.isText[first] !== 1 || this.known.isText[last] !== 1;
  }

  /** Whether a field of this task that it has not had yet comes before the next task. */
  private comesBack(task: OpenTask, from: number): boolean {
    let line = from;
    for (let looked = 0; looked < LABELS_AHEAD; looked += 1) {
      line = this.known.nextKnown[line] ?? this.known.lines.length;
      if (line >= this.known.lines.length) return false;
      const start = this.known.starts[line] ?? null;
      if (start !== null && (start.isLabel || start.level <= task.level)) return false;
      const label = this.known.labels[line] ?? null;
      if (label !== null && label.field !== null && !task.seen.has(label.field) && this.accepts(task, label)) return true;
      line += 1;
    }
    return false;
  }
}

function fieldOf(task: OpenTask): Field | null {
  const field = task.current?.field ?? null;
  return field === "body" ? null : field;
}

/** Whether it stands where fields of this task may stand: not deeper than the first one, not as high as the task itself. */
function isPlaced({ style, idStyle, level }: OpenTask, label: Label): boolean {
  switch (label.style) {
    case "plain":
      return (style?.kind ?? idStyle) === "plain" && label.indent <= (style?.indent ?? 3);
    case "heading":
      return label.level > level || (style?.kind === "heading" && style.level === label.level);
    case "list":
      return label.indent <= (style?.kind === "list" ? style.indent + 1 : 3);
    case "bold":
      return label.indent <= 3;
  }
}

function isClear(label: Label): boolean {
  return label.name.trim().includes(" ") || label.name.includes("-") || CLEAR_NAMES.has(label.name.trim().toLowerCase());
}
