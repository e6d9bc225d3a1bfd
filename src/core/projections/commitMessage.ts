// The message that is proposed for a commit of accepted work: what was done, why so, and the task it comes from. Pure.
import { oneLine } from "../domain/markdown";
import type { TaskView } from "./taskView";

/** Source: git's own advice for the first line, and for the width of the rest. */
const SUBJECT_CHARS = 72;
const BODY_CHARS = 72;

export function commitMessageFor({ plan, request }: TaskView): string {
  const subject = oneLine(plan?.title ?? request.title);
  const body = plan === null ? "" : wrapped(oneLine(plan.rationale));
  return [shortened(subject), ...(body === "" ? [] : [body]), `Countersign-Task: ${request.id}`].join("\n\n");
}

/** Cut at a word. */
function shortened(subject: string): string {
  if (subject.length <= SUBJECT_CHARS) return subject;
  const cut = subject.slice(0, SUBJECT_CHARS - 1);
  const end = cut.lastIndexOf(" ");
  return `${cut.slice(0, end > SUBJECT_CHARS / 2 ? end : cut.length).trimEnd()}…`;
}

function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= BODY_CHARS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}
