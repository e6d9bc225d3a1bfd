// Ids of tasks as project managers write them: `task-1.1`, `Task 1.1`, `1.1`, in code or bold, with a title behind.

/** What an id may be: it becomes part of branch and file names. */
export const TASK_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export interface ReadId {
  readonly id: string;
  /** What stood behind it, e.g. a title. */
  readonly rest: string;
}

/** The id at the beginning of a value; null where there is nothing that could be one. */
export function readId(value: string): ReadId | null {
  const text = value.trim();
  const [span, exact = ""] = /^`([^`]+)`/.exec(text) ?? [];
  if (span !== undefined && TASK_ID.test(exact)) return { id: exact, rest: restOf(text.slice(span.length)) };
  const bare = text.replace(/^[*_`"'[(]+/, "");
  const numbered = readNumberedId(bare);
  if (numbered !== null) return numbered;
  const [token = ""] = /^[A-Za-z0-9][A-Za-z0-9._-]*/.exec(bare.slice(0, 80)) ?? [];
  const id = token.replace(/[._-]+$/, "");
  return TASK_ID.test(id) ? { id: canonicalId(id), rest: restOf(bare.slice(id.length)) } : null;
}

/** `task-1.1`, `Task 1.1: Title`, `TASK_1.1 - Title` at the beginning; null for anything else. */
export function readNumberedId(text: string): ReadId | null {
  const bare = text.replace(/^[*_`"'[(]+/, "");
  const [whole, digits = ""] = /^task[\s_-]{0,3}#?(\d{1,6}(?:\.\d{1,6}){0,5}[a-z]?)(?![\w-]|\.\d)/i.exec(bare.slice(0, 80)) ?? [];
  return whole === undefined ? null : { id: `task-${digits.toLowerCase()}`, rest: restOf(bare.slice(whole.length)) };
}

/** One spelling for numbered ids; others stay as they are. `1.1` is `task-1.1`. */
export function canonicalId(id: string): string {
  if (/^\d+(?:\.\d+)*[a-z]?$/i.test(id)) return `task-${id.toLowerCase()}`;
  return readNumberedId(id)?.rest === "" ? (readNumberedId(id)?.id ?? id) : id;
}

/** What is left when the marks around a title are taken away; one pass, however long the line is. */
function restOf(text: string): string {
  const opened = text.replace(/^[\s*_`"'\])]+/, "").replace(/^[:.–—-]+(?=\s|\*|$)/, "").replace(/^[\s*_]+/, "");
  let end = opened.length;
  while (end > 0 && /[\s*_]/.test(opened.charAt(end - 1))) end -= 1;
  return opened.slice(0, end);
}
