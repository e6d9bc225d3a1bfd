// What tools answer to input that holds the mark of a secret: the mark stands for a value that the model was not shown,
// and written to a file it would destroy the value.
import { marksIn } from "../secrets/marks";
import { failed } from "./defineTool";
import type { ToolOutcome } from "./tool";

/** null when `written` holds no mark but those that stand in `standing` (the file as it is) word for word. */
export function markRefusal(written: string, standing: string, advice: string): ToolOutcome | null {
  const [mark] = marksIn(written).filter((one) => !standing.includes(one));
  if (mark === undefined) return null;
  return failed(`Nothing was done: ${mark} is a mark that stands for a secret, not the secret itself. ${advice}`, "holds a redacted secret");
}

export const EDIT_AROUND = "Leave the line that has it as it is, and use edit_file with text before and after it.";
