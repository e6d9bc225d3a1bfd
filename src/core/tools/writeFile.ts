// The tool that creates a file or replaces all of it.
import * as z from "zod/mini";
import type { FileTree } from "../ports/fileTree";
import { marksIn } from "../secrets/marks";
import { counted, defineTool } from "./defineTool";
import { EDIT_AROUND, markRefusal } from "./redactedInput";

export const writeFile = defineTool({
  name: "write_file",
  description: "Creates a file or replaces all of it.",
  schema: z.object({ path: z.string(), content: z.string() }),
  readOnly: false,
  repeatable: true,
  describe: ({ path, content }) => `${path} (${counted(linesIn(content), "line")})`,
  run: async ({ path, content }, { files }) => {
    const refusal = marksIn(content).length === 0 ? null : markRefusal(content, await textOf(files, path), EDIT_AROUND);
    if (refusal !== null) return refusal;
    await files.write(path, content);
    const lines = counted(linesIn(content), "line");
    return { ok: true, text: `Wrote ${path} (${lines}).`, summary: lines };
  },
});

async function textOf(files: FileTree, path: string): Promise<string> {
  const content = await files.read(path);
  return content.kind === "text" ? content.text : "";
}

function linesIn(text: string): number {
  if (text === "") return 0;
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}
