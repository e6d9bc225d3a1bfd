// Finds the TODO comment at a line: its text, over several lines where it goes on. Pure.

export interface Todo {
  /** TODO, FIXME and the like, as it stands there. */
  readonly tag: string;
  /** What it says, in one line. */
  readonly text: string;
  /** 0-based, inclusive. */
  readonly from: number;
  readonly to: number;
}

/** Opens a comment, or goes on with one: of the languages that people have TODOs in. */
const COMMENT = /(\/\/+|\/\*+|\*+(?!\/)|#+|<!--|--+|;+|%+|"""|'''|'|REM\b|\{-)/i;
const TAG = /(?:^|[\s(@[])(TODO|FIXME|HACK|XXX|BUG)\b(?!\s*=)(?:\([^)]*\))?[:\s-]*/;
const END = /\s*(\*+\/|--+>|-\}|"""|''')\s*$/;
/** Farther no TODO goes on. */
const MOST_LINES = 12;

/** `lineAt` gives a line's text, undefined past the end. */
export function todoAt(line: number, lineAt: (line: number) => string | undefined): Todo | null {
  for (let from = line; from >= Math.max(0, line - MOST_LINES); from -= 1) {
    const text = lineAt(from);
    const todo = text === undefined ? null : beginningIn(text);
    if (todo !== null) return whole(todo, { from, line }, lineAt);
    if (text === undefined || commentIn(text) === null) return null;
  }
  return null;
}

interface Beginning {
  readonly tag: string;
  readonly text: string;
  /** Where its comment begins: what goes on with it begins there, too. */
  readonly column: number;
  readonly isOpen: boolean;
}

function beginningIn(line: string): Beginning | null {
  const tag = TAG.exec(line);
  if (tag === null) return null;
  const comment = commentIn(line.slice(0, tag.index + 1));
  if (comment === null) return null;
  const rest = line.slice(tag.index + tag[0].length);
  return { tag: (tag[1] ?? "TODO").toUpperCase(), text: rest.replace(END, "").trim(), column: comment.column, isOpen: !END.test(rest) };
}

function whole(begun: Beginning, { from, line }: { readonly from: number; readonly line: number }, lineAt: (line: number) => string | undefined): Todo | null {
  const lines = [begun.text];
  let to = from;
  let isOpen = begun.isOpen;
  while (isOpen && to - from < MOST_LINES) {
    const next = lineAt(to + 1);
    const comment = next === undefined ? null : commentIn(next);
    if (next === undefined || comment === null || comment.column !== begun.column || !comment.isFirst || TAG.test(next)) break;
    const said = next.slice(comment.column).replace(COMMENT, "").replace(END, "").trim();
    // An empty line of a comment, or a tag of a documentation comment, begins something else.
    if (said === "" || said.startsWith("@")) break;
    lines.push(said);
    to += 1;
    isOpen = !END.test(next);
  }
  return to < line ? null : { tag: begun.tag, text: lines.filter((text) => text !== "").join(" "), from, to };
}

function commentIn(line: string): { readonly column: number; readonly isFirst: boolean } | null {
  const found = COMMENT.exec(line);
  if (found === null) return null;
  return { column: found.index, isFirst: line.slice(0, found.index).trim() === "" };
}
