// What is read out of one file for the knowledge graph. Data only.

/** Something declared in a file. */
export interface SymbolFact {
  readonly name: string;
  readonly kind: "function" | "class" | "interface" | "type" | "enum" | "struct" | "trait" | "heading";
  /** 1-based. */
  readonly line: number;
}

/** A mention of another file or package, as it is written. */
export interface ImportFact {
  readonly how: "imports" | "references";
  readonly spec: string;
  /** What is taken from it, where that may name files, too (Python). */
  readonly names: readonly string[];
}

export interface FileFacts {
  /** How it begins: a comment or a first paragraph; may be empty. */
  readonly lead: string;
  readonly symbols: readonly SymbolFact[];
  readonly imports: readonly ImportFact[];
  /** The name under which other files import what is in this file's folder (Go's go.mod); "" for none. */
  readonly module: string;
}

/** What a line of a language says. */
export interface LineFacts {
  readonly symbols: readonly Omit<SymbolFact, "line">[];
  readonly imports: readonly ImportFact[];
}

/** A reader is made for each file, and gets its lines in order. */
export type LineReader = (line: string) => LineFacts | null;
