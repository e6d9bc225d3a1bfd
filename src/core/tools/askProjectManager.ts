// The tool with which a worker asks the project manager: once an attempt, for what neither its task nor the code says.
import * as z from "zod/mini";
import { defineTool, failed } from "./defineTool";
import type { Tool } from "./tool";

const LONGEST = 2000;

/** `asked`: whether this attempt has asked before. */
export function askProjectManager(asked: () => boolean, ask: (question: string, signal: AbortSignal) => Promise<string>): Tool {
  return defineTool({
    name: "ask_project_manager",
    description: "Asks the project manager one question, once an attempt: only for what neither the task nor the code says.",
    schema: z.object({ question: z.string().check(z.minLength(1), z.maxLength(LONGEST)) }),
    readOnly: false,
    describe: ({ question }) => question,
    run: async ({ question }, { signal }) => {
      if (asked()) return failed("This attempt has asked already. Decide what is left open yourself, and name it under gaps.", "asked already");
      return { ok: true, text: await ask(question, signal), summary: "answered" };
    },
  });
}
