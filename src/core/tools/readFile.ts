// The tool that reads a file or a part of it. The text comes back plain, without line numbers, and bounded.
import * as z from "zod/mini";
import { headOf } from "../domain/boundedText";
import { toLineFeeds } from "../domain/textEdit";
import type { FileContent } from "../ports/fileTree";
import { counted, defineTool, failed } from "./defineTool";
import { missingFile } from "./missingFile";
import type { ToolOutcome } from "./tool";

const MOST_LINES = 2000;
const MOST_BYTES = 50 * 1024;

export const readFile = defineTool({
  name: "read_file",
  description: `Reads a file: at most ${MOST_LINES} lines or 50 KB a call.`,
  schema: z.object({
    path: z.string(),
    from: z.optional(z.int().check(z.gte(1), z.describe("First line, 1-based"))),
    count: z.optional(z.int().check(z.gte(1), z.describe("Lines"))),
  }),
  readOnly: true,
  describe: ({ path, from, count }) => {
    if (from === undefined && count === undefined) return path;
    const first = from ?? 1;
    return count === undefined ? `${path} from ${first}` : `${path} ${first}–${first + count - 1}`;
  },
  run: async ({ path, from = 1, count = MOST_LINES }, { files }) => {
    const range = { from, count: Math.min(count, MOST_LINES) };
    // One line more than asked for tells whether there is more.
    return outcomeOf(await files.read(path, { from, count: range.count + 1 }), path, range);
  },
});

interface Range {
  readonly from: number;
  readonly count: number;
}

function outcomeOf(content: FileContent, path: string, range: Range): ToolOutcome {
  switch (content.kind) {
    case "missing":
      return missingFile(path, content.similar);
    case "folder":
      return failed(`${path} is a folder: use list_files.`, "a folder");
    case "binary":
      return failed(`${path} is binary (${content.bytes} bytes) and cannot be shown.`, "binary");
    case "large":
      return shown(content.text, { ...range, first: range.from, note: `file of ${content.bytes} bytes` });
    case "text":
      return shown(content.text, { ...range, first: 1, note: "" });
  }
}

/** Shows lines of `text`, whose own first line has the number `first`; the note says why the total is not known. */
function shown(text: string, range: Range & { readonly first: number; readonly note: string }): ToolOutcome {
  if (text === "" && range.from === 1) return { ok: true, text: "[empty file]", summary: "empty" };
  const lines = linesOf(text);
  const start = range.from - range.first;
  if (start >= lines.length) {
    const where =
      range.note === "" ? `The file has ${counted(lines.length, "line")}` : `The ${range.note} has fewer lines`;
    return failed(`${where}; there is nothing from line ${range.from} on.`, "past the end");
  }
  const asked = lines.slice(start, start + range.count);
  const kept = fitting(asked);
  const next = range.from + kept.length;
  const summary = counted(kept.length, "line");
  if (kept.length === 0) return oneLongLine(asked[0] ?? "", range.from, lines.length > start + 1);
  if (start + kept.length >= lines.length) return { ok: true, text: kept.join(""), summary };
  const total = range.note === "" ? ` of ${lines.length}` : `, ${range.note}`;
  const closing = `[lines ${range.from}–${next - 1}${total}; go on with from: ${next}]`;
  return { ok: true, text: `${kept.join("")}${closing}`, summary };
}

/** Lines with their line feeds; no byte order mark, no carriage returns. */
function linesOf(text: string): readonly string[] {
  return toLineFeeds(text.replace(/^\ufeff/, "")).match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The lines that fit into the bound. */
function fitting(lines: readonly string[]): readonly string[] {
  let bytes = 0;
  const end = lines.findIndex((line) => {
    bytes += Buffer.byteLength(line);
    return bytes > MOST_BYTES;
  });
  return end === -1 ? lines : lines.slice(0, end);
}

function oneLongLine(line: string, number: number, hasMore: boolean): ToolOutcome {
  const part = headOf(line, MOST_BYTES);
  const more = hasMore ? `; go on with from: ${number + 1}` : "";
  const closing = `[line ${number} is longer than 50 KB and cut here; search or a command can look into it${more}]`;
  return { ok: true, text: `${part}\n${closing}`, summary: "1 line, cut" };
}
