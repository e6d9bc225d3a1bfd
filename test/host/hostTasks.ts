// Tasks of the window's folder as tests make and follow them: by the extension's own commands, seen through the journal.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { commands, workspace } from "vscode";
import type { JournalEvent } from "../../src/core/domain/event";
import { ROLES, type Role, type TaskId } from "../../src/core/domain/task";
import type { HasTarget } from "../../src/vscode/taskRef";
import { aPassingScript, type ScriptBuilder } from "../builders/scriptBuilder";
import { until } from "../editor/until";

const RUN_LIMIT_MS = 60_000;

export function windowFolder(): string {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  assert.ok(folder !== undefined, "no folder is open");
  return folder;
}

/** `countersign.<name>`, as a keybinding or another extension would run it. */
export async function run<T>(name: string, ...args: readonly unknown[]): Promise<T> {
  return commands.executeCommand<T>(`countersign.${name}`, ...args);
}

export function eventsIn(folder: string): readonly JournalEvent[] {
  const file = path.join(folder, ".countersign/state/journal.ndjson");
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as JournalEvent);
}

type EventOf<K extends JournalEvent["kind"]> = Extract<JournalEvent, { readonly kind: K }>;

export class HostTask {
  constructor(
    readonly target: HasTarget["target"],
  ) {}

  get id(): TaskId {
    return this.target.task;
  }

  /** A file in the task's folder of handoff files. */
  file(name: string): string {
    return path.join(this.target.root, ".countersign/plans", this.id, name);
  }

  events(): readonly JournalEvent[] {
    return eventsIn(this.target.root).filter((event) => event.task === this.id);
  }

  eventsOf<K extends JournalEvent["kind"]>(kind: K): readonly EventOf<K>[] {
    return this.events().filter((event): event is EventOf<K> => event.kind === kind);
  }

  get request(): EventOf<"taskCreated">["request"] {
    const [created] = this.eventsOf("taskCreated");
    assert.ok(created !== undefined, `${this.id} is not in the journal`);
    return created.request;
  }

  /** Waits until such an event is on record for the `count`th time. */
  async until(kind: JournalEvent["kind"], count = 1): Promise<void> {
    await until(`${this.id} has ${count} ${kind}`, () => this.eventsOf(kind).length >= count, RUN_LIMIT_MS);
  }
}

/** Creates a task without a question. `script` plays every role; none is needed for one that is not run. */
export async function aHostTask(options: object = {}, script: ScriptBuilder = aPassingScript()): Promise<HostTask> {
  const made = await run<HasTarget | undefined>("newTask", { text: "Greet the reader", run: false, models: modelsOf(script), approvePlan: false, category: "PREP", ...options });
  assert.ok(made !== undefined, "no task was created");
  return new HostTask(made.target);
}

export function modelsOf(script: ScriptBuilder): Readonly<Record<Role, string>> {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "host script ")), "script.json");
  writeFileSync(file, JSON.stringify(script.build()));
  return Object.fromEntries(ROLES.map((role) => [role, `script:${file}`])) as Record<Role, string>;
}
