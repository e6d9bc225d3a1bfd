// A handoff file that a person may open in a preview: nothing that models or repositories wrote into it is fetched,
// run or hidden there. Pure.
import { CHAIN_FILE, PLAN_FILE } from "./planNames";
import { visibleText } from "../domain/visibleText";

/** Elements that load, run, style or submit something; Markdown shows an escaped one as it stands. */
const ELEMENTS = /<(?=\/?(?:img|picture|source|svg|math|iframe|frame|object|embed|video|audio|track|link|style|script|template|form|input|button|base|meta|a)\b)/gi;
/** Pictures from elsewhere, and links that run commands of the editor. */
const FETCHED = /!(?=\[[^\]\n]{0,1000}\]\(\s{0,4}<?\s{0,4}(?:https?:|data:|\/\/))/gi;
const COMMANDS = /\]\((?=\s{0,4}<?\s{0,4}(?:command|vscode|vscode-insiders|javascript|file):)/gi;

/** `file`: relative to the task's folder. Plans are read back word for word, so they stay as they are. */
export function inertMarkdown(file: string, text: string): string {
  if (!file.endsWith(".md") || file === PLAN_FILE || file === CHAIN_FILE) return text;
  return visibleText(text).replace(ELEMENTS, "\\<").replace(FETCHED, "\\!").replace(COMMANDS, "]\\(");
}
