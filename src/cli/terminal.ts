// Where text for a person goes, and whether it may have colour. Control characters from models and repositories
// never reach the terminal.
import type { Clock } from "../core/ports/clock";

/** Nobody sees the difference, but a run that must not wait for its own progress lines does. */
export const HOLD_MS = 5;

export interface TerminalOptions {
  /** Text is held for HOLD_MS and written in one go; the caller flushes before the process ends. */
  readonly holdWith?: Clock;
  /** Flushed before anything is written here, so that two streams to one screen keep their order. */
  readonly after?: Terminal;
}

/** What live progress needs of it. */
export type Lines = Pick<Terminal, "line" | "bold" | "dim" | "red" | "green" | "yellow">;

/** The same with this before every line that says something. */
export function prefixed(lines: Lines, prefix: string): Lines {
  const { bold, dim, red, green, yellow } = lines;
  const line = (text = ""): void => {
    for (const one of text.split("\n").filter((part) => part.trim() !== "")) lines.line(`${prefix} ${one}`);
  };
  return { line, bold, dim, red, green, yellow };
}

export class Terminal {
  private readonly colour: boolean;
  private held = "";
  /** Nobody else can know it, so that no text from outside can colour itself as ours. */
  private readonly mark = Math.random().toString(36).slice(2);

  constructor(
    private readonly stream: NodeJS.WriteStream,
    env: Readonly<Record<string, string | undefined>>,
    private readonly options: TerminalOptions = {},
  ) {
    this.colour = stream.isTTY && env["NO_COLOR"] === undefined && env["TERM"] !== "dumb";
  }

  line(text = ""): void {
    this.write(`${printable(text, this.mark)}\n`);
  }

  /** As it is where it is piped on. */
  raw(text: string): void {
    this.write(this.stream.isTTY ? printable(text) : text);
  }

  /** Writes what is held. */
  flush(): void {
    const text = this.held;
    this.held = "";
    if (text !== "") this.stream.write(text);
  }

  bold = (text: string): string => this.paint(text, 1);
  dim = (text: string): string => this.paint(text, 2);
  red = (text: string): string => this.paint(text, 31);
  green = (text: string): string => this.paint(text, 32);
  yellow = (text: string): string => this.paint(text, 33);

  private write(text: string): void {
    const { holdWith, after } = this.options;
    after?.flush();
    if (this.held === "") holdWith?.after(HOLD_MS, () => this.flush());
    this.held += text;
    if (holdWith === undefined) this.flush();
  }

  private paint(text: string, code: number): string {
    // Private-use characters stand for our own escapes until the text has been cleaned.
    return this.colour ? `\ue000${this.mark} ${code}\ue001${text}\ue000${this.mark} 0\ue001` : text;
  }
}

/** Drops control and bidirectional characters but line breaks and tabs, then turns our own marks into colour. */
export function printable(text: string, mark = ""): string {
  // oxlint-disable-next-line no-control-regex
  const clean = text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
  const coloured = mark === "" ? clean : clean.replace(new RegExp(`\ue000${mark} (\\d+)\ue001`, "g"), "\u001b[$1m");
  return coloured.replace(/[\ue000\ue001]/g, "");
}

/** A word as a shell reads it back, for commands that a person may copy. */
export function quoteArgument(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
