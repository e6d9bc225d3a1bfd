// Asks at the terminal whether a command may run, one question after the other however many wait. It decides nothing.
import { shownCommand } from "../core/approvals/shownCommand";
import type { ApprovalQueue, PendingRequest, PersonsAnswer } from "../core/approvals/approvalQueue";
import type { Terminal } from "./terminal";

/** Asks a question and resolves with the line that was typed; null at the end of input, or once `signal` is aborted. */
export type Question = (text: string, signal: AbortSignal) => Promise<string | null>;

const ANSWERS: Readonly<Record<string, PersonsAnswer>> = {
  y: { kind: "allow", scope: "once", withEntry: false },
  t: { kind: "allow", scope: "task", withEntry: false },
  w: { kind: "allow", scope: "workspace", withEntry: false },
  e: { kind: "allow", scope: "workspace", withEntry: true },
  n: { kind: "refuse" },
};

const NO_ANSWER = "The input ended before it was answered.";

/** Serves the queue until disposed. */
export function askAtTerminal(queue: ApprovalQueue, { err, question }: { readonly err: Terminal; readonly question: Question }): { dispose(): void } {
  let isAsking = false;
  const serve = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    try {
      for (let next = queue.pending[0]; next !== undefined; next = queue.pending[0]) await askOne(queue, next, { err, question });
    } finally {
      isAsking = false;
    }
  };
  return queue.onChange(() => {
    serve().catch((error: unknown) => {
      // A prompt that fails must not leave its command waiting for ever.
      err.line(`countersign: the question could not be asked: ${String(error)}`);
      queue.close("The question could not be asked.");
    });
  });
}

async function askOne(queue: ApprovalQueue, request: PendingRequest, { err, question }: { readonly err: Terminal; readonly question: Question }): Promise<void> {
  for (const line of questionLines(request)) err.line(line);
  const isGone = (): boolean => !queue.pending.some(({ id }) => id === request.id);
  const gone = new AbortController();
  const watching = queue.onChange(() => {
    if (isGone()) gone.abort();
  });
  try {
    while (!isGone()) {
      const typed = await question(`${choices(request)} `, gone.signal);
      if (isGone()) return;
      if (typed === null) return queue.close(NO_ANSWER);
      const answer = answerOf(typed, request);
      if (answer !== null && queue.answer(request.id, answer)) return;
      err.line(`Please answer with one of the letters. ${err.dim("Nothing was run.")}`);
    }
  } finally {
    watching.dispose();
  }
}

function answerOf(typed: string, request: PendingRequest): PersonsAnswer | null {
  const letter = typed.trim().toLowerCase();
  const answer = Object.hasOwn(ANSWERS, letter) ? ANSWERS[letter] : undefined;
  if (answer === undefined) return null;
  if (answer.kind === "allow" && (!request.scopes.includes(answer.scope) || (answer.withEntry && request.entry === null))) return null;
  return answer;
}

const WHO: Readonly<Record<PendingRequest["purpose"], string>> = { agent: "An agent wants to run", check: "A check is", setup: "To prepare the worktree, Countersign would run" };

function questionLines({ command, purpose, reason, touches }: PendingRequest): readonly string[] {
  return ["", `${WHO[purpose]}, without a sandbox:`, ...shownCommand(command).split("\n").map((line) => `    ${line}`), ...touches.map((touch) => `  - ${touch}`), `  ${reason}`];
}

/** e.g. `[y] once  [t] this task  [w] always in this workspace  [n] refuse:` */
function choices({ scopes, entry, purpose }: PendingRequest): string {
  const offers = [
    purpose === "setup" ? "[y] for this lock file" : "[y] once",
    ...(scopes.includes("task") ? ["[t] for this task"] : []),
    ...(scopes.includes("workspace") ? ["[w] always in this workspace"] : []),
    ...(entry !== null ? [`[e] always what "${entry}" covers`] : []),
    "[n] refuse",
  ];
  return `${offers.join("  ")}:`;
}
