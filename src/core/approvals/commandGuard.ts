// Stands before the command runner: where no sandbox confines commands, none runs that nobody has allowed. It decides by
// the person's policy, what they have allowed before, and their answer; a refused command never reaches the runner.
import type { CommandDecision, DecidedBy } from "../domain/commandDecision";
import { messageOf } from "../domain/errors";
import type { EventBody } from "../domain/event";
import type { TaskId } from "../domain/task";
import type { CommandPolicy, CommandShell } from "../policy/commandPolicy";
import type { ApprovalStore, CommandAnswer, CommandApproval, CommandRequest, KeptApproval } from "../ports/commandApproval";
import type { CommandResult, CommandRunner, CommandSpec } from "../ports/commandRunner";
import type { Logger } from "../ports/logger";
import type { ProtectionProbe } from "../ports/protection";
import type { AskedCommand } from "./coverage";
import type { CommandJudge } from "./judge";

export interface CommandGuardDeps {
  readonly runner: CommandRunner;
  readonly protection: ProtectionProbe;
  /** Asked before every command. */
  readonly policy: () => CommandPolicy;
  readonly shell: CommandShell;
  /** Loaded when the first command needs it. */
  readonly judge: () => Promise<CommandJudge>;
  readonly approval: CommandApproval;
  readonly approvals: ApprovalStore;
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly logger: Logger;
}

/** A run of a task, as far as its commands concern it. */
export interface GuardedRun {
  readonly task: TaskId;
  readonly title: string;
  /** Commands that the person has asked for word for word; null where it is none of them. Returns why, as a sentence. */
  readonly own: (spec: Pick<CommandSpec, "command" | "purpose">) => string | null;
  readonly note: (event: EventBody) => void;
}

/** A run's questions are numbered, so that the record knows which one was answered. */
interface AskingRun extends GuardedRun {
  readonly nextAsk: () => number;
}

type Verdict = Pick<CommandDecision, "decision" | "by" | "reason"> & { readonly ask?: number };

/** `decided`: confined commands run without a word. */
type Admission = { readonly kind: "confined" } | { readonly kind: "withdrawn" } | ({ readonly kind: "decided" } & Verdict);

interface Question {
  readonly run: AskingRun;
  readonly asked: AskedCommand;
  readonly reason: string;
  readonly judge: CommandJudge;
}

/**
 * Printing a tool's version is how the set-up finds what it depends on: words of ours, which read nothing of the
 * repository. Not so on Windows, where a program may come from the working folder.
 */
const VERSION_COMMANDS: ReadonlySet<string> = new Set(["node", "bun", "ruby", "php", "python3", "python"].map((program) => `${program} --version`));

export class CommandGuard {
  constructor(private readonly deps: CommandGuardDeps) {}

  /** The runner of one run; decisions go on its record. */
  runnerFor(run: GuardedRun): CommandRunner {
    const { runner } = this.deps;
    let isNoted = false;
    let asks = 0;
    const asking = { ...run, nextAsk: () => (asks += 1) };
    return {
      run: async (spec, signal) => {
        const admission = await this.admit(spec, asking, signal);
        if (admission.kind === "withdrawn") return notRun({ cancelled: true });
        // Settings may change between the look and the start.
        if (admission.kind === "confined") return runner.run({ ...spec, mustBeConfined: true }, signal);
        const { kind: _decided, ...verdict } = admission;
        if (!isNoted) {
          isNoted = true;
          await this.noteProtection(run);
        }
        run.note({ kind: "commandDecided", command: spec.command, purpose: spec.purpose, ...verdict });
        return verdict.decision === "allowed" ? runner.run(spec, signal) : refused(spec, verdict.reason);
      },
    };
  }

  private async noteProtection(run: GuardedRun): Promise<void> {
    const protection = await this.deps.protection();
    if (protection.kind === "active") return;
    run.note({ kind: "protectionNoted", state: protection.kind, why: protection.why, install: protection.kind === "missing" ? protection.install : [] });
  }

  private async admit(spec: CommandSpec, run: AskingRun, signal: AbortSignal): Promise<Admission> {
    const policy = this.deps.policy();
    const isConfined = (await this.deps.protection()).kind === "active";
    if (isConfined && policy.deny.length === 0) return { kind: "confined" };
    const judge = await this.deps.judge();
    const { decision, reason } = judge.decide(spec.command, policy, this.deps.shell);
    if (decision === "deny") return decided("refused", "policy", reason);
    // A deny entry that cannot be read would be a protection that is believed in and not there.
    if (isConfined && judge.policyProblems({ allow: [], deny: policy.deny }).length === 0) return { kind: "confined" };
    const own = run.own(spec) ?? this.versionWords(spec);
    if (own !== null) return decided("allowed", "own", own);
    if (decision === "allow") return decided("allowed", "policy", reason);
    const asked: AskedCommand = { task: run.task, command: spec.command, purpose: spec.purpose, dependsOn: spec.dependsOn ?? null, shell: this.deps.shell };
    const kept = (await this.deps.approvals.all()).find((approval) => judge.isCovered(asked, approval));
    if (kept !== undefined) return decided("allowed", keeperOf(kept), wordsOf(kept));
    if (spec.isOptional === true) return decided("refused", "policy", "It would only have been a second look, for which nobody is asked.");
    return this.ask(spec, { run, asked, reason, judge }, signal);
  }

  private versionWords({ command, purpose }: CommandSpec): string | null {
    return this.deps.shell === "sh" && purpose === "setup" && VERSION_COMMANDS.has(command) ? "It only prints a version." : null;
  }

  private async ask(spec: CommandSpec, about: Question, signal: AbortSignal): Promise<Admission> {
    const { approval, root, shell } = this.deps;
    const { run, asked, reason, judge } = about;
    const { command, purpose } = spec;
    const isSetUp = purpose === "setup";
    const request: CommandRequest = {
      root,
      task: run.task,
      title: run.title,
      command,
      purpose,
      reason,
      touches: judge.touchLines(command),
      entry: isSetUp ? null : judge.offeredEntry(command, shell),
      allowedWith: judge.allowingEntry(command, shell),
      scopes: isSetUp ? ["once"] : ["once", "task", "workspace"],
      isCoveredBy: (kept) => judge.isCovered(asked, kept),
    };
    const offTheClock = spec.offTheClock ?? (<T>(work: () => Promise<T>): Promise<T> => work());
    const { answer, ask } = await offTheClock(() => onRecord(run, { command, purpose, reason }, approval.ask(request, signal)));
    const admission = await this.settle(answer, asked);
    return admission.kind === "decided" && ask !== null ? { ...admission, ask } : admission;
  }

  private async settle(answer: CommandAnswer, asked: AskedCommand): Promise<Admission> {
    switch (answer.kind) {
      case "withdrawn":
        return { kind: "withdrawn" };
      case "refused":
        return decided("refused", answer.by, answer.reason);
      case "covered":
        return decided("allowed", answer.scope, "You allowed it together with another command.");
      case "allowed": {
        const kept = keptOf(answer, asked);
        if (kept !== null) await this.keep(kept);
        return decided("allowed", kept?.kind === "setUp" ? "setUp" : answer.scope, kept === null ? "You allowed it once." : wordsOf(kept));
      }
    }
  }

  /** What cannot be kept is asked about again; the answer counts all the same. */
  private async keep(approval: KeptApproval): Promise<void> {
    try {
      await this.deps.approvals.keep(approval);
    } catch (error) {
      this.deps.logger.warn("an approval could not be kept", { error: messageOf(error) });
    }
  }
}

interface Answered {
  readonly answer: CommandAnswer;
  /** null: it never waited. */
  readonly ask: number | null;
}

/** Puts a question that waits on record. Where nobody can be asked the answer is there at once, and nothing has waited. */
async function onRecord(run: AskingRun, about: Pick<CommandDecision, "command" | "purpose" | "reason">, asking: Promise<CommandAnswer>): Promise<Answered> {
  const atOnce = await Promise.race([asking, Promise.resolve(null)]);
  if (atOnce !== null) return { answer: atOnce, ask: null };
  const ask = run.nextAsk();
  run.note({ kind: "commandAsked", ask, ...about });
  const answer = await asking;
  if (answer.kind === "withdrawn") run.note({ kind: "commandWithdrawn", ask });
  return { answer, ask };
}

function decided(decision: Verdict["decision"], by: DecidedBy, reason: string): Admission {
  return { kind: "decided", decision, by, reason };
}

function keptOf(answer: Extract<CommandAnswer, { readonly kind: "allowed" }>, { command, dependsOn, purpose, task }: AskedCommand): KeptApproval | null {
  if (purpose === "setup") return dependsOn === null ? null : { kind: "setUp", command, dependsOn };
  if (answer.scope === "once") return null;
  const scope = answer.scope === "task" ? task : null;
  return answer.entry === null ? { kind: "line", command, task: scope } : { kind: "entry", entry: answer.entry, task: scope };
}

function keeperOf(kept: KeptApproval): DecidedBy {
  if (kept.kind === "setUp") return "setUp";
  return kept.task === null ? "workspace" : "task";
}

function wordsOf(kept: KeptApproval): string {
  if (kept.kind === "setUp") return "You allowed it as long as its lock file stays the same.";
  const what = kept.kind === "line" ? "exactly this command" : `"${kept.entry}"`;
  return kept.task === null ? `You allowed ${what} in this workspace.` : `You allowed ${what} for this task.`;
}

function refused(spec: CommandSpec, reason: string): CommandResult {
  const output = `Not run, as it is not allowed: ${reason}\n`;
  spec.onOutput?.(output);
  return { ...notRun({ refused: reason, unstartable: true }), output, outputBytes: new TextEncoder().encode(output).length };
}

function notRun(end: Partial<CommandResult>): CommandResult {
  return { exitCode: null, signal: null, timedOut: false, cancelled: false, unstartable: false, durationMs: 0, output: "", outputBytes: 0, outputLimitHit: false, ...end };
}
