// Text of tasks, models and files on its way into a message of the window. Pure; no vscode here.
import { visibleText } from "../core/domain/visibleText";

/** Messages make links of `[text](command:…)` and of addresses alike: none comes of this, and nothing in it is hidden. */
export function messageText(text: string): string {
  return visibleText(text).replaceAll("](", "] (");
}
