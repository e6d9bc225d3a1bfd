// How a line of a tree looks, as data: what a tree's model says of a node, and treeItems.ts makes a TreeItem of. Pure;
// no vscode here.

/** A theme colour by what it means here; treeItems.ts knows the editor's names. */
export type Tone = "plain" | "active" | "good" | "bad" | "attention" | "muted";

export interface Icon {
  /** Name of a codicon, e.g. `pass` or `loading~spin`. */
  readonly name: string;
  readonly tone: Tone;
}

export type Click =
  | { readonly kind: "command"; readonly command: string; readonly title: string; readonly args: readonly unknown[] }
  /** A file by its absolute path. */
  | { readonly kind: "open"; readonly path: string };

/** A file that the line stands for: gives it the file's icon, and decorations. */
export type Resource =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "change"; readonly root: string; readonly path: string; readonly letter: "A" | "M" | "D" | "T" };

export interface Row {
  readonly label: string;
  /** Ranges [start, end) of the label that a search has found. */
  readonly highlights: readonly (readonly [number, number])[];
  readonly description: string;
  /** null: the resource's icon, or none. */
  readonly icon: Icon | null;
  readonly resource: Resource | null;
  readonly expands: "never" | "closed" | "open";
  /** What `viewItem` is in the manifest's `when` clauses. */
  readonly context: string;
  readonly click: Click | null;
  /** null: no check box. */
  readonly checked: boolean | null;
  /** What a screen reader says; null: label and description. */
  readonly spoken: string | null;
}

const BARE: Row = {
  label: "",
  highlights: [],
  description: "",
  icon: null,
  resource: null,
  expands: "never",
  context: "",
  click: null,
  checked: null,
  spoken: null,
};

export function row(label: string, change: Partial<Omit<Row, "label">>): Row {
  return { ...BARE, label, ...change };
}
