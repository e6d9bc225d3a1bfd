// `execution-log.md`: what the generator did and said, as it happened. Lines are gathered and written when something
// was changed, so that a run of reads costs no disk access.
import type { ToolCallBlock } from "../domain/conversation";
import type { TaskId } from "../domain/task";
import type { PlanFolder } from "../ports/planFolder";
import type { ToolOutcome } from "../tools/tool";
import { RESEARCH_TOOLS } from "../tools/toolSets";

export const EXECUTION_LOG = "execution-log.md";

export class ExecutionLog {
  private lines: string[] = [];
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly plans: PlanFolder,
    private readonly task: TaskId,
    private readonly now: () => number,
  ) {}

  heading(text: string): void {
    this.lines.push("", `## ${text}`, "");
  }

  said(text: string): void {
    const line = text.replace(/\s+/g, " ").trim();
    // The last message is the self-evaluation in JSON: it has a file of its own.
    if (line !== "" && !/^(```(json)? ?)?\{/.test(line)) this.add(line);
  }

  called(call: ToolCallBlock, description: string, outcome: ToolOutcome): void {
    this.add(`\`${call.name}\` ${description}: ${outcome.ok ? "" : "✗ "}${outcome.summary}`);
    if (RESEARCH_TOOLS.some((tool) => tool.name === call.name)) return;
    this.writing = this.writing.then(() => this.write());
    // `flush` gets the failure; until then it must not count as unhandled.
    this.writing.catch(() => undefined);
  }

  async flush(): Promise<void> {
    await this.writing;
    await this.write();
  }

  private async write(): Promise<void> {
    if (this.lines.length === 0) return;
    const text = `${this.lines.join("\n")}\n`;
    this.lines = [];
    await this.plans.append(this.task, EXECUTION_LOG, text);
  }

  private add(text: string): void {
    this.lines.push(`- ${new Date(this.now()).toISOString().slice(0, 19)}Z ${text}`);
  }
}
