// One word of a shell command, as far as it can be known without running anything. It expands nothing.
import type { Word, WordPart } from "unbash";
import { expandBraces } from "./braceExpansion";
import { ANY, ONE, type Wildcards } from "./wildcards";

type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "glob"; readonly text: string }
  | { readonly kind: "braces"; readonly text: string }
  | { readonly kind: "variable"; readonly name: string; readonly quoted: boolean; readonly fallback: string | null }
  /** Substitutions, arithmetic and whatever else only running it would tell. */
  | { readonly kind: "unknown"; readonly quoted: boolean };

export interface ShellWord {
  /** As it is written. */
  readonly source: string;
  /** Without quotes and escapes; globs as they are written, and nothing where only running it would tell. */
  readonly value: string;
  /** The program gets `value`, as one argument. */
  readonly exact: boolean;
  /** It is one argument, whatever its text. */
  readonly single: boolean;
  /** What every argument that it can become begins with. */
  readonly lead: string;
  /** What it can become, where a glob is all that keeps it from being exact. */
  readonly glob: Wildcards | null;
  readonly pieces: readonly Piece[];
}

/** Literal values that variables are given within the same command, by name. */
export type Assigned = ReadonlyMap<string, readonly string[]>;

export function shellWord(word: Word): ShellWord {
  return wordOf(word.text, piecesOf(word));
}

/** A word of which everything is known. */
export function literalWord(text: string): ShellWord {
  return wordOf(text, [{ kind: "text", text }]);
}

function wordOf(source: string, pieces: readonly Piece[]): ShellWord {
  const first = pieces.findIndex((piece) => piece.kind !== "text");
  const value = pieces.map((piece) => (piece.kind === "text" || piece.kind === "glob" ? piece.text : "")).join("");
  const tilde = hasTilde(source);
  return {
    source,
    value,
    exact: first === -1 && !tilde,
    single: pieces.every((piece) => piece.kind === "text" || (piece.kind !== "glob" && piece.kind !== "braces" && piece.quoted)),
    lead: first === -1 ? value : pieces.slice(0, first).map(textOf).join(""),
    glob: globOf(pieces),
    pieces,
  };
}

function textOf(piece: Piece): string {
  return "text" in piece ? piece.text : "";
}

/** `~/x`, and `NAME=~/x` or `NAME=a:~/x`, which bash expands in arguments, too. */
function hasTilde(source: string): boolean {
  return source.startsWith("~") || /^[A-Za-z_]\w*=(?:~|.*:~)/s.test(source);
}

function piecesOf(word: Word): readonly Piece[] {
  // Without parts there is nothing but text in it, and at the most backslashes.
  return word.parts?.flatMap((part) => piecesOfPart(part, false)) ?? [{ kind: "text", text: word.value }];
}

function piecesOfPart(part: WordPart, quoted: boolean): readonly Piece[] {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return [{ kind: "text", text: part.value }];
    case "DoubleQuoted":
    case "LocaleString":
      // An empty string is a word, so that it must leave a piece.
      return [{ kind: "text", text: "" }, ...part.parts.flatMap((child) => piecesOfPart(child, true))];
    case "Glob":
      return [{ kind: "glob", text: part.text }];
    case "BraceExpansion":
      return [{ kind: "braces", text: part.text }];
    case "SimpleExpansion":
      return [variable(part.text.slice(1), quoted, null)];
    case "ParameterExpansion": {
      const { operation } = part;
      const several = part.index !== undefined || part.prefix !== undefined || operation?.type === "Names";
      const fallback = operation?.type === "Default" ? shellWord(operation.operand).value : null;
      return several ? [{ kind: "unknown", quoted: false }] : [variable(part.parameter, quoted, fallback)];
    }
    case "CommandExpansion":
    case "ArithmeticExpansion":
    case "ProcessSubstitution":
    case "ExtendedGlob":
      return [{ kind: "unknown", quoted }];
  }
}

function variable(name: string, quoted: boolean, fallback: string | null): Piece {
  // All arguments of the shell: several words even in quotes.
  return { kind: "variable", name, quoted: quoted && name !== "@", fallback };
}

/** A bracket stands for any character here: what the pattern can match is asked in order to refuse. */
function globOf(pieces: readonly Piece[]): Wildcards | null {
  if (!pieces.some((piece) => piece.kind === "glob") || pieces.some((piece) => piece.kind !== "glob" && piece.kind !== "text")) return null;
  return pieces.flatMap((piece): Wildcards => {
    if (piece.kind === "text") return Array.from(piece.text);
    return [textOf(piece).startsWith("*") ? ANY : ONE];
  });
}

/** Fields that a word may become; more are not looked at. */
const MOST_FIELDS = 64;

/**
 * What the word may well become: for finding what is denied, never for allowing. Each guess is a list of fields, as
 * braces and unquoted variables make several of one word.
 */
export function guessFields(word: ShellWord, assigned: Assigned): readonly (readonly string[])[] {
  const choices = word.pieces.map((piece) => choicesOf(piece, assigned));
  const count = Math.max(1, ...choices.map((all) => all.length));
  const splits = word.pieces.some((piece) => piece.kind === "variable" && !piece.quoted);
  return Array.from({ length: count }, (_, guess) => {
    let fields: readonly string[] = [""];
    for (const all of choices) {
      const chosen = all[Math.min(guess, all.length - 1)] ?? [""];
      fields = fields.flatMap((field) => chosen.map((text) => field + text)).slice(0, MOST_FIELDS);
    }
    return splits ? fields.flatMap((field) => field.split(/\s+/).filter((part) => part !== "")) : fields;
  });
}

/** The alternatives for one piece, each a list of the texts it becomes. */
function choicesOf(piece: Piece, assigned: Assigned): readonly (readonly string[])[] {
  switch (piece.kind) {
    case "text":
    case "glob":
      return [[piece.text]];
    case "braces":
      return [expandBraces(piece.text, MOST_FIELDS), [piece.text]];
    case "variable": {
      const values = piece.name === "IFS" ? [" "] : [...(assigned.get(piece.name) ?? []), ...(piece.fallback === null ? [] : [piece.fallback])];
      return [...values, ""].slice(0, 4).map((value) => [value]);
    }
    case "unknown":
      return [[""]];
  }
}
