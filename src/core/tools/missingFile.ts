// The answer of every tool to a path that does not exist.
import { failed } from "./defineTool";
import type { ToolOutcome } from "./tool";

export function missingFile(path: string, similar: readonly string[]): ToolOutcome {
  const hint = similar.length === 0 ? "" : ` Similar: ${similar.join(", ")}`;
  return failed(`${path} does not exist.${hint}`, "does not exist");
}
