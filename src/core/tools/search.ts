// The tool that finds lines by a regular expression or by plain text.
import * as z from "zod/mini";
import { boundText } from "../domain/boundedText";
import { visibleName } from "../domain/visibleText";
import { counted, defineTool } from "./defineTool";
import { missingFile } from "./missingFile";

const MOST_HITS = 200;
const MOST_BYTES = 20 * 1024;

export const search = defineTool({
  name: "search",
  description: "Finds lines by regex; answers path:line: text.",
  schema: z.object({
    pattern: z.string(),
    path: z.optional(z.string()),
    glob: z.optional(z.string()),
    literal: z.optional(z.boolean()),
    ignoreCase: z.optional(z.boolean()),
  }),
  readOnly: true,
  describe: ({ pattern, path = "", glob = "" }) => [pattern, path, glob].filter((part) => part !== "").join(" "),
  run: async ({ pattern, path = "", glob = "", literal = false, ignoreCase = false }, { files, signal }) => {
    const options = { pattern, path, glob, literal, ignoreCase, limit: MOST_HITS };
    const found = await files.search(options, signal);
    if (found.total === 0) {
      const content = path === "" ? null : await files.read(path, { from: 1, count: 1 });
      if (content?.kind === "missing") return missingFile(path, content.similar);
      return { ok: true, text: "No matches (ignored files are not searched).", summary: "no matches" };
    }
    const lines = found.hits.map((hit) => `${visibleName(hit.path)}:${hit.line}: ${hit.text}`);
    const missing = found.total - found.hits.length;
    const closing = missing === 0 ? "" : `\n[${missing} more matches; narrow it with path or glob]`;
    return {
      ok: true,
      text: boundText(lines.join("\n"), MOST_BYTES) + closing,
      summary: counted(found.total, "match"),
    };
  },
});
