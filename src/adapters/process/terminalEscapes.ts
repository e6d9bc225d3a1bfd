// Takes terminal escapes and other invisible control characters out of a command's output as it streams by. What is
// kept on disk stays raw; this is for models, people and evidence quotes.

// ECMA-48 and xterm: CSI, the string sequences (OSC, DCS, SOS, PM, APC), and the two-character escapes.
const ESCAPES = new RegExp(
  [
    "(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]",
    "(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^\\u0007\\u001b\\u0090\\u0098\\u009b-\\u009f]*(?:\\u0007|\\u001b\\\\|\\u009c)",
    "\\u001b(?:[ -/]+[0-~]|[0-OQ-WYZ\\\\`-~])",
  ].join("|"),
  "g",
);
/** What at the end of a piece may be completed by the next one; half a line ending as well. */
const INCOMPLETE = new RegExp(
  [
    "(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*$",
    "(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^\\u0007\\u001b\\u0090\\u0098\\u009b-\\u009f]*\\u001b?$",
    "\\u001b[ -/]*$",
    "\\r$",
  ].join("|"),
);
/** All C0 controls but tab, line feed and carriage return, then DEL and C1. */
// oxlint-disable-next-line no-control-regex -- removing them is the purpose
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
/** A sequence that has not ended by then is text with a stray escape in it. */
const LONGEST_SEQUENCE = 4096;

export class EscapeStripper {
  private held = "";

  /** The visible part of `text`; a sequence that is not complete yet is held back. */
  push(text: string): string {
    const whole = this.held + text;
    const from = Math.max(0, whole.length - LONGEST_SEQUENCE);
    const found = INCOMPLETE.exec(whole.slice(from));
    const end = found === null ? whole.length : from + found.index;
    this.held = whole.slice(end);
    return visible(whole.slice(0, end));
  }

  end(): string {
    const rest = visible(this.held);
    this.held = "";
    return rest;
  }
}

function visible(text: string): string {
  return text.replace(ESCAPES, "").replaceAll("\r\n", "\n").replace(CONTROLS, "");
}
