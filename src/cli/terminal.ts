// Where text for a person goes, and whether it may have colour. Control characters from models and repositories
// never reach the terminal.

export class Terminal {
  private readonly colour: boolean;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    env: Readonly<Record<string, string | undefined>>,
  ) {
    this.colour = stream.isTTY && env["NO_COLOR"] === undefined && env["TERM"] !== "dumb";
  }

  line(text = ""): void {
    this.stream.write(`${printable(text)}\n`);
  }

  /** As it is, for output that is piped on. */
  raw(text: string): void {
    this.stream.write(text);
  }

  bold = (text: string): string => this.paint(text, 1);
  dim = (text: string): string => this.paint(text, 2);
  red = (text: string): string => this.paint(text, 31);
  green = (text: string): string => this.paint(text, 32);
  yellow = (text: string): string => this.paint(text, 33);

  private paint(text: string, code: number): string {
    // Private-use characters stand for our own escapes until the text has been cleaned.
    return this.colour ? `\ue000${code}\ue001${text}\ue000${0}\ue001` : text;
  }
}

/** Drops control and bidirectional characters but line breaks and tabs, then turns our own marks into colour. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "").replace(/\ue000(\d+)\ue001/g, "\u001b[$1m");
}
