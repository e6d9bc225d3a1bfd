// A chain file cut into tasks and sections, before any value is read. Data only; lines count from 0.
import type { Field, Label } from "./labels";
import type { TaskStart } from "./taskStart";

export interface RawField {
  /** `body`: text of a task that stands under no label. */
  readonly field: Field | "body";
  readonly label: Label | null;
  readonly line: number;
  /** Lines that follow the label's. */
  readonly lines: number[];
}

export interface RawTask {
  id: string;
  /** The id of its heading, where the field says another one. */
  alias: string | null;
  readonly line: number;
  /** Line and text of its heading behind the id. */
  heading: { readonly line: number; readonly title: string } | null;
  /** Line of the id's label and what stood there behind the id. */
  idLabel: { readonly line: number; readonly rest: string; readonly idLine: number | null } | null;
  readonly fields: RawField[];
}

export interface RawSection {
  readonly lines: number[];
}

export type Segment = { readonly kind: "task"; readonly task: RawTask } | { readonly kind: "section"; readonly section: RawSection };

/** A chain file's lines and what is known of each before anything is put together. */
export interface ChainLines {
  readonly lines: readonly string[];
  /** 1: inside of a block. */
  readonly isText: Uint8Array;
  /** Marks of a code block around the whole file. */
  readonly wrapping: ReadonlySet<number>;
  /** Labels and starts outside of blocks. */
  readonly labels: readonly (Label | null)[];
  readonly starts: readonly (TaskStart | null)[];
  /** The next line from here on that has a label of a known field or a start; the number of lines where there is none. */
  readonly nextKnown: Int32Array;
  readonly nextFilled: Int32Array;
}

export interface Segments {
  readonly parts: readonly Segment[];
  /** Lines between tasks that say nothing, as `---`. */
  readonly separators: readonly number[];
  /** Where something in a block looks like a task; it is read as text. */
  readonly hidden: readonly number[];
}
