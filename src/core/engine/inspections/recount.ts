// Counts the tests once more, from a report that their runner writes into a file: what a test or the product prints can
// pretend to be a summary, and end the runner before it prints its own.
import type { CheckResult, CommandCheck } from "../../domain/contract";
import { CountersignError } from "../../domain/errors";
import type { Inspection } from "../../domain/inspection";
import { protectedKind } from "../../domain/protection";
import { isSourceFile } from "../../domain/sourceFile";
import { testReportIn, type TestReport } from "../../domain/testReport";
import { scriptsIn } from "../commandTests";
import type { Inspected, Inspector } from "../inspected";
import { reportRequest, type ReportRequest } from "../reportRequest";
import { SealedOverlay } from "../sealedOverlay";
import { readerOf } from "./protectedChanges";

/** What takes longer is not run again, milliseconds. */
const LONGEST_MS = 120_000;
/** The command of the check is the runner's own. */
const RUNS_IT_ITSELF = /^(?:npx (?:--no(?:-install)? )?)?(?:[\w./-]*\/)?(?:node\d* (?:--[\w=-]+ )*--test(?:\s|$)|(?:python[\d.]* -m )?pytest(?:\s|$)|(?:node )?\S*\b_?(?:mocha|jest|vitest)(?:\.[cm]?js)?(?:\s|$))/;
/** For a run that writes a report besides, seconds. */
const GRACE_S = 10;
const EXCERPT_BYTES = 4_000;

/** `unknown`: the runner was not asked, or could not be. */
type Counted = { readonly kind: "report"; readonly report: TestReport } | { readonly kind: "none" } | { readonly kind: "unknown" };

interface Due {
  readonly check: CommandCheck;
  readonly result: CheckResult & { readonly tests: NonNullable<CheckResult["tests"]> };
}

export const recountTests: Inspector = async (inspected) => {
  const { run, attempt, contract, isGreen } = inspected;
  const isCode = attempt.files.some(({ path }) => isSourceFile(path) || protectedKind(path) !== null);
  if (!isGreen || !isCode || !run.deps.settings.rerunChecks) return [];
  const due = contract.checks.flatMap((check): readonly Due[] => {
    const result = attempt.checks.find(({ checkId }) => checkId === check.id);
    if (check.kind !== "command" || result?.tests === undefined || result.durationMs > LONGEST_MS) return [];
    return [{ check, result: { ...result, tests: result.tests } }];
  });
  const once = due.filter(({ check }, at) => due.findIndex((other) => other.check.run === check.run) === at);
  if (once.length === 0) return [];
  try {
    return await new Recount(inspected).of(once);
  } catch (error) {
    if (!CountersignError.is(error, "setup")) throw error;
    return [];
  }
};

class Recount {
  constructor(private readonly inspected: Inspected) {}

  async of(due: readonly Due[]): Promise<readonly Inspection[]> {
    const { commit, run } = this.inspected;
    const counted = await this.counted(due, commit);
    const suspicious = due.filter((one, at) => isLess(counted[at], one.result.tests.ran));
    // What runners nested in tests do to a report they did on the base commit as well: it is only believed where it was right there.
    const before = suspicious.length === 0 ? [] : await this.counted(suspicious, run.base.commit);
    const forged = suspicious.flatMap((one, at) => this.forged(one, { now: counted[due.indexOf(one)], before: before[at] }));
    return [...forged, ...(await this.endedEarly(due, counted))];
  }

  /** A room for all of them, which is put back after each. */
  private async counted(due: readonly Due[], commit: string): Promise<readonly Counted[]> {
    const { run, runner } = this.inspected;
    const room = await runner.openRoom(run.base, commit, run.signal);
    try {
      const restore = await room.checkpoint();
      const all: Counted[] = [];
      for (const one of due) {
        run.signal.throwIfAborted();
        all.push(await this.countedIn(room.dir, one));
        await restore();
      }
      return all;
    } finally {
      await room.close();
    }
  }

  private async countedIn(dir: string, { check, result }: Due): Promise<Counted> {
    const { run, contract } = this.inspected;
    const files = run.deps.filesAt(dir);
    const name = `report-${run.deps.randomText(12)}.tmp`;
    const request = await reportRequest({ command: check.run, runner: result.tests.runner, file: `${dir}/${name}`, scripts: scriptsIn(files) });
    if (request === null || (await new SealedOverlay(contract, files).lay(check)) !== null) return { kind: "unknown" };
    const ended = await run.deps.commands.run(this.spec(dir, request, result), run.signal);
    if (ended.refused !== undefined || ended.cancelled || ended.unstartable || ended.timedOut) return { kind: "unknown" };
    const content = await files.read(name);
    if (content.kind === "missing") return { kind: "none" };
    if (content.kind !== "text") return { kind: "unknown" };
    const report = testReportIn(content.text, request.format);
    return report === null ? { kind: "none" } : { kind: "report", report: { ...report, names: report.names.map((one) => (one.startsWith(`${dir}/`) ? one.slice(dir.length + 1) : one)) } };
  }

  private spec(cwd: string, { command, environment }: ReportRequest, { durationMs }: CheckResult): Parameters<Inspected["run"]["deps"]["commands"]["run"]>[0] {
    const timeoutMs = 2 * durationMs + GRACE_S * 1000;
    return { command, cwd, timeoutMs, outputFile: null, excerptBytes: EXCERPT_BYTES, purpose: "check", environment, isOptional: true };
  }

  private forged({ check, result }: Due, { now, before }: { readonly now: Counted | undefined; readonly before: Counted | undefined }): readonly Inspection[] {
    const base = this.inspected.run.recorder.view.baseChecks.find(({ checkId }) => checkId === check.id)?.tests;
    const wasRight = base !== undefined && before?.kind === "report" && before.report.ran >= base.ran;
    if (!wasRight && base !== undefined) return [];
    // Where nothing can be compared with, and who knows what stands between the command and its runner, only a person can tell.
    const isTrusted = wasRight || RUNS_IT_ITSELF.test(check.run);
    const wrote = now?.kind === "report" ? `counts ${now.report.ran}` : "was never finished";
    const text = `The output of check ${check.id} (${check.criterion}) pretends: it says that ${result.tests.ran} tests ran, and the report that ${result.tests.runner} writes itself ${wrote}.`;
    return [{ kind: "forcedPass", weight: isTrusted ? "fails" : "note", check: check.id, path: null, text }];
  }

  /** Files of tests that stand for themselves in the report: the runner takes one that ends before its tests for a test. */
  private async endedEarly(due: readonly Due[], counted: readonly Counted[]): Promise<readonly Inspection[]> {
    const { run, attempt, commit, contract } = this.inspected;
    const read = readerOf(run, commit);
    const sealed = new Map((contract.sealedFiles ?? []).map(({ path, text }) => [path, text]));
    const paths = [...attempt.files.flatMap(({ path, status }) => (status === "deleted" ? [] : [path])), ...sealed.keys()];
    const found: Inspection[] = [];
    for (const [at, { check }] of due.entries()) {
      const one = counted[at];
      const names = new Set(one?.kind === "report" ? one.report.names : []);
      for (const path of paths) {
        if (!names.has(path) || !/["'](?:node:)?test["']/.test(sealed.get(path) ?? (await read(path)) ?? "")) continue;
        const text = `${path} ends before any of its tests has run, and check ${check.id} (${check.criterion}) counts it as one that passed.`;
        found.push({ kind: "forcedPass", weight: "fails", check: check.id, path, text });
      }
    }
    return found;
  }
}

function isLess(counted: Counted | undefined, printed: number): boolean {
  return counted?.kind === "none" || (counted?.kind === "report" && counted.report.ran < printed);
}
