// Redacts a text that comes in pieces: a secret that two pieces share is found, and what cannot be part of one is passed
// on at once.
import { CONFIGURED_KIND } from "./formats";
import { countsOf, findSecrets, withMarks, type SecretCount } from "./scan";

/** How far back from the end a secret of one word may have begun that cannot be told yet. */
const LONGEST_WORD = 16 * 1024;
/** The same for one that a name and a sign of assignment stand before. */
const LONGEST_LINE = 512;
/** A secret that goes on for longer than this is cut: what follows is scanned as text of its own. */
const LONGEST = 64 * 1024;
/** Characters that are in no secret of one word. */
const BREAKS = new Set(" \t\n\r\f\"'`<>");
/** Words after which more than the next word may belong to a secret: the whole line is held. */
const HINT = /passw|passphrase|pwd|secret|token|key|credential|bearer|-----BEGIN/i;

export class StreamRedactor {
  private held = "";
  private counts: SecretCount[] = [];

  constructor(private readonly known: () => readonly string[]) {}

  /** What may be passed on now. */
  push(piece: string): string {
    return this.take(this.held + piece, false);
  }

  /** The rest. */
  end(): string {
    const rest = this.held;
    this.held = "";
    return this.take(rest, true);
  }

  /** What was found so far. */
  get found(): readonly SecretCount[] {
    return countsOf(this.counts);
  }

  private take(text: string, isEnd: boolean): string {
    if (text === "") return "";
    const secrets = findSecrets(text, this.known());
    const cut = isEnd ? text.length : this.cutIn(text, secrets);
    const ready = secrets.filter(({ end }) => end <= cut);
    this.held = text.slice(cut);
    if (ready.length === 0) return text.slice(0, cut);
    this.counts.push(...ready.map(({ kind }) => ({ kind, count: 1 })));
    return withMarks(text.slice(0, cut), ready);
  }

  /** Where nothing that is before belongs to a secret that goes on. */
  private cutIn(text: string, secrets: ReturnType<typeof findSecrets>): number {
    const line = Math.max(text.lastIndexOf("\n"), text.length - LONGEST_LINE - 1) + 1;
    const word = wordStart(text);
    let cut = HINT.test(text.slice(line)) ? Math.min(line, word) : word;
    cut = Math.min(cut, openKey(text), text.length - this.openValue(text));
    // What reaches the end may be longer than it looks.
    const open = secrets.find(({ start, end, kind }) => end > cut && (start < cut || (end === text.length && kind !== CONFIGURED_KIND)));
    if (open !== undefined) cut = Math.min(cut, open.start);
    return text.length - cut > LONGEST ? text.length : cut;
  }

  /** Length of the end of the text that a known value begins with; they may hold anything, line ends as well. */
  private openValue(text: string): number {
    let longest = 0;
    for (const value of this.known()) {
      for (let length = Math.min(value.length - 1, text.length); length > longest; length -= 1) {
        if (text.endsWith(value.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}

function wordStart(text: string): number {
  const from = Math.max(0, text.length - LONGEST_WORD);
  let at = text.length;
  while (at > from && !BREAKS.has(text.charAt(at - 1))) at -= 1;
  return at;
}

/** Where a key of several lines begins whose end is not there yet. */
function openKey(text: string): number {
  const begin = text.lastIndexOf("-----BEGIN ");
  if (begin === -1 || text.length - begin > LONGEST) return text.length;
  const block = text.slice(begin);
  const isKey = /^-----BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE KEY|$)/.test(block);
  return isKey && !/-----END [A-Z0-9 ]{0,60}-----/.test(block) ? begin : text.length;
}
