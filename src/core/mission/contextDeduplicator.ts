// Finds what is sent twice. Within one context a repeated block is left out, and says so where its place means something;
// across the fleet, where every agent session needs its own, it is only measured.
import { estimateTokens } from "../domain/tokenEstimate";
import { fingerprint } from "./fingerprint";

export interface ContextBlock {
  /** What a reader would call it, e.g. `Requirements` or `src/a.ts`. Unique within a context. */
  readonly label: string;
  readonly text: string;
  /** A reader who does not find it here would think that it is missing: a reference takes its place. */
  readonly holdsPlace: boolean;
}

export interface KeptBlock {
  readonly kind: "kept";
  readonly block: ContextBlock;
}

/** Said before, in the block `sameAs`; `block.text` is what stands there now: empty, or a sentence that says so. */
export interface RepeatedBlock {
  readonly kind: "repeated";
  readonly block: ContextBlock;
  readonly sameAs: string;
  /** False: it differs in what no reader sees (line ends, white space at line ends, Unicode form). */
  readonly isIdentical: boolean;
}

export interface DeduplicatedContext {
  /** All blocks, in order. */
  readonly blocks: readonly (KeptBlock | RepeatedBlock)[];
  /** Estimated tokens without and with deduplication. */
  readonly tokensBefore: number;
  readonly tokens: number;
}

/** One text as the fleet has seen it. */
export interface KnownBlock {
  readonly content: string;
  readonly tokens: number;
  /** Contexts that held it. */
  readonly contexts: number;
}

export interface FleetDuplication {
  readonly contexts: number;
  readonly blocks: number;
  /** Tokens that would have been sent without deduplication. */
  readonly tokensBefore: number;
  readonly tokens: number;
  /** Duplicate tokens avoided / tokens that would have been sent without deduplication; 0–1. */
  readonly deduplicationRate: number;
  /** Of the tokens sent, the share that another context had been sent before; 0–1. */
  readonly sharedAcrossContexts: number;
  /** As that, with what differs only in times, durations, places and temporary paths. */
  readonly similarAcrossContexts: number;
}

export class ContextDeduplicator {
  readonly #known = new Map<string, { tokens: number; contexts: number }>();
  readonly #shapes = new Set<string>();
  #totals = { contexts: 0, blocks: 0, tokensBefore: 0, tokens: 0, shared: 0, similar: 0 };

  /** Leaves out what the context says twice, and counts it. */
  deduplicate(blocks: readonly ContextBlock[]): DeduplicatedContext {
    const first = new Map<string, ContextBlock>();
    const marked = blocks.map((block) => this.#mark(block, first));
    const tokensBefore = tokensOf(blocks);
    const tokens = tokensOf(marked.map(({ block }) => block));
    this.#totals.contexts += 1;
    this.#totals.blocks += blocks.length;
    this.#totals.tokensBefore += tokensBefore;
    this.#totals.tokens += tokens;
    return { blocks: marked, tokensBefore, tokens };
  }

  fleet(): FleetDuplication {
    const { shared, similar, ...totals } = this.#totals;
    const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
    return {
      ...totals,
      deduplicationRate: share(totals.tokensBefore - totals.tokens, totals.tokensBefore),
      sharedAcrossContexts: share(shared, totals.tokens),
      similarAcrossContexts: share(similar, totals.tokens),
    };
  }

  /** Every text that was seen, for whoever keeps them. */
  known(): readonly KnownBlock[] {
    return [...this.#known].map(([content, figures]) => ({ content, ...figures }));
  }

  #mark(block: ContextBlock, first: Map<string, ContextBlock>): KeptBlock | RepeatedBlock {
    const { content, shape } = fingerprint(block.text);
    const before = first.get(content);
    if (before !== undefined && block.text.trim() !== "") {
      const repeated = { kind: "repeated", block: { ...block, text: referenceTo(before, block) }, sameAs: before.label, isIdentical: before.text === block.text } as const;
      // A reference that is longer than what it stands for would save nothing.
      if (repeated.block.text.length < block.text.length) return repeated;
    }
    if (before === undefined) {
      first.set(content, block);
      this.#count(content, shape, estimateTokens(block.text.length));
    }
    return { kind: "kept", block };
  }

  #count(content: string, shape: string, tokens: number): void {
    const known = this.#known.get(content);
    if (known !== undefined) this.#totals.shared += tokens;
    if (known !== undefined || this.#shapes.has(shape)) this.#totals.similar += tokens;
    this.#known.set(content, { tokens, contexts: (known?.contexts ?? 0) + 1 });
    this.#shapes.add(shape);
  }
}

/** What is sent, in order: blocks that hold no place and say nothing new are gone. */
export function sentBlocks({ blocks }: DeduplicatedContext): readonly ContextBlock[] {
  return blocks.filter(({ kind, block }) => kind === "kept" || block.text !== "").map(({ block }) => block);
}

function referenceTo(before: ContextBlock, block: ContextBlock): string {
  if (!block.holdsPlace) return "";
  return before.text === block.text ? `The same as "${before.label}" above.` : `The same as "${before.label}" above, but for line ends or characters that look alike.`;
}

function tokensOf(blocks: readonly ContextBlock[]): number {
  return blocks.reduce((sum, { text }) => sum + estimateTokens(text.length), 0);
}
