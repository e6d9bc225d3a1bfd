// What requests would be billed, in fresh input tokens: the same rough count for every client, so that only the
// ratio means something. A token is four characters of JSON; tools, system and messages are one sequence.

const CHARS_PER_TOKEN = 4;
/** Prices relative to fresh input. Source: Anthropic's price list, five-minute cache. */
const RATES = { fresh: 1, write: 1.25, read: 0.1 };

/** Tokens of each kind over all requests of a session, and `billed`, their sum at the rates. */
export function bill(bodies) {
  const cached = new Set();
  const total = { fresh: 0, write: 0, read: 0 };
  for (const body of bodies) {
    const { hit, last, length } = split(body, cached);
    total.read += tokens(hit);
    total.write += tokens(last) - tokens(hit);
    total.fresh += tokens(length) - tokens(last);
  }
  const billed = total.fresh * RATES.fresh + total.write * RATES.write + total.read * RATES.read;
  return { ...total, billed: Math.round(billed) };
}

/** Characters up to the longest cached prefix, up to the last mark, and in all; the marks are cached from now on. */
function split(body, cached) {
  let prefix = "";
  let hit = 0;
  let last = 0;
  const marks = [];
  for (const { text, marked } of blocksOf(body)) {
    prefix += text;
    if (cached.has(prefix)) hit = prefix.length;
    if (!marked) continue;
    last = prefix.length;
    marks.push(prefix);
  }
  for (const mark of marks) cached.add(mark);
  return { hit: Math.min(hit, last), last, length: prefix.length };
}

function blocksOf(body) {
  const list = (content) => (typeof content === "string" ? [{ type: "text", text: content }] : (content ?? []));
  const messages = body.messages.flatMap(({ role, content }) => list(content).map((block) => ({ role, ...block })));
  const blocks = [...(body.tools ?? []), ...list(body.system), ...messages].map(({ cache_control: mark, ...block }) => ({
    text: JSON.stringify(block),
    marked: Boolean(mark),
  }));
  // A mark on the request itself is one on its last block.
  if (body.cache_control) blocks.at(-1).marked = true;
  return blocks;
}

function tokens(chars) {
  return Math.ceil(chars / CHARS_PER_TOKEN);
}
