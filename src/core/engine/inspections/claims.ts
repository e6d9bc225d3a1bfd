// Verifies what a self-evaluation says against what is on record: the diff, the commands of its session with their
// ends, and the checks. It accuses nobody of what it cannot look up.
import { claimsIn, type Claim } from "../../domain/claims";
import { toolCallsOf } from "../../domain/conversation";
import { folded } from "../../domain/gate";
import type { Inspection } from "../../domain/inspection";
import { printSelfEvaluation } from "../../handoff/selfEvalFile";
import type { Inspected, Inspector } from "../inspected";

export const findClaims: Inspector = async (inspected) => {
  const { run, attempt } = inspected;
  const { selfEvaluation } = attempt;
  if (selfEvaluation === null) return [];
  const claims = claimsIn(selfEvaluation);
  if (claims.length === 0) return [];
  const record = new Claims(inspected, await commandsOf(inspected));
  const problems: string[] = [];
  for (const claim of claims) {
    const problem = await record.problemWith(claim);
    if (problem !== null) problems.push(problem);
  }
  if (problems.length > 0) await run.handoff("self-eval.md", printSelfEvaluation(selfEvaluation, attempt.attempt, problems));
  return problems.map((text): Inspection => ({ kind: "falseClaim", weight: "note", check: null, path: null, text }));
};

interface RunCommand {
  readonly command: string;
  readonly isGreen: boolean;
  /** How it ended, in a few words, and what it printed. */
  readonly result: string;
}

class Claims {
  constructor(
    private readonly inspected: Inspected,
    private readonly commands: readonly RunCommand[],
  ) {}

  /** Why the claim does not hold, in a sentence; null where it does, or where nothing on record tells. */
  async problemWith(claim: Claim): Promise<string | null> {
    switch (claim.kind) {
      case "changed":
        return this.changedProblem(claim.path);
      case "delivered":
        return (await this.isThere(claim.path)) ? null : `The self-evaluation lists ${claim.path} as a deliverable, which is not there.`;
      case "green":
        return this.greenProblem(claim.command);
      case "ran":
        return this.wasRun(claim.command) ? null : `The self-evaluation says that \`${claim.command}\` was run, and it was not.`;
      case "allTestsPass":
        return this.redProblem(claim.words, (id) => this.runsTests(id));
      case "allChecksGreen":
        return this.redProblem(claim.words, () => true);
      case "quoted":
        return this.quoteProblem(claim.quote, claim.paths);
    }
  }

  private changedProblem(path: string): string | null {
    const { attempt } = this.inspected;
    // A name alone may stand for the file in whatever folder it is.
    const isChanged = attempt.files.some((file) => file.path === path || file.path.endsWith(`/${path}`) || path.endsWith(`/${file.path}`));
    const isDeliverable = path.includes(".countersign/") || path.startsWith("deliverables/") || this.isListed(path);
    return isChanged || isDeliverable ? null : `The self-evaluation says that ${path} was changed, and it is as it was.`;
  }

  private isListed(path: string): boolean {
    return (this.inspected.attempt.selfEvaluation?.deliverables ?? []).some((name) => name.includes(path)) && !path.includes("/");
  }

  private async isThere(path: string): Promise<boolean> {
    const { run, commit } = this.inspected;
    const names = [path, `${run.deliverablesFolder}/${path}`, `${run.deliverablesFolder}/${path.replace(/^deliverables\//, "")}`];
    for (const name of names) if ((await this.bytesOf(name, commit)) !== null) return true;
    // What the work was to delete is delivered by its absence.
    return this.inspected.attempt.files.some((file) => file.path === path || file.path.endsWith(`/${path}`));
  }

  private async bytesOf(path: string, commit: string): Promise<Uint8Array | null> {
    const { run } = this.inspected;
    // A name that git refuses is no file of the attempt.
    return run.deps.workspace.bytesAt(run.base, commit, path).catch(() => null);
  }

  private greenProblem(command: string): string | null {
    const check = this.inspected.contract.checks.find((known) => known.kind === "command" && folded(known.run) === folded(command));
    const result = this.inspected.attempt.checks.find(({ checkId }) => checkId === check?.id);
    if (result !== undefined) return result.green ? null : `The self-evaluation calls \`${command}\` green, and check ${result.checkId} is red: ${result.reason}.`;
    const last = this.commands.findLast((ran) => isRunOf(ran.command, command));
    if (last === undefined) return `The self-evaluation calls \`${command}\` green, and it was not run.`;
    return last.isGreen ? null : `The self-evaluation calls \`${command}\` green, and its last run ended otherwise: ${endOf(last.result)}.`;
  }

  private wasRun(command: string): boolean {
    const isCheck = this.inspected.contract.checks.some((known) => known.kind === "command" && folded(known.run) === folded(command));
    return isCheck || this.commands.some((ran) => isRunOf(ran.command, command));
  }

  private redProblem(words: string, concerns: (checkId: string) => boolean): string | null {
    const red = this.inspected.attempt.checks.find((result) => !result.green && concerns(result.checkId));
    return red === undefined ? null : `The self-evaluation says "${words}", and check ${red.checkId} is red: ${red.reason}.`;
  }

  private runsTests(checkId: string): boolean {
    const { attempt, run } = this.inspected;
    return [...attempt.checks, ...run.recorder.view.baseChecks].some((result) => result.checkId === checkId && result.tests !== undefined);
  }

  private async quoteProblem(quote: string, paths: readonly string[]): Promise<string | null> {
    const { commit, attempt } = this.inspected;
    const texts = await Promise.all(paths.map((path) => this.bytesOf(path, commit)));
    // A file that is not there is no source that could be compared.
    if (texts.every((bytes) => bytes === null)) return null;
    const sources = [...texts.map((bytes) => (bytes === null ? "" : Buffer.from(bytes).toString("utf8"))), ...this.commands.map(({ result }) => result), ...attempt.checks.map(({ outputExcerpt }) => outputExcerpt)];
    const isFound = sources.some((text) => folded(text).includes(folded(quote).replace(/[.,;]$/, "")));
    return isFound ? null : `The self-evaluation quotes "${quote}" from ${paths.join(", ")}, and it does not stand there.`;
  }
}

/** The command itself, or a line of commands that it is one of. */
function isRunOf(ran: string, command: string): boolean {
  const wanted = folded(command);
  return folded(ran) === wanted || ran.split(/&&|\|\||[;|\n]/).some((part) => folded(part).replace(/ ?2?>&?[^ ]*$/, "") === wanted);
}

function endOf(result: string): string {
  return (result.split("\n", 1)[0] ?? "").slice(0, 80);
}

/** Of the attempt's own session, in order, with the first line of each result saying how it ended. */
async function commandsOf({ run, attempt }: Inspected): Promise<readonly RunCommand[]> {
  const session = run.recorder.view.sessions.findLast(({ role, attempt: of }) => role === "generator" && of === attempt.attempt);
  if (session === undefined) return [];
  const transcript = await run.deps.transcripts.open(run.recorder.task, session.id);
  await transcript.close();
  const entries = transcript.recovered;
  const results = new Map(entries.flatMap((entry) => (entry.kind === "toolResult" ? [[entry.result.callId, entry.result] as const] : [])));
  return entries.flatMap((entry) => (entry.kind === "assistant" ? toolCallsOf(entry.message) : [])).flatMap(({ id, name, input }): RunCommand[] => {
    const result = results.get(id);
    const command = typeof input === "object" && input !== null && "command" in input ? input.command : null;
    if (name !== "run_command" || typeof command !== "string" || result === undefined) return [];
    return [{ command, isGreen: /^exit 0\b/.test(result.content), result: result.content }];
  });
}
