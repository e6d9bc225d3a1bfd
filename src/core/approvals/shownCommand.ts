// A command line as a person must see it before it runs: what a screen would swallow or reorder is written out. Pure.

/** Lines stay lines; control, format and invisible characters become escapes. */
export function shownCommand(command: string): string {
  return command.replaceAll("\r\n", "\\r\n").replace(/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu, (char) => (char === " " || char === "\n" ? char : escapeOf(char)));
}

/** The same in one line. */
export function shownInLine(command: string): string {
  return shownCommand(command).replaceAll("\n", "\\n");
}

function escapeOf(char: string): string {
  const short = JSON.stringify(char).slice(1, -1);
  return short === char ? `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}` : short;
}
