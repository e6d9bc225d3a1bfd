// What bash makes of `{a,b}` and `{1..3}`. For finding what is denied: quotes in the text count as written.

/** Longer ones are not looked into: nobody writes them to be read. */
const LONGEST_BRACES = 400;

/** At the most `limit` words; the text itself where it is no brace expansion. */
export function expandBraces(text: string, limit: number): readonly string[] {
  if (text.length > LONGEST_BRACES) return [text];
  const done: string[] = [];
  const open = [text];
  // Each round takes the first braces of one text apart; the limit ends what nests or multiplies.
  for (let rounds = 0; open.length > 0 && rounds < limit * 4 && done.length < limit; rounds += 1) {
    const next = open.shift() ?? "";
    const alternatives = firstBraces(next);
    if (alternatives === null) done.push(next.replace(/\\(.)/gs, "$1").replace(/['"]/g, ""));
    else open.unshift(...alternatives.slice(0, limit));
  }
  return done;
}

/** The texts that the first expandable braces stand for, or null when there are none. */
function firstBraces(text: string): readonly string[] | null {
  for (let start = text.indexOf("{"); start !== -1; start = text.indexOf("{", start + 1)) {
    const found = alternativesAt(text, start);
    if (found === null) continue;
    const [before, after] = [text.slice(0, start), text.slice(found.end)];
    return found.texts.map((alternative) => before + alternative + after);
  }
  return null;
}

function alternativesAt(text: string, start: number): { readonly texts: readonly string[]; readonly end: number } | null {
  let depth = 0;
  let from = start + 1;
  const texts: string[] = [];
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === "\\") at += 1;
    else if (char === "{") depth += 1;
    else if (char === "," && depth === 1) {
      texts.push(text.slice(from, at));
      from = at + 1;
    } else if (char === "}") {
      depth -= 1;
      if (depth > 0) continue;
      const last = text.slice(from, at);
      const all = texts.length > 0 ? [...texts, last] : sequence(last);
      return all === null ? null : { texts: all, end: at + 1 };
    }
  }
  return null;
}

const LONGEST_SEQUENCE = 64;

function sequence(body: string): readonly string[] | null {
  const [, first = "", last = "", step = "1"] = /^(-?\d{1,9}|[A-Za-z])\.\.(-?\d{1,9}|[A-Za-z])(?:\.\.(-?\d{1,9}))?$/.exec(body) ?? [];
  const letters = /[A-Za-z]/.test(first);
  if (first === "" || letters !== /[A-Za-z]/.test(last)) return null;
  const [from, to] = letters ? [first.charCodeAt(0), last.charCodeAt(0)] : [Number(first), Number(last)];
  const by = Math.max(1, Math.abs(Number(step))) * (to < from ? -1 : 1);
  const length = Math.min(LONGEST_SEQUENCE, Math.floor((to - from) / by) + 1);
  return Array.from({ length }, (_, index) => (letters ? String.fromCharCode(from + index * by) : String(from + index * by)));
}
