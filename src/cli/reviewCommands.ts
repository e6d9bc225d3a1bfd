// `accept`, `undo`, `discard` and `node`: what a person decides about a task's work, or about a task of a mission.
import { assertNever } from "../core/domain/errors";
import { findTask } from "../core/engine/harness";
import type { TaskView } from "../core/projections/taskView";
import type { Command } from "./arguments";
import { hasTasks, openEngine, openSite, type OpenEngine } from "../composition/site";
import type { CommandContext } from "./runCommands";

export type Review = Extract<Command, { kind: "accept" | "undo" | "discard" | "node" }>;

export async function reviewCommand(command: Review, context: CommandContext): Promise<number> {
  const site = await openSite(command.repo, context.env);
  // Nothing is made in a folder that holds no task.
  if (!hasTasks(site)) findTask([], command.task);
  const { out } = context;
  const onEvent = (event: object): void => (command.json ? out.raw(`${JSON.stringify(event)}\n`) : undefined);
  const listeners = { onEvent, onLive: () => undefined };
  const engine = await openEngine(site, { model: { stream: noModel }, limits: {}, listeners, approvePlan: null });
  engine.commands.endOrphans();
  try {
    const view = findTask((await engine.store()).tasks(), command.task);
    const code = await carryOut(engine, view, { command, context });
    await (await engine.store()).save();
    return code;
  } finally {
    await engine.journal.close();
  }
}

function carryOut(engine: OpenEngine, view: TaskView, { command, context }: { readonly command: Review; readonly context: CommandContext }): Promise<number> {
  switch (command.kind) {
    case "accept":
      return accept(engine, view, { command, context });
    case "undo":
      return undo(engine, view, { command, context });
    case "discard":
      return discard(engine, view, { command, context });
    case "node":
      return decideNode(engine, view, { command, context });
    default:
      return assertNever(command);
  }
}

async function decideNode(
  { harness }: OpenEngine,
  view: TaskView,
  { command, context }: { readonly command: Extract<Command, { kind: "node" }>; readonly context: CommandContext },
): Promise<number> {
  await harness.decideNode(view, command.node, command.decision);
  if (!command.json) context.out.line(`Recorded. To go on: ${context.program} resume ${view.request.id}`);
  return 0;
}

async function accept(
  engine: OpenEngine,
  view: TaskView,
  at: { readonly command: Extract<Command, { kind: "accept" }>; readonly context: CommandContext },
): Promise<number> {
  const { command, context } = at;
  const { out, program } = context;
  const reviewed = command.attempt === null ? view : await engine.harness.chooseAttempt(view, command.attempt);
  const { result, view: after } = await engine.harness.accept(reviewed, command.files.length === 0 ? null : command.files);
  if (command.json) return result.conflicts.length === 0 ? 0 : 1;
  for (const path of result.applied) out.line(`  ${out.green("✔")} ${path}`);
  for (const path of result.conflicts) out.line(`  ${out.red("✘")} ${path} ${out.red("conflict")}`);
  out.line(`Your working tree before this is kept as commit ${result.before.slice(0, 10)}.`);
  if (result.conflicts.length > 0) out.line("Resolve the conflicts in the files named above. Nothing of yours is lost.");
  if (after.status === "accepted") out.line(`The task is accepted and its worktree removed. Commit when you are ready. To take it back: ${program} undo ${view.request.id}`);
  else out.line(`More files wait: ${program} accept ${view.request.id}`);
  return result.conflicts.length === 0 ? 0 : 1;
}

async function undo(
  engine: OpenEngine,
  view: TaskView,
  at: { readonly command: Extract<Command, { kind: "undo" }>; readonly context: CommandContext },
): Promise<number> {
  const { out } = at.context;
  const { result } = await engine.harness.undoAccept(view);
  const code = result.conflicts.length === 0 ? 0 : 1;
  if (at.command.json) return code;
  for (const path of result.restored) out.line(`  ${out.green("✔")} ${path}`);
  for (const path of result.conflicts) out.line(`  ${out.red("✘")} ${path} ${out.red("conflict")}`);
  out.line(`The accept is undone and the task in review again. Your working tree before this is kept as commit ${result.before.slice(0, 10)}.`);
  if (code !== 0) out.line("Resolve the conflicts in the files named above: you had changed the same lines. Nothing of yours is lost.");
  return code;
}

async function discard(
  engine: OpenEngine,
  view: TaskView,
  at: { readonly command: Extract<Command, { kind: "discard" }>; readonly context: CommandContext },
): Promise<number> {
  await engine.harness.discard(view);
  if (!at.command.json) at.context.out.line(`Task ${view.request.id} is discarded. Its files under .countersign/plans/${view.request.id} are kept.`);
  return 0;
}

function noModel(): never {
  throw new Error("deciding about work asks no model");
}
