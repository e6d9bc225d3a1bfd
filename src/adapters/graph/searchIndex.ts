// Ranks nodes by words. The only module that knows the search library; it holds no nodes, only their keys.
import MiniSearch from "minisearch";
import { searchTerms } from "./searchTerms";

export interface SearchDocument {
  /** The key of the node's row. */
  readonly key: number;
  readonly type: string;
  readonly name: string;
  readonly text: string;
}

export interface RankedKey {
  readonly key: number;
  readonly score: number;
}

/** A name that fits says more than a mention. */
const NAME_WEIGHT = 3;
/** A word that fewer documents have also finds longer ones that begin with it … */
const RARE = 50;
/** … if it has so many characters. */
const SHORTEST_BEGINNING = 3;
const BEGINNING_WEIGHT = 0.3;
/** Words that more than this share of the documents have, and more than so many documents, tell little and cost most. */
const COMMON_SHARE = 0.05;
const COMMON = 500;
/** Words of a question beyond this many change nothing in its answer. */
const MOST_WORDS = 24;
/** Sums of floating-point numbers depend on their order: what differs by less is equal. */
const PRECISION = 1e6;

/** Documents are handed over as their terms, so that each text is taken apart once. */
const split = (terms: string): string[] => terms.split(" ");

export class SearchIndex {
  private index = newIndex();
  /** In how many documents a term is. */
  private readonly counts = new Map<string, number>();

  add(document: SearchDocument): void {
    this.index.add(this.counted(document, 1));
  }

  /** The library wants what it was given to take it out again. */
  remove(document: SearchDocument): void {
    this.index.remove(this.counted(document, -1));
  }

  clear(): void {
    this.index = newIndex();
    this.counts.clear();
  }

  /** Best first; in no order among equals. */
  search(words: string, type: string | null): readonly RankedKey[] {
    const terms = this.telling([...new Set(searchTerms(words))].slice(0, MOST_WORDS));
    if (terms.length === 0) return [];
    const filter = type === null ? {} : { filter: (found: { readonly [field: string]: unknown }) => found["type"] === type };
    const prefix = (term: string): boolean => term.length >= SHORTEST_BEGINNING && (this.counts.get(term) ?? 0) < RARE;
    const found = this.index.search(terms.join(" "), { prefix, ...filter });
    return found.map(({ id, score }) => ({ key: id as number, score: Math.round(score * PRECISION) / PRECISION }));
  }

  /** Without common words where there are others; of common words alone the rarest. */
  private telling(terms: readonly string[]): readonly string[] {
    const count = (term: string): number => this.counts.get(term) ?? 0;
    const limit = Math.max(COMMON, COMMON_SHARE * this.index.documentCount);
    const rare = terms.filter((term) => count(term) <= limit);
    if (rare.some((term) => count(term) > 0)) return rare;
    const [rarest] = terms.filter((term) => count(term) > limit).toSorted((a, b) => count(a) - count(b) || (a < b ? -1 : 1));
    return rarest === undefined ? rare : [...rare, rarest];
  }

  private counted({ key, type, name, text }: SearchDocument, change: 1 | -1): SearchDocument {
    const [nameTerms, textTerms] = [searchTerms(name), searchTerms(text)];
    for (const term of new Set([...nameTerms, ...textTerms])) {
      const count = (this.counts.get(term) ?? 0) + change;
      if (count === 0) this.counts.delete(term);
      else this.counts.set(term, count);
    }
    return { key, type, name: nameTerms.join(" "), text: textTerms.join(" ") };
  }
}

function newIndex(): MiniSearch<SearchDocument> {
  return new MiniSearch<SearchDocument>({
    idField: "key",
    fields: ["name", "text"],
    storeFields: ["type"],
    tokenize: split,
    // They are what they shall be already; empty fields have none.
    processTerm: (term) => (term === "" ? null : term),
    searchOptions: { boost: { name: NAME_WEIGHT }, weights: { prefix: BEGINNING_WEIGHT, fuzzy: 0 } },
  });
}
