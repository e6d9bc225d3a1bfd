// The words of tasks that come from somewhere in the code: a selection, a problem, a TODO comment. Pure.
import type { Todo } from "./todo";

export interface CodePlace {
  /** Relative to the repository's root. */
  readonly path: string;
  /** 1-based, inclusive. */
  readonly line: number;
  readonly endLine: number;
  readonly code: string;
  /** The editor's name of the language, for the fence. */
  readonly language: string;
}

export interface ProblemText {
  readonly message: string;
  /** Who says so, such as `ts(2345)`; "" where nobody is named. */
  readonly source: string;
}

/** More is no longer a place but a file, which is attached. */
const LONGEST_CODE = 4000;

export function placeText({ path, line, endLine }: Pick<CodePlace, "path" | "line" | "endLine">): string {
  return line === endLine ? `${path}, line ${line}` : `${path}, lines ${line}–${endLine}`;
}

/** What is appended to a task about a piece of code. */
export function aboutSelection(place: CodePlace): string {
  return `It is about ${placeText(place)}:\n\n${fenced(place)}`;
}

export function problemTask({ message, source }: ProblemText, place: CodePlace): { readonly text: string; readonly about: string } {
  const said = source === "" ? "" : ` (${source})`;
  return { text: `Fix: ${firstLine(message)}`, about: `The problem is in ${placeText(place)}${said}:\n\n${message.trim()}\n\n${fenced(place)}` };
}

export function todoTask({ tag, text }: Todo, place: CodePlace): { readonly text: string; readonly about: string } {
  const what = text === "" ? `Do what the ${tag} comment in ${placeText(place)} asks for` : capitalised(text);
  return { text: what, about: `It stands as a ${tag} comment in ${placeText(place)}. Remove the comment when it is done.\n\n${fenced(place)}` };
}

function fenced({ code, language }: CodePlace): string {
  const shown = code.length > LONGEST_CODE ? `${code.slice(0, LONGEST_CODE)}\n…` : code;
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${/^[\w+#-]+$/.test(language) ? language : ""}\n${shown.replace(/\s+$/, "")}\n${fence}`;
}

function firstLine(text: string): string {
  return text.trim().split(/\r?\n/, 1)[0]?.replace(/[.:]$/, "") ?? "";
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
