// A check in plain words: no Markdown, as it stands in tables and lines.
import { describeCheck, expectationsOf } from "../domain/checkText";
import type { Check } from "../domain/contract";

/** The command, or what a built-in check looks at. */
export function checkTitle(check: Check): string {
  return check.kind === "command" ? check.run : describeCheck(check);
}

/** What a command must do beyond ending with 0; may be empty. */
export function checkExpects(check: Check): string {
  return check.kind === "command" ? expectationsOf(check).join(", ") : "";
}
