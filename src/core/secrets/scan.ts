// Finds secrets in a text, in time that grows with the text alone: each format is looked for only where a word of it
// stands, and no pattern looks further than a bound. Pure.
import { CONFIGURED_KIND, FORMATS, type SecretFormat } from "./formats";
import { markOf } from "./marks";

export interface FoundSecret {
  readonly kind: string;
  /** UTF-16 units, `end` exclusive. */
  readonly start: number;
  readonly end: number;
}

/** In order and apart from each other. `known`: values that are secret whatever they look like. */
export function findSecrets(text: string, known: readonly string[] = []): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const value of known) addValue(found, text, value);
  for (const format of FORMATS) {
    if (mayHold(text, format)) addMatches(found, text, format);
  }
  return found.length < 2 ? found : apart(found);
}

export interface SecretCount {
  readonly kind: string;
  readonly count: number;
}

export interface Redacted {
  readonly text: string;
  /** Empty when the text is what it was. */
  readonly found: readonly SecretCount[];
}

export function redactText(text: string, known: readonly string[] = []): Redacted {
  const secrets = findSecrets(text, known);
  return secrets.length === 0 ? { text, found: [] } : { text: withMarks(text, secrets), found: countsOf(secrets.map(({ kind }) => ({ kind, count: 1 }))) };
}

export function withMarks(text: string, secrets: readonly FoundSecret[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { kind, start, end } of secrets) {
    parts.push(text.slice(at, start), markOf(kind));
    at = end;
  }
  return parts.join("") + text.slice(at);
}

/** One count a kind, in the order in which kinds come up. */
export function countsOf(found: readonly SecretCount[]): readonly SecretCount[] {
  const counts = new Map<string, number>();
  for (const { kind, count } of found) counts.set(kind, (counts.get(kind) ?? 0) + count);
  return [...counts].map(([kind, count]) => ({ kind, count }));
}

function mayHold(text: string, { needles }: SecretFormat): boolean {
  return needles instanceof RegExp ? needles.test(text) : needles.some((needle) => text.includes(needle));
}

function addMatches(found: FoundSecret[], text: string, { kind, pattern, anywhere, accepts }: SecretFormat): void {
  for (const match of text.matchAll(pattern)) {
    const [whole, before = "", inner] = match;
    const secret = inner ?? whole;
    const start = match.index + (inner === undefined ? 0 : before.length);
    if (anywhere !== true && !beginsWord(text, match.index)) continue;
    if (accepts === undefined || accepts(secret, whole)) found.push({ kind, start, end: start + secret.length });
  }
}

function addValue(found: FoundSecret[], text: string, value: string): void {
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + value.length)) {
    found.push({ kind: CONFIGURED_KIND, start: at, end: at + value.length });
  }
}

/** Where the text is JSON, the letter before may be that of an escape. */
function beginsWord(text: string, index: number): boolean {
  return index === 0 || /(?:[^A-Za-z0-9]|\\[nrtbf]|\\u[0-9A-Fa-f]{4})$/.test(text.slice(Math.max(0, index - 6), index));
}

/** What overlaps is one secret, of the kind that was found first. */
function apart(found: FoundSecret[]): readonly FoundSecret[] {
  const sorted = found.map((secret, rank) => ({ ...secret, rank })).toSorted((a, b) => a.start - b.start || a.rank - b.rank);
  const result: (FoundSecret & { readonly rank: number })[] = [];
  for (const secret of sorted) {
    const last = result.at(-1);
    if (last === undefined || secret.start >= last.end) result.push(secret);
    else result[result.length - 1] = { ...(secret.rank < last.rank ? secret : last), start: last.start, end: Math.max(last.end, secret.end) };
  }
  return result.map(({ kind, start, end }) => ({ kind, start, end }));
}
