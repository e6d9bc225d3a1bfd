// `self-eval.md`: what the generator says of its own work.
import { embedded, listItem, oneLine } from "../domain/markdown";
import type { SelfEvaluation } from "../domain/handoff";

/** `refuted`: what the engine found not to hold, in sentences. */
export function printSelfEvaluation(evaluation: SelfEvaluation, attempt: number, refuted: readonly string[] = []): string {
  const none = "None named.";
  const gaps = evaluation.gaps.map(listItem).join("\n");
  const evidence = evaluation.evidence.map((e) => listItem(`**${oneLine(e.criterion)}** ${e.claim}`)).join("\n");
  const deliverables = evaluation.deliverables.map(listItem).join("\n");
  return `${[
    `# Self-evaluation, attempt ${attempt}`,
    `Confidence ${evaluation.confidence}/10. These are the generator's own words; the verdict is in qa-report.md.`,
    embedded(evaluation.summary),
    `## Gaps\n\n${gaps || none}`,
    `## Evidence\n\n${evidence || none}`,
    `## Deliverables\n\n${deliverables || none}`,
    ...(refuted.length === 0 ? [] : [`## Verification\n\nThe engine looked these claims up, and they do not hold:\n\n${refuted.map(listItem).join("\n")}`]),
  ].join("\n\n")}\n`;
}
