// Text of models, tools and files on its way into a document: nothing in it can end a block, hide, or be taken for a
// line of ours. Pure.
import { boundText } from "../domain/boundedText";
import { codeBlock, embedded } from "../domain/markdown";
import { visibleText } from "../domain/visibleText";

/** Control characters as the pictures that Unicode has for them, other hidden ones by number, every line end as a line feed. */
export function visible(text: string): string {
  return visibleText(
    text
      .replaceAll(/\r\n|[\r\u0085\u2028\u2029]/g, "\n")
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, (character) => String.fromCharCode(character === "\u007f" ? 0x2421 : 0x2400 + character.charCodeAt(0))),
  );
}

/** What a model wrote: Markdown, or one JSON value, which is printed as such. */
export function saidText(text: string): string {
  const json = jsonIn(text);
  return json === null ? embedded(visible(text)) : codeBlock("json", visible(JSON.stringify(json.value, null, 2)));
}

/** The one JSON object or list that a text consists of, with or without a code fence around it. */
function jsonIn(text: string): { readonly value: unknown } | null {
  const inner = /^\s*```(?:json)?\n([^]*?)\n```\s*$/.exec(text)?.[1] ?? text;
  if (!/^\s*[[{]/.test(inner)) return null;
  try {
    return { value: JSON.parse(inner) };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export interface Shown {
  readonly text: string;
  /** Bytes of the whole when only its head and tail are shown; null when nothing is missing. */
  readonly wholeBytes: number | null;
}

/** A code block with at most `maxBytes` of the text. */
export function shownBlock(info: string, text: string, maxBytes: number): Shown {
  const whole = visible(text);
  const bytes = Buffer.byteLength(whole);
  const isCut = bytes > maxBytes;
  return { text: codeBlock(info, isCut ? boundText(whole, maxBytes) : whole), wholeBytes: isCut ? bytes : null };
}
