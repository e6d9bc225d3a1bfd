// Verification: the engine runs the checks in a clean room, the evaluator judges, the gate decides.
import type { CheckResult, Contract } from "../domain/contract";
import { CountersignError, messageOf } from "../domain/errors";
import { decide, falseQuotes, weakEvidence } from "../domain/gate";
import { itemsOfEach } from "../domain/review";
import type { Verdict } from "../domain/verdict";
import { printQaReport } from "../handoff/qaReportFile";
import type { CleanRoom } from "../ports/workspace";
import { requestsOf } from "../projections/openRequests";
import type { AttemptView } from "../projections/taskView";
import { evaluatorMessage, falseQuoteMessage } from "../roles/evaluator";
import type { AnswerPlace, Review, SessionEnd } from "./agentSession";
import { CheckRunner } from "./checkRunner";
import { contractHash } from "./contractStep";
import type { TaskRun } from "./taskRun";
import { verifier } from "./team";

/** Characters of the diff that the evaluator gets at once; it reads the rest with its tools. */
const DIFF_CHARS = 60_000;

export async function checkStep(run: TaskRun, attempt: number): Promise<void> {
  const { recorder } = run;
  await run.beginPhase("verification", attempt);
  const contract = frozenContract(run);
  const commit = commitOf(run, attempt);
  const runner = new CheckRunner(run.deps, recorder);
  const results = await checksIn(run, { runner, contract, commit, attempt });
  const green = results.filter((r) => r.green).length;
  await recorder.commit({ kind: "attemptChecked", attempt, green, red: results.length - green });
}

async function checksIn(
  run: TaskRun,
  at: { readonly runner: CheckRunner; readonly contract: Contract; readonly commit: string; readonly attempt: number },
): Promise<readonly CheckResult[]> {
  const { runner, contract, commit, attempt } = at;
  let room: CleanRoom;
  try {
    room = await runner.openRoom(run.base, commit, run.signal);
  } catch (error) {
    // The attempt changed something that its set-up needs: that is the attempt's failure, not the run's.
    if (!CountersignError.is(error, "setup")) throw error;
    return allRed(run, contract, attempt, `the project could not be set up: ${error.message}`);
  }
  try {
    return await runner.run(room, { contract, where: { site: "attempt", attempt } }, run.signal);
  } finally {
    await room.close();
  }
}

function allRed(run: TaskRun, contract: Contract, attempt: number, reason: string): readonly CheckResult[] {
  return contract.checks.map((check) => {
    const none = { exitCode: null, timedOut: false, unstartable: true, durationMs: 0, outputFile: null };
    const named = { checkId: check.id, criterion: check.criterion, kind: check.kind, green: false };
    const result: CheckResult = { ...named, ...none, reason, outputExcerpt: reason };
    run.recorder.note({ kind: "checkFinished", where: { site: "attempt", attempt }, result, expected: "green" });
    return result;
  });
}

export function evaluateStep(run: TaskRun, attempt: number): Promise<SessionEnd<Verdict>> {
  const { definition, message } = verifier(run.deps.part);
  return run.phase(definition.role, attempt, async (deadline) => {
    const { deps, recorder } = run;
    const contract = frozenContract(run);
    const view = attemptOf(run, attempt);
    const commit = commitOf(run, attempt);
    const runner = new CheckRunner(deps, recorder);
    const room = await deadline.offTheClock((signal) => roomForProbes(run, runner, commit, signal));
    try {
      const sources = new EvidenceSources(run, attempt);
      const firstMessage = message(evaluatorMessage({
        request: recorder.view.request,
        contract,
        results: view.checks,
        inspection: view.inspection ?? [],
        files: view.files,
        deliverablesFolder: run.deliverablesFolder,
        requests: requestsOf(recorder.view),
        diff: boundedDiff(await shownDiff(run, commit, view.files)),
      }));
      const review = async (verdict: Verdict, { sentBack }: AnswerPlace): Promise<Review> => {
        await sources.load(verdict);
        const problems = [...falseQuotes(verdict, sources.text), ...weakEvidence({ contract, sourceText: sources.text }, verdict)];
        // A false quote goes back once; the second time the gate makes it a FAIL.
        if (problems.length === 0 || sentBack > 0) return { kind: "accepted" };
        return { kind: "sentBack", message: falseQuoteMessage(problems) };
      };
      const toolCallLimit = deps.settings.toolCalls;
      const end = await run.session({ definition, attempt, firstMessage, dir: room.dir, toolCallLimit, deadline, review });
      if (end.outcome === "completed") await recorder.commit({ kind: "verdictGiven", attempt, verdict: end.value });
      else if (NO_VERDICT.has(end.outcome)) await recorder.commit({ kind: "verdictMissing", attempt, detail: end.detail });
      return end;
    } finally {
      await room.close();
    }
  });
}

/** Endings after which the attempt is decided without a verdict, which is a FAIL. */
const NO_VERDICT: ReadonlySet<string> = new Set(["timedOut", "outOfToolCalls", "outOfMessages", "refused", "contextFull", "invalidOutput"]);

async function roomForProbes(run: TaskRun, runner: CheckRunner, commit: string, signal: AbortSignal): Promise<CleanRoom> {
  try {
    return await runner.openRoom(run.base, commit, signal);
  } catch (error) {
    if (!CountersignError.is(error, "setup")) throw error;
    return run.deps.workspace.openCleanRoom(run.base, commit, signal);
  }
}

export async function decideStep(run: TaskRun, attempt: number): Promise<void> {
  const { recorder, deps } = run;
  const contract = frozenContract(run);
  const view = attemptOf(run, attempt);
  const sources = new EvidenceSources(run, attempt);
  if (view.verdict !== null) await sources.load(view.verdict);
  const { verdict, checks: results } = view;
  const requests = itemsOfEach(requestsOf(recorder.view).open.map((round) => round.request)).flat();
  const gate = decide({ contract, requests, results, inspection: view.inspection ?? [], verdict, passScore: deps.settings.passScore, sourceText: sources.text });
  const early = view.cutShort === null ? [] : [`The attempt ended before it was done: ${view.cutShort.detail}.`];
  const missing = view.noVerdict === null ? [] : [`No verdict: ${view.noVerdict}.`];
  const reasons = early.length > 0 ? early : [...missing, ...gate.reasons];
  const decision = { pass: gate.pass && reasons.length === 0, reasons };
  const decided: AttemptView = { ...view, decision, score: verdict?.score ?? null };
  const report = printQaReport(decided, contract, requests);
  await run.handoff(`qa-report.attempt-${attempt}.md`, report);
  await run.handoff("qa-report.md", report);
  const kind = decision.pass ? "attemptAccepted" : "attemptRejected";
  await recorder.commit({ kind, attempt, score: decided.score, decision });
}

/** The contract as frozen; a journal whose contract does not match its hash is not acted on. */
export function frozenContract(run: TaskRun): Contract {
  const frozen = run.recorder.view.contract;
  if (frozen === null) throw new CountersignError("internal", "The contract is not frozen yet.");
  if (contractHash(frozen.contract) === frozen.hash) return frozen.contract;
  throw new CountersignError("damaged", "The frozen contract does not match its hash. Nothing was verified; the work is kept on the task's branch.");
}

export function attemptOf(run: TaskRun, attempt: number): AttemptView {
  const view = run.recorder.view.attempts.find((a) => a.attempt === attempt);
  if (view === undefined) throw new CountersignError("internal", `There is no attempt ${attempt}.`);
  return view;
}

export function commitOf(run: TaskRun, attempt: number): string {
  const { commit } = attemptOf(run, attempt);
  if (commit === null) throw new CountersignError("internal", `Attempt ${attempt} is not committed.`);
  return commit;
}

/** Without the files that the user keeps from agents. */
async function shownDiff({ deps, base }: TaskRun, commit: string, files: AttemptView["files"]): Promise<string> {
  const tree = deps.filesAt(base.worktree);
  const shown = files.map(({ path }) => path).filter((path) => !tree.isExcluded(path));
  if (shown.length === files.length) return deps.workspace.diff(base, base.commit, commit);
  const note = `[Changes of ${files.length - shown.length} files are left out: .countersignignore excludes them.]\n`;
  return shown.length === 0 ? note : note + (await deps.workspace.diff(base, base.commit, commit, shown));
}

function boundedDiff(diff: string): string {
  if (diff.length <= DIFF_CHARS) return diff;
  return `${diff.slice(0, DIFF_CHARS)}\n… ${diff.length - DIFF_CHARS} characters left out: read the changed files with read_file.`;
}

/** The texts that quotes are looked up in: outputs of checks as stored, files as committed, never as they are on disk. */
class EvidenceSources {
  private readonly texts = new Map<string, string | null>();

  constructor(
    private readonly run: TaskRun,
    private readonly attempt: number,
  ) {}

  readonly text = (source: string): string | null => this.texts.get(source) ?? null;

  async load(verdict: Verdict): Promise<void> {
    const wanted = verdict.findings.flatMap((finding) => finding.evidence.map((evidence) => evidence.source));
    for (const source of wanted) {
      if (!this.texts.has(source)) this.texts.set(source, await this.read(source));
    }
  }

  private async read(source: string): Promise<string | null> {
    const { deps, recorder } = this.run;
    const [kind, name] = [source.slice(0, source.indexOf(":")), source.slice(source.indexOf(":") + 1)];
    if (kind === "file") return this.fileText(name.replace(/^\.\//, ""));
    const result = attemptOf(this.run, this.attempt).checks.find((r) => r.checkId === name);
    if (kind !== "check" || result === undefined) return null;
    const stored = result.outputFile === null ? null : await deps.plans.read(recorder.task, result.outputFile);
    return stored ?? result.outputExcerpt;
  }

  /** A name that git refuses, or a file too large to quote from, is no source. */
  private async fileText(name: string): Promise<string | null> {
    const { deps, base } = this.run;
    try {
      const text = await deps.workspace.fileAt(base, commitOf(this.run, this.attempt), name);
      if (text === null || deps.filesAt(base.worktree).isExcluded(name)) return null;
      return deps.redact?.(text) ?? text;
    } catch (error) {
      deps.logger.warn("evidence names a file that cannot be read", { name, error: messageOf(error) });
      return null;
    }
  }
}
