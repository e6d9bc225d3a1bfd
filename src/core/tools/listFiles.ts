// The tool that lists the files of a folder, all levels, without what is ignored.
import * as z from "zod/mini";
import { visibleName } from "../domain/visibleText";
import { counted, defineTool } from "./defineTool";
import { missingFile } from "./missingFile";

const MOST_FILES = 500;
const MOST_BYTES = 20 * 1024;

export const listFiles = defineTool({
  name: "list_files",
  description: "Lists files below a folder, ignored ones left out.",
  schema: z.object({ path: z.optional(z.string()), glob: z.optional(z.string()) }),
  readOnly: true,
  describe: ({ path = "", glob = "" }) => [path === "" ? "." : path, glob].join(" "),
  run: async ({ path = "", glob = "" }, { files }) => {
    const found = await files.list(path, glob, MOST_FILES);
    if (found.total === 0) {
      const content = await files.read(path);
      return content.kind === "missing"
        ? missingFile(path, content.similar)
        : { ok: true, text: "No files.", summary: "0 files" };
    }
    let bytes = 0;
    const shown = found.files.map(visibleName).filter((file) => (bytes += Buffer.byteLength(file) + 1) <= MOST_BYTES);
    const missing = found.total - shown.length;
    const closing = missing === 0 ? "" : `\n[${missing} more of ${found.total}; narrow it with path or glob]`;
    return { ok: true, text: shown.join("\n") + closing, summary: counted(found.total, "file") };
  },
});
