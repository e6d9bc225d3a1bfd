// The tool that creates a file or replaces all of it.
import * as z from "zod/mini";
import { counted, defineTool } from "./defineTool";

export const writeFile = defineTool({
  name: "write_file",
  description: "Creates a file or replaces all of it.",
  schema: z.object({ path: z.string(), content: z.string() }),
  readOnly: false,
  repeatable: true,
  describe: ({ path, content }) => `${path} (${counted(linesIn(content), "line")})`,
  run: async ({ path, content }, { files }) => {
    await files.write(path, content);
    const lines = counted(linesIn(content), "line");
    return { ok: true, text: `Wrote ${path} (${lines}).`, summary: lines };
  },
});

function linesIn(text: string): number {
  if (text === "") return 0;
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}
