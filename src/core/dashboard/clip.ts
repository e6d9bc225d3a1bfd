// Bounds texts that go over the webview's border.

/** The beginning of a text; an ellipsis says that there is more. */
export function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** The end of a text, of at most `most` characters. */
export function tail(text: string, most: number): string {
  return text.length <= most ? text : text.slice(-most);
}
