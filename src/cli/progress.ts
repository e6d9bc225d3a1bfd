// Live progress for a person: one line for what matters, as it happens. Writes events, decides nothing.
import { describeCheck } from "../core/domain/contractYaml";
import type { JournalEvent } from "../core/domain/event";
import { dollars, promptTokens } from "../core/domain/usage";
import type { TaskView } from "../core/projections/taskView";
import type { Terminal } from "./terminal";

export class Progress {
  private site = "";

  constructor(private readonly terminal: Terminal) {}

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
      case "phaseStarted":
        return t.line(`\n${t.bold(`▸ ${event.phase}`)}${event.attempt > 0 ? t.dim(` attempt ${event.attempt}`) : ""}`);
      case "sessionStarted":
        return t.line(t.dim(`  ${event.role} · ${event.model}`));
      case "toolFinished":
        return t.line(`    ${event.ok ? t.dim("·") : t.red("✗")} ${event.tool} ${t.dim(this.toolText(event, view))}`);
      case "turnCompleted": {
        const cost = event.usd === null ? "cost unknown" : dollars(event.usd);
        return t.line(t.dim(`    turn ${event.turn} · ${count(promptTokens(event.usage))} in · ${count(event.usage.output)} out · ${cost}`));
      }
      case "modelRetried":
        return t.line(t.yellow(`    ↻ ${event.reason} Trying again in ${(event.delayMs / 1000).toFixed(1)} s.`));
      default:
        return this.milestone(event, view);
    }
  }

  private milestone(event: JournalEvent, view: TaskView): void {
    const { terminal: t } = this;
    switch (event.kind) {
      case "handoffWritten":
        return t.line(t.dim(`  → ${event.file}`));
      case "checkFinished":
        return this.check(event, view);
      case "contractRefused":
        return t.line(t.yellow(`  contract refused, round ${event.round}:\n${indent(event.problems.map((p) => `- ${p.split("\n", 1)[0] ?? ""}`).join("\n"), 4)}`));
      case "contractFrozen":
        return t.line(`  contract frozen · ${event.contract.criteria.length} criteria, ${event.contract.checks.length} checks · ${event.hash.slice(0, 12)}`);
      case "attemptCutShort":
        return t.line(t.red(`  attempt ${event.attempt} ended early: ${event.detail}`));
      case "attemptCommitted":
        return t.line(t.dim(`  commit ${event.commit.slice(0, 10)} · ${files(event.files.length)} changed`));
      case "verdictGiven":
        return t.line(`  evaluator: ${event.verdict.verdict}, score ${event.verdict.score}. ${t.dim(event.verdict.summary)}`);
      case "attemptAccepted":
        return t.line(t.green(`  ✔ QA passed${event.score === null ? "" : `, score ${event.score}`}`));
      case "attemptRejected":
        return t.line(t.red(`  ✘ QA failed${event.score === null ? "" : `, score ${event.score}`}\n${indent(event.decision.reasons.map((r) => `- ${r}`).join("\n"), 4)}`));
      case "singleAgentAnswered":
        return t.line(`\n${event.text}`);
      case "notificationRaised":
        return event.level === "info" ? undefined : t.line(t.yellow(`  ${event.text}`));
      default:
        return undefined;
    }
  }

  private setup(event: Extract<JournalEvent, { kind: "setupFinished" }>): void {
    const { terminal: t } = this;
    for (const step of event.steps) {
      const how = step.cached ? "from cache" : `exit ${step.exitCode ?? "?"}`;
      const room = event.place === "cleanRoom" ? " in the clean room" : "";
      t.line(t.dim(`  set-up${room}: ${step.command} (${step.source}) · ${how} · ${step.durationMs} ms`));
    }
  }

  private check(event: Extract<JournalEvent, { kind: "checkFinished" }>, view: TaskView): void {
    const { terminal: t } = this;
    const { result, where } = event;
    const contract = view.contract?.contract ?? view.proposedContract;
    const check = contract?.checks.find((c) => c.id === result.checkId);
    const place = where.site === "base" ? `on the base commit, round ${where.round}` : `attempt ${where.attempt}, clean room`;
    if (place !== this.site) t.line(t.dim(`  checks ${place}`));
    this.site = place;
    const text = `${result.checkId} ${check === undefined ? result.kind : describeCheck(check)}`;
    const state = result.green ? t.green("● green") : t.red("● red  ");
    t.line(`    ${state} ${text}${result.green ? "" : t.dim(` · ${result.reason}`)} ${t.dim(`${Math.round(result.durationMs)} ms`)}`);
  }

  private toolText(event: Extract<JournalEvent, { kind: "toolFinished" }>, view: TaskView): string {
    const root = view.base?.worktree ?? "";
    const text = this.described.get(event.call) ?? "";
    return `${text} ${event.summary}`.trim().replaceAll(`${root}/`, "");
  }

  private readonly described = new Map<string, string>();

  /** Keeps what a call is about until it has finished: calls of one turn run side by side. */
  called(event: Extract<JournalEvent, { kind: "toolCalled" }>): void {
    this.described.set(event.call, event.summary);
  }
}

function count(n: number): string {
  return n < 1000 ? String(n) : `${(n / 1000).toFixed(1)}k`;
}

function files(n: number): string {
  return n === 1 ? "1 file" : `${n} files`;
}

function indent(text: string, by: number): string {
  return text.replace(/^/gm, " ".repeat(by));
}
