// Where the programs are that a real VS Code needs. The test runner has made sure of them and says so in the environment.
import { z } from "zod/mini";

const PROGRAMS = z.object({
  /** Node.js 24, and code-server's script for it. */
  node: z.string(),
  codeServer: z.string(),
  /** Null on a machine without it, where `npm run editor` still works. */
  chromium: z.nullable(z.string()),
  /** An extensions folder in which the freshly packed extension is installed as a user would; null for host tests. */
  extensions: z.nullable(z.string()),
  /** The folder for screenshots and logs of what failed. */
  results: z.string(),
});

export type EditorPrograms = Readonly<z.infer<typeof PROGRAMS>>;

export function editorPrograms(): EditorPrograms {
  const told = process.env["COUNTERSIGN_TEST_EDITOR"];
  if (told === undefined) throw new Error("No VS Code was prepared for this. Start it through `npm test -- --tests-only <path>`.");
  return PROGRAMS.parse(JSON.parse(told));
}
