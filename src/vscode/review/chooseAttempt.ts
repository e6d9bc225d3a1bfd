// Go Back to an Earlier Attempt: puts one that passed into review, in place of what came after it, and opens it. Nothing
// is merged by that.
import { commands } from "vscode";
import { CountersignError } from "../../core/domain/errors";
import { choosableAttempts } from "../../core/projections/reviewedAttempt";
import type { AttemptView, TaskView } from "../../core/projections/taskView";
import { counted } from "../../shared/figures";
import { pickOne } from "../ask";
import { firstLineOf } from "../commands/lines";
import { taskFor, type TaskQuestion } from "../commands/taskFor";
import type { Host } from "../host";
import { targetOf } from "../taskRef";
import { inform } from "../tell";
import { line } from "../views/phrases";

const CHOOSE: TaskQuestion = { actions: ["choose"], title: "Go Back to an Attempt of Which Task?", none: "No task has an earlier attempt that passed.", done: "put back into review" };

export async function chooseAttempt(host: Host, argument: unknown): Promise<void> {
  const picked = await taskFor(host, argument, CHOOSE);
  if (picked === undefined) return;
  const { desk, view } = picked;
  const attempt = await pickAttempt(view, targetOf(argument)?.attempt);
  if (attempt === undefined) return;
  await desk.act(view.request.id, (harness, now) => harness.chooseAttempt(now, attempt));
  inform(host, `Attempt ${attempt} of “${firstLineOf(view.request.title)}” is in review. The other attempts are kept, and can be compared with it.`);
  await commands.executeCommand("countersign.reviewChanges", { target: { root: desk.root, task: view.request.id, attempt } });
}

/** undefined: the person left. Throws `conflict` for a named attempt that did not pass. */
async function pickAttempt(view: TaskView, wanted: number | undefined): Promise<number | undefined> {
  const attempts = choosableAttempts(view);
  if (wanted !== undefined) {
    if (attempts.some(({ attempt }) => attempt === wanted)) return wanted;
    throw new CountersignError("conflict", `Attempt ${wanted} of “${firstLineOf(view.request.title)}” did not pass verification, or is in review already. Nothing was changed.`);
  }
  if (attempts.length === 1) return attempts[0]?.attempt;
  const items = attempts.map((attempt) => ({ label: `Attempt ${attempt.attempt}`, description: descriptionOf(view, attempt), value: attempt.attempt }));
  const answer = await pickOne(items, { title: `Go Back to Which Attempt? ${firstLineOf(view.request.title)}`, placeholder: "Attempts that passed, the latest first" });
  return answer.kind === "picked" ? answer.value : undefined;
}

function descriptionOf({ type }: TaskView, { score, files }: AttemptView): string {
  return line(type === "single_agent" ? "not verified" : "PASS", score !== null && `${score}/100`, counted(files.length, "file"));
}
