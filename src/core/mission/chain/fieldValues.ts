// What the short fields of a chain file mean: lists, numbers, "none", code spans. Pure.
import { blocksIn } from "./blocks";
import { dedented, trimmed, unwrapped, type FieldText } from "./fieldText";
import { indentOf, readLabel } from "./labels";
import { headingLevel } from "./taskStart";

const NONE = /^[*_`([]{0,3}(?:none|n\/a|nil|null|nothing|no dependencies|not applicable)(?=$|[\s.,;:!()\]*_`–—-])/i;

/** "None", "N/A (runs first)", "-" and nothing at all. */
export function saysNone({ text, isExact }: Pick<FieldText, "text" | "isExact">): boolean {
  return !isExact && (text === "" || /^[-–—]+$/.test(text) || NONE.test(text));
}

export interface ReadNumber {
  readonly value: number;
  /** There is more than the number and its unit, e.g. a range or a remark. */
  readonly hasMore: boolean;
}

const UNIT = /\b(?:estimated|about|tool|calls?|retries|retry|attempts?|group)\b/gi;
const HAS_REMARK = /\p{L}/u;

/** The first number; of a range the greater one. */
export function readNumber(text: string): ReadNumber | null {
  const [whole, first = "", second = ""] = /(\d{1,6})(?:\s{0,3}(?:-|–|—|to)\s{0,3}(\d{1,6}))?/.exec(text.slice(0, 500)) ?? [];
  if (whole === undefined) return null;
  return { value: second === "" ? Number(first) : Math.max(Number(first), Number(second)), hasMore: second !== "" || HAS_REMARK.test(text.replace(UNIT, "")) };
}

/** The inside of a line that is one code span; null where it is none. */
export function insideCode(text: string): string | null {
  const run = /^`+/.exec(text)?.[0] ?? "";
  if (run === "" || text.length <= 2 * run.length || !text.endsWith(run) || /[\r\n]/.test(text)) return null;
  const inside = text.slice(run.length, -run.length);
  if (inside.startsWith("`") || inside.endsWith("`") || inside.split(/[^`]+/).includes(run)) return null;
  return inside.startsWith(" ") && inside.endsWith(" ") && inside.trim() !== "" ? inside.slice(1, -1) : inside;
}

/** Without the marks of code or bold text around all of it. */
export function plain(text: string): string {
  const code = insideCode(text);
  if (code !== null) return code;
  const [, bold] = /^(?:\*\*([^*\n]{1,500})\*\*|__([^_\n]{1,500})__)$/.exec(text) ?? [];
  return bold ?? text;
}

const ITEM = /^(?:[-*+]|\d{1,3}[.)])(?=\s|$)\s*/;
const BOX = /^\[[ xX]?\](?=\s|$)\s*/;

/** The items of a list, or of lines that are none; those under a heading within it begin with its words. */
export function itemsOf(text: string): readonly string[] {
  const lines = text.split("\n");
  const inBlock = new Uint8Array(lines.length);
  for (const { start, end } of blocksIn(lines)) inBlock.fill(1, start + 1, end + 1);
  const base = lines.find((line, at) => inBlock[at] === 0 && ITEM.test(line.trimStart()));
  const list = new ItemReader(base === undefined ? 0 : indentOf(base));
  for (const [at, line] of lines.entries()) list.take(line, inBlock[at] === 1);
  return list.end();
}

class ItemReader {
  private readonly items: string[] = [];
  private group = "";
  private current: string[] | null = null;
  private isAfterBlank = false;

  constructor(private readonly base: number) {}

  take(line: string, isInBlock: boolean): void {
    const body = line.trimStart();
    const isDeep = indentOf(line) > this.base + 1;
    if (isInBlock || (body !== "" && isDeep && this.current !== null)) this.more(line);
    else if (body === "") {
      this.current?.push("");
      this.isAfterBlank = true;
      return;
    } else if (ITEM.test(body)) {
      this.close();
      this.current = [body.replace(ITEM, "").replace(BOX, "")];
    } else this.takeProse(line, body);
    this.isAfterBlank = false;
  }

  end(): readonly string[] {
    this.close();
    this.openGroup("");
    return this.items;
  }

  private takeProse(line: string, body: string): void {
    const group = groupIn(body);
    if (group !== null) {
      this.close();
      this.openGroup(group);
    } else if (this.current !== null && !this.isAfterBlank) this.more(line);
    else {
      this.close();
      this.current = [body.replace(BOX, "")];
    }
  }

  private more(line: string): void {
    if (this.current === null) this.current = [line];
    else this.current.push(line);
  }

  /** A heading with nothing under it is an item itself. */
  private openGroup(group: string): void {
    if (this.group.startsWith("\n")) this.items.push(this.group.slice(1));
    this.group = group === "" ? "" : `\n${group}`;
  }

  private close(): void {
    if (this.current === null) return;
    const [first = "", ...rest] = this.current;
    const text = unwrapped(trimmed([...(first === "" ? [] : [first]), ...dedented(rest)])).text;
    this.current = null;
    if (text === "") return;
    if (this.group.startsWith("\n")) this.group = this.group.slice(1);
    this.items.push(this.group === "" ? text : `${this.group}: ${text}`);
  }
}

/** `Security:`, `**Security**`, `#### Security`: the words; null for anything else. */
function groupIn(body: string): string | null {
  const label = readLabel(body);
  if (label !== null && label.value === "" && label.style !== "list") return label.name;
  return headingLevel(body) > 0 ? body.replace(/^#+\s*/, "") : null;
}

/** Paths and the like: a list, or one line with commas; brackets and code marks around them go, remarks behind stay apart. */
export function pathsOf(text: string): { readonly paths: readonly string[]; readonly remarks: readonly string[] } {
  const items = itemsOf(text).flatMap((item) => (insideCode(item) === null && !/[\r\n]/.test(item) ? splitCommas(item.replace(/^\[([^\]\n]*)\]$/, "$1")) : [item]));
  const paths: string[] = [];
  const remarks: string[] = [];
  for (const item of items) {
    const exact = /[\r\n]/.test(item) ? item : insideCode(item);
    if (exact !== null) {
      paths.push(exact);
      continue;
    }
    const [, code] = /^(`[^`]+`)(?=\s)/.exec(item) ?? [];
    const remark = code === undefined ? remarkBehind(item) : item.slice(code.length).trim();
    const path = code ?? (remark === undefined ? item : item.slice(0, item.length - remark.length).trim());
    paths.push(plain(path));
    if (remark !== undefined) remarks.push(item);
  }
  return { paths: paths.filter((path) => path !== ""), remarks };
}

/** `(new)` at the end. */
function remarkBehind(item: string): string | undefined {
  const open = item.lastIndexOf(" (");
  return open > 0 && item.endsWith(")") ? item.slice(open + 1) : undefined;
}

/** At commas outside of code, brackets and quotation marks. */
export function splitCommas(text: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  let isCode = false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (char === "`") isCode = !isCode;
    else if (!isCode && char === "(") depth += 1;
    else if (!isCode && char === ")") depth = Math.max(0, depth - 1);
    else if (!isCode && depth === 0 && (char === "," || char === ";")) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)].map((part) => part.trim()).filter((part) => part !== "");
}
