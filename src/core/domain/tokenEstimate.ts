// How many tokens a text is, roughly: for what no server has counted, and for comparing texts with each other.

/** Of prose and code together; the usual rule of thumb. */
const CHARACTERS_PER_TOKEN = 4;

/** From the text's length, in UTF-16 units. */
export function estimateTokens(length: number): number {
  return Math.ceil(length / CHARACTERS_PER_TOKEN);
}
