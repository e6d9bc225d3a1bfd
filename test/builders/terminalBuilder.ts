// A terminal that keeps what is written to it.
import { Terminal, type TerminalOptions } from "../../src/cli/terminal";

export function aTerminal(options: { readonly isTTY?: boolean; readonly env?: Readonly<Record<string, string>> } & TerminalOptions = {}) {
  const written: string[] = [];
  const stream = { isTTY: options.isTTY ?? false, write: (text: string) => written.push(text) > 0 };
  const terminal = new Terminal(stream as unknown as NodeJS.WriteStream, options.env ?? {}, options);
  return { terminal, text: () => written.join(""), writes: () => written };
}
