// A task that waits for its review in the folder of the window, played by the command line, and what tests see of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { commands, extensions, workspace, window, type CodeLens, type Tab, type Uri } from "vscode";
import type { JournalEvent } from "../../src/core/domain/event";
import type { TaskId } from "../../src/core/domain/task";
import { uriOf, type Side } from "../../src/vscode/review/attemptDocument";
import { Repo } from "../builders/repoBuilder";
import { playReview, reviewScript, writeReviewFiles } from "../builders/reviewScenario";
import type { ScriptBuilder } from "../builders/scriptBuilder";
import { until } from "../editor/until";

/** Somebody else of this window may own the journal for a quarter of a minute after they were busy. */
const LOCKED_LIMIT_MS = 25_000;
const RETRY_MS = 500;

export class ReviewedTask {
  private constructor(
    readonly repo: Repo,
    readonly id: TaskId,
  ) {}

  static async play(title: string, script: ScriptBuilder = reviewScript()): Promise<ReviewedTask> {
    const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
    const extension = extensions.getExtension("countersign.countersign");
    assert.ok(folder !== undefined && extension !== undefined);
    const repo = new Repo(folder);
    writeReviewFiles(repo);
    await whenFree(() => playReview(repo, title, { cli: path.join(extension.extensionPath, "dist/cli.cjs"), env: process.env }, script));
    const created = eventsIn(repo).find((event) => event.kind === "taskCreated" && event.request.title === title);
    assert.ok(created !== undefined, `"${title}" is not in the journal`);
    const task = new ReviewedTask(repo, created.task);
    await until("the editor knows the task", async () => (await stat(task.uri("review/story.ts", "attempt"))) !== undefined);
    return task;
  }

  get target(): { readonly root: string; readonly task: TaskId } {
    return { root: this.repo.dir, task: this.id };
  }

  events(): readonly JournalEvent[] {
    return eventsIn(this.repo).filter((event) => event.task === this.id);
  }

  eventsOf<K extends JournalEvent["kind"]>(kind: K): readonly Extract<JournalEvent, { readonly kind: K }>[] {
    return this.events().filter((event): event is Extract<JournalEvent, { readonly kind: K }> => event.kind === kind);
  }

  /** A file as a side of the review of an attempt shows it. */
  uri(file: string, side: Side, attempt = 2): Uri {
    const commit = this.eventsOf("attemptCommitted").find((event) => event.attempt === attempt)?.commit;
    const base = this.eventsOf("baseSnapshotted")[0]?.base.commit;
    assert.ok(commit !== undefined && base !== undefined);
    const shown = side === "base" ? { commit: base, version: "base" } : { commit, version: `attempt ${attempt}` };
    return uriOf({ ...this.target, side, attempt, path: file, ...shown });
  }

  async lenses(file: string, side: "base" | "attempt" = "attempt", attempt = 2): Promise<readonly Lens[]> {
    const uri = this.uri(file, side, attempt);
    await workspace.openTextDocument(uri);
    const lenses = await commands.executeCommand<CodeLens[]>("vscode.executeCodeLensProvider", uri, 100);
    return lenses.map((lens) => new Lens(lens));
  }
}

export class Lens {
  constructor(private readonly lens: CodeLens) {}

  /** Line and words, e.g. `3 Accept hunk`. */
  get says(): string {
    return `${this.lens.range.start.line + 1} ${(this.lens.command?.title ?? "").replace(/^\$\([\w-]+\) /, "")}`;
  }

  async click(): Promise<void> {
    assert.ok(this.lens.command !== undefined && this.lens.command.command !== "", `"${this.says}" cannot be clicked`);
    await commands.executeCommand(this.lens.command.command, ...((this.lens.command.arguments ?? []) as unknown[]));
  }
}

/** The lens with these words. */
export function lensIn(lenses: readonly Lens[], says: string): Lens {
  const lens = lenses.find((one) => one.says === says);
  assert.ok(lens !== undefined, `there is no lens "${says}" among ${lenses.map((one) => one.says).join(", ")}`);
  return lens;
}

export async function stat(uri: Uri): Promise<number | undefined> {
  try {
    return (await workspace.fs.stat(uri)).size;
  } catch {
    // Not known yet: the caller asks again.
    return undefined;
  }
}

export function activeTab(): Tab | undefined {
  return window.tabGroups.activeTabGroup.activeTab;
}

export async function closeEditors(): Promise<void> {
  await commands.executeCommand("workbench.action.closeAllEditors");
  await commands.executeCommand("notifications.clearAll");
}

function eventsIn(repo: Repo): readonly JournalEvent[] {
  const lines = readFileSync(path.join(repo.dir, ".countersign/state/journal.ndjson"), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as JournalEvent);
}

async function whenFree(run: () => void): Promise<void> {
  const end = Date.now() + LOCKED_LIMIT_MS;
  for (;;) {
    try {
      run();
      return;
    } catch (error) {
      const said = String((error as { readonly stderr?: Buffer }).stderr);
      if (!/owns the journal|taking the journal/.test(said) || Date.now() > end) throw new Error(said, { cause: error });
      await delay(RETRY_MS);
    }
  }
}
