// The tool that changes parts of a file by exact replacement. It writes all edits of a call or none, and answers a
// failed one with what the file really has, so that the next try can be right.
import * as z from "zod/mini";
import { boundText } from "../domain/boundedText";
import { nearestMatch } from "../domain/nearestMatch";
import { applyEdits, toLineFeeds, type EditResult, type TextEdit } from "../domain/textEdit";
import { fromVisible } from "../domain/visibleText";
import type { FileContent } from "../ports/fileTree";
import { counted, defineTool, failed } from "./defineTool";
import { missingFile } from "./missingFile";
import { EDIT_AROUND, markRefusal } from "./redactedInput";
import type { ToolOutcome } from "./tool";

const MOST_PLACES = 10;
const MOST_BYTES = 4 * 1024;

export const editFile = defineTool({
  name: "edit_file",
  description: "Replaces text. Each find must match exactly once; all edits apply or none.",
  schema: z.object({
    path: z.string(),
    edits: z.array(z.object({ find: z.string(), replace: z.string() })).check(z.minLength(1)),
  }),
  readOnly: false,
  // All or nothing, and what has been replaced is not found again.
  repeatable: true,
  describe: ({ path, edits }) => `${path} (${counted(edits.length, "edit")})`,
  run: async ({ path, edits }, { files }) => {
    const content = await files.read(path);
    const refusal = refusalOf(content, path);
    if (refusal !== null || content.kind !== "text")
      return refusal ?? failed(`${path} cannot be edited.`, "not editable");
    const meant = edits.map((edit) => asItStands(edit, content.text));
    const redacted = markRefusal(meant.map(({ find, replace }) => `${find}\n${replace}`).join("\n"), content.text, EDIT_AROUND);
    if (redacted !== null) return redacted;
    const result = applyEdits(content.text, meant);
    if (result.kind !== "edited") return notApplied(result, meant, path);
    await files.write(path, result.text);
    const lines = result.lines.length === 1 ? "line" : "lines";
    return {
      ok: true,
      text: `Edited ${path} at ${lines} ${result.lines.join(", ")}.`,
      summary: counted(edits.length, "edit"),
    };
  },
});

/** Hidden characters were shown by their numbers: in text that is not in the file so, they are meant. */
function asItStands(edit: TextEdit, text: string): TextEdit {
  if (!edit.find.includes("<U+") || toLineFeeds(text).includes(toLineFeeds(edit.find))) return edit;
  return { find: fromVisible(edit.find), replace: fromVisible(edit.replace) };
}

/** Why a file's content is not for editing; null when it is. */
function refusalOf(content: FileContent, path: string): ToolOutcome | null {
  switch (content.kind) {
    case "missing":
      return missingFile(path, content.similar);
    case "folder":
      return failed(`${path} is a folder.`, "a folder");
    case "binary":
      return failed(`${path} is binary: it cannot be edited as text.`, "binary");
    case "large":
      return failed(`${path} is too large to edit (${content.bytes} bytes): change it with a command.`, "too large");
    case "text":
      if (content.lossy !== true) return null;
      return failed(`${path} is not UTF-8: editing would destroy bytes. Change it with a command.`, "not UTF-8");
  }
}

function notApplied(
  result: Exclude<EditResult, { kind: "edited" }>,
  edits: readonly TextEdit[],
  path: string,
): ToolOutcome {
  const which = edits.length === 1 ? "find" : `find of edit ${result.edit + 1}`;
  const find = edits[result.edit]?.find ?? "";
  const kept = edits.length === 1 ? "Nothing was changed." : "No edit was applied.";
  const answer = (reason: string, summary: string): ToolOutcome => failed(`${kept} ${reason}`, summary);
  switch (result.kind) {
    case "emptyFind":
      return answer(`The ${which} is empty; write_file replaces a whole file.`, "empty find");
    case "noChange":
      return answer(`The ${which} and its replace are the same.`, "no change");
    case "notFound":
      return answer(`The ${which} is not in ${path}. ${nearest(result.text, toLineFeeds(find))}`, "no match");
    case "ambiguous":
      return answer(
        `The ${which} is in ${path} ${result.count} times; add lines around it to make it unique:\n${places(result, find)}`,
        counted(result.count, "match"),
      );
  }
}

function nearest(text: string, find: string): string {
  const found = nearestMatch(text, find);
  if (found === null) return "Nothing in it is similar; read the file again.";
  const where = found.from === found.to ? `Line ${found.from} is` : `Lines ${found.from}–${found.to} are`;
  return `${where} nearest (${found.difference}):\n${boundText(found.lines.join("\n"), MOST_BYTES)}`;
}

/** The places with a line before and after each. */
function places(result: { readonly text: string; readonly lines: readonly number[] }, find: string): string {
  const all = result.text.split("\n");
  const height = toLineFeeds(find).split("\n").length;
  const shown = result.lines.slice(0, MOST_PLACES).map((line) => {
    const from = Math.max(1, line - 1);
    const around = all.slice(from - 1, line + Math.min(height, 3)).map((text, at) => `${from + at}: ${text}`);
    return around.join("\n");
  });
  const more = result.lines.length > MOST_PLACES ? `\nand at lines ${result.lines.slice(MOST_PLACES).join(", ")}` : "";
  return boundText(`${shown.join("\n--\n")}${more}`, MOST_BYTES);
}
