// Live progress for a person: one line for what matters, as it happens. Writes events, decides nothing.
import { shownInLine } from "../core/approvals/shownCommand";
import { describeCheck } from "../core/domain/checkText";
import { missionLine } from "../core/dashboard/missionLine";
import type { JournalEvent, LiveEvent } from "../core/domain/event";
import { modelName } from "../core/domain/scriptModel";
import { promptTokens } from "../core/domain/usage";
import { counted, dollars, pause, tokens } from "../shared/figures";
import type { TaskView } from "../core/projections/taskView";
import type { Lines } from "./terminal";

/** Characters of what an agent says between its tool calls. */
const SAID_CHARS = 300;

export class Progress {
  private site = "";
  /** What a call or a check is about, from its start to its end: several run side by side. */
  private readonly about = new Map<string, string>();
  private saying = "";
  private handoff = "";
  private isOver = false;

  constructor(private readonly terminal: Lines) {}

  /** Prints what an event says to a person; many say nothing. */
  event(event: JournalEvent, view: TaskView): void {
    const { terminal: t } = this;
    switch (event.kind) {
      case "taskCreated":
        t.line(t.bold(event.request.title));
        return t.line(t.dim(`  ${event.request.id} · ${event.request.category}${event.type === null ? "" : ` → ${event.type}`} (${event.reason})`));
      case "baseSnapshotted":
        return t.line(t.dim(`  base ${event.base.commit.slice(0, 10)} · branch ${event.base.branch}${event.base.shadow ? " · shadow repository (this folder has no git)" : ""}`));
      case "setupFinished":
        return this.setup(event);
      case "protectionNoted":
        return this.protection(event);
      case "commandDecided":
        return event.decision === "refused" ? t.line(t.yellow(`    not run: ${shownInLine(event.command)} · ${event.reason}`)) : undefined;
      case "phaseStarted":
        this.handoff = "";
        return t.line(`\n${t.bold(`▸ ${event.phase}`)}${event.attempt > 0 ? t.dim(` attempt ${event.attempt}`) : ""}`);
      case "sessionStarted":
        return t.line(t.dim(`  ${event.role} · ${modelName(event.model)}`));
      case "toolFinished":
        return t.line(`    ${event.ok ? t.dim("·") : t.red("✗")} ${event.tool} ${t.dim(this.toolText(event, view))}`);
      case "toolCalled":
        this.said();
        this.about.set(event.call, event.summary);
        return;
      case "turnCompleted": {
        // Without a call it is the answer itself, which has a place of its own.
        if (event.toolCalls > 0) this.said();
        this.saying = "";
        const cost = event.usd === null ? "cost unknown" : dollars(event.usd);
        return t.line(t.dim(`    turn ${event.turn} · ${tokens(promptTokens(event.usage))} in · ${tokens(event.usage.output)} out · ${cost}`));
      }
      case "modelRetried":
        this.saying = "";
        return t.line(t.yellow(`    ↻ ${event.reason} Trying again in ${pause(event.delayMs)}.`));
      default:
        return this.milestone(event);
    }
  }

  private milestone(event: JournalEvent): void {
    const { terminal: t } = this;
    switch (event.kind) {
      case "handoffWritten":
        // The plan is written when its contract is agreed and again when it is frozen.
        if (event.file !== this.handoff) t.line(t.dim(`  → ${event.file}`));
        this.handoff = event.file;
        return;
      case "checkStarted":
        this.about.set(event.check.id, describeCheck(event.check));
        return;
      case "checkFinished":
        return this.check(event);
      case "contractRefused":
        return t.line(t.yellow(`  contract refused, round ${event.round}:\n${indent(event.problems.map((p) => `- ${p.split("\n", 1)[0] ?? ""}`).join("\n"), 4)}`));
      case "contractFrozen":
        return t.line(`  contract frozen · ${event.contract.criteria.length} ${event.contract.criteria.length === 1 ? "criterion" : "criteria"}, ${event.contract.checks.length} ${event.contract.checks.length === 1 ? "check" : "checks"} · ${event.hash.slice(0, 12)}`);
      case "attemptCutShort":
        return t.line(t.red(`  attempt ${event.attempt} ended early: ${event.detail}`));
      case "attemptCommitted":
        return t.line(t.dim(`  commit ${event.commit.slice(0, 10)} · ${counted(event.files.length, "file")} changed`));
      case "verdictGiven":
        return t.line(`  evaluator: ${event.verdict.verdict}, score ${event.verdict.score}. ${t.dim(event.verdict.summary)}`);
      case "attemptAccepted":
        return t.line(t.green(`  ✔ QA passed${event.score === null ? "" : `, score ${event.score}`}`));
      case "attemptRejected":
        return t.line(t.red(`  ✘ QA failed${event.score === null ? "" : `, score ${event.score}`}\n${indent(event.decision.reasons.map((r) => `- ${r}`).join("\n"), 4)}`));
      case "singleAgentAnswered":
        return t.line(`\n${event.text}`);
      case "taskEscalated":
      case "taskPaused":
      case "taskFailed":
        this.isOver = true;
        return;
      case "requestOptimized":
      case "missionPlanned":
      case "missionPlanRefused":
      case "preambleReady":
      case "environmentChecked":
      case "nodeClaimed":
      case "nodeSentBack":
      case "nodeMerged":
      case "nodeFailed":
      case "nodeReclaimed":
      case "missionFinished":
      case "questionAsked":
        return this.mission(event);
      case "notificationRaised":
        // How it ended stands in the summary that follows.
        return event.level === "info" || this.isOver ? undefined : t.line(t.yellow(`  ${event.text}`));
      default:
        return undefined;
    }
  }

  private mission(event: JournalEvent): void {
    const { terminal: t } = this;
    const said = missionLine(event);
    if (said === null) return;
    const paint = { good: t.green, error: t.red, warning: t.yellow, info: (text: string): string => text }[said.level];
    t.line(`  ${paint(said.what)}${said.note === "" ? "" : t.dim(` · ${said.note}`)}`);
    if (event.kind === "missionPlanned") for (const warning of event.warnings) t.line(t.yellow(`    ${warning}`));
  }

  private protection({ state, why, install }: Extract<JournalEvent, { kind: "protectionNoted" }>): void {
    const { terminal: t } = this;
    t.line(t.yellow(`  ${state === "off" ? "The sandbox is off" : "No sandbox"}: ${why} Commands that are allowed run with your rights.`));
    if (install.length > 0) t.line(t.yellow(`  To get one: ${install.join(" && ")}`));
  }

  private setup(event: Extract<JournalEvent, { kind: "setupFinished" }>): void {
    const { terminal: t } = this;
    for (const step of event.steps) {
      const how = step.cached ? "from cache" : `exit ${step.exitCode ?? "?"}`;
      const room = event.place === "cleanRoom" ? " in the clean room" : "";
      t.line(t.dim(`  set-up${room}: ${step.command} (${step.source}) · ${how} · ${step.durationMs} ms`));
    }
  }

  /** Streamed text; JSON answers are not for people. */
  live(event: LiveEvent): void {
    if (event.kind === "textStreamed") this.saying += event.text;
  }

  private said(): void {
    const text = this.saying.replace(/\s+/g, " ").trim();
    this.saying = "";
    if (text === "" || text.startsWith("{") || text.startsWith("```")) return;
    this.terminal.line(`    ${text.length > SAID_CHARS ? `${text.slice(0, SAID_CHARS)}…` : text}`);
  }

  private check(event: Extract<JournalEvent, { kind: "checkFinished" }>): void {
    const { terminal: t } = this;
    const { result, where, expected } = event;
    const place = where.site === "base" ? `on your code as it is, round ${where.round}: new behaviour must be red` : "in a clean checkout";
    const key = `${where.site} ${where.site === "base" ? where.round : where.attempt}`;
    if (key !== this.site) t.line(t.dim(`  checks ${place}`));
    this.site = key;
    const asExpected = result.green === (expected === "green");
    const paint = asExpected ? t.green : t.red;
    const state = paint(`${asExpected ? "✔" : "✘"} ${result.green ? "green" : "red  "}`);
    // A command that cannot start is red as it should be, and still no good check.
    const why = result.green || (asExpected && !result.unstartable) ? "" : t.dim(` · ${result.reason}`);
    t.line(`    ${state} ${result.checkId} ${this.about.get(result.checkId) ?? result.kind}${why} ${t.dim(`· ${Math.round(result.durationMs)} ms`)}`);
  }

  private toolText(event: Extract<JournalEvent, { kind: "toolFinished" }>, view: TaskView): string {
    const root = view.base?.worktree ?? "";
    const text = this.about.get(event.call) ?? "";
    this.about.delete(event.call);
    return `${text} · ${event.summary}`.replaceAll(`${root}/`, "");
  }
}

function indent(text: string, by: number): string {
  return text.replace(/^/gm, " ".repeat(by));
}
