// Texts of several lines in an input box of one: what is pasted loses its line breaks on the way, and gets them back
// here. Pure.

/** As an input box shows it. */
export function flatten(text: string): string {
  return text.replaceAll(/[ \t]*\r?\n[ \t]*/g, " ").trim();
}

/**
 * The text that a person means who sees `shown`: wherever it holds one of the `originals` (texts of several lines, what
 * was shown before or lies on the clipboard) without its line breaks, the original stands. Longer ones first.
 */
export function withLines(shown: string, originals: readonly string[]): string {
  const several = originals.filter((text) => /\n/.test(text.trim())).toSorted((a, b) => b.length - a.length);
  const found = several.map((original) => ({ original, match: patternOf(original).exec(shown) })).find(({ match }) => match !== null);
  if (found?.match === undefined || found.match === null) return shown;
  const { original, match } = found;
  return shown.slice(0, match.index) + original.replaceAll("\r\n", "\n").trim() + shown.slice(match.index + match[0].length);
}

/** The original with anything at all, or nothing, for its line breaks: browsers take them out, others put spaces. */
function patternOf(original: string): RegExp {
  const lines = original
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return new RegExp(lines.map((line) => line.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(/\t+/g, "\\s*")).join("\\s*"), "u");
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(names: readonly string[], most = 3): string {
  if (names.length <= 1) return names[0] ?? "";
  const more = names.length - most;
  const shown = more > 0 ? names.slice(0, most) : names.slice(0, -1);
  return `${shown.join(", ")} and ${more > 0 ? `${more} more` : names.at(-1)}`;
}

/** The first line of a text, short enough for a title. */
export function firstLineOf(text: string, most = 60): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return line.length > most ? `${line.slice(0, most - 1).trimEnd()}…` : line;
}
