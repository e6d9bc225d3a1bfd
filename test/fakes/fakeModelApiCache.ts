// The prompt cache of the fake API: entries at marked prefixes, found by looking back at most 20 blocks from a mark,
// with lifetimes of five minutes or one hour. Tokens are characters over four, for every client alike.
import { createHash } from "node:crypto";

export type Wire = Readonly<Record<string, unknown>>;

export interface FakeUsage {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation: { readonly ephemeral_5m_input_tokens: number; readonly ephemeral_1h_input_tokens: number };
}

const LOOK_BACK = 20;
const LIFETIME_MS = { "5m": 300_000, "1h": 3_600_000 } as const;

interface Prefix {
  readonly hash: string;
  readonly tokens: number;
  readonly mark: "5m" | "1h" | null;
}

export class FakePromptCache {
  private readonly entries = new Map<string, { expires: number; readonly lifetime: number }>();

  constructor(
    private readonly smallest: number,
    private readonly now: () => number,
  ) {}

  /** The input usage of a request; what it marks is cached from now on. */
  use(body: Wire): FakeUsage {
    const prefixes = prefixesOf(body);
    const total = prefixes.at(-1)?.tokens ?? 0;
    const marks = prefixes.flatMap((prefix, index) => (prefix.mark !== null && prefix.tokens >= this.smallest ? [index] : []));
    const hits = marks.flatMap((mark) => this.find(prefixes, mark) ?? []);
    const hit = prefixes[Math.max(-1, ...hits)] ?? { tokens: 0, hash: "" };
    this.refresh(hit.hash);
    const written = { "5m": 0, "1h": 0 };
    let reached = hit.tokens;
    for (const index of marks) {
      const prefix = prefixes[index];
      if (prefix === undefined || prefix.mark === null || prefix.tokens <= reached) continue;
      written[prefix.mark] += prefix.tokens - reached;
      reached = prefix.tokens;
      const lifetime = LIFETIME_MS[prefix.mark];
      this.entries.set(prefix.hash, { expires: this.now() + lifetime, lifetime });
    }
    return {
      input_tokens: total - reached,
      cache_creation_input_tokens: written["5m"] + written["1h"],
      cache_read_input_tokens: hit.tokens,
      cache_creation: { ephemeral_5m_input_tokens: written["5m"], ephemeral_1h_input_tokens: written["1h"] },
    };
  }

  private find(prefixes: readonly Prefix[], mark: number): number | null {
    for (let index = mark; index >= 0 && index > mark - LOOK_BACK; index -= 1) {
      const entry = this.entries.get(prefixes[index]?.hash ?? "");
      if (entry !== undefined && entry.expires > this.now()) return index;
    }
    return null;
  }

  private refresh(hash: string): void {
    const entry = this.entries.get(hash);
    if (entry !== undefined) entry.expires = this.now() + entry.lifetime;
  }
}

/** Tokens of the whole prompt. */
export function promptSize(body: Wire): number {
  return prefixesOf(body).at(-1)?.tokens ?? 0;
}

/** What a token of each kind costs, in fresh input tokens. */
export function billedEquivalents(usage: FakeUsage): number {
  const { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long } = usage.cache_creation;
  return usage.input_tokens + 1.25 * short + 2 * long + 0.1 * usage.cache_read_input_tokens;
}

function prefixesOf(body: Wire): Prefix[] {
  const hash = createHash("sha256").update(JSON.stringify([body["model"], body["output_config"], body["thinking"]]));
  let chars = 0;
  return blocksOf(body).map(({ place, block }) => {
    const { cache_control: control, ...content } = block;
    chars += content["type"] === "text" && typeof content["text"] === "string" ? content["text"].length : JSON.stringify(content).length;
    hash.update(place).update(JSON.stringify(content));
    return { hash: hash.copy().digest("hex"), tokens: Math.ceil(chars / 4), mark: markOf(control) };
  });
}

function markOf(control: unknown): Prefix["mark"] {
  if (typeof control !== "object" || control === null) return null;
  return "ttl" in control && control.ttl === "1h" ? "1h" : "5m";
}

/** In the order in which the API caches: tools, system, messages. */
function blocksOf(body: Wire): { readonly place: string; readonly block: Wire }[] {
  const list = (value: unknown): readonly Wire[] => (Array.isArray(value) ? (value as readonly Wire[]) : []);
  const blocks = (content: unknown): readonly Wire[] => (typeof content === "string" ? [{ type: "text", text: content }] : list(content));
  return [
    ...list(body["tools"]).map((block) => ({ place: "tool", block })),
    ...blocks(body["system"] ?? []).map((block) => ({ place: "system", block })),
    ...list(body["messages"]).flatMap(({ role, content }) => blocks(content).map((block) => ({ place: String(role), block }))),
  ];
}
