// A QC role that a chain file gives for all of its tasks in a section of its own. Pure.
import { trimmed } from "./fieldText";
import { readLabel } from "./labels";
import { headingLevel, isBreak } from "./taskStart";

const FOR_ALL = /^q[ca]\b.*\b(?:agents?|roles?)\b.*\b(?:all|every|each)\b/i;

/** null: none is given. */
export function sharedQcRole(sections: readonly string[]): string | null {
  for (const lines of sections.map((text) => text.split("\n"))) {
    for (const [at, line] of lines.entries()) {
      const label = readLabel(line);
      if (label === null || !FOR_ALL.test(label.name)) continue;
      if (label.value !== "") return label.value;
      const rest = trimmed(lines.slice(at + 1, at + 20));
      const end = rest.findIndex((next) => next.trim() === "" || isBreak(next) || headingLevel(next) > 0);
      const text = rest.slice(0, end < 0 ? rest.length : end).map((next) => next.trim().replace(/^[-*+]\s+/, "")).join("\n");
      if (text !== "") return text;
    }
  }
  return null;
}
