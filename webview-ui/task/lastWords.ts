// What of a streamed answer is for people: prose is, the JSON that ends a session is not. Pure.

export function lastWords(text: string): string {
  const trimmed = text.trimStart();
  return /^(\{|\[|```)/.test(trimmed) ? "" : trimmed;
}
