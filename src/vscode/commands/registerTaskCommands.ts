// Commands that make tasks, begin and end them, and open what they leave. Arguments of each are described in
// docs/commands.md.
import { commands, type Disposable } from "vscode";
import type { Host } from "../host";
import { command, report } from "../run";
import { inform } from "../tell";
import { registerCodeActions } from "./codeActions";
import { cleanUpWorktrees, discardTask, markDone, openWorktree } from "./endTasks";
import { FAILURE_REPORT, PLAN, QA_REPORT, SELF_EVALUATION, approvePlan, openHandoff } from "./handoffFiles";
import { openSettings, openWalkthrough, showLog } from "./helpCommands";
import { newTask } from "./newTask";
import { newTaskFromExplorer, newTaskFromProblem, newTaskFromSelection, newTaskFromTodo } from "./newTaskFrom";
import { cancelTask, resumeTask, retryTask, runTask } from "./runTasks";
import { continueSample, runSample } from "./sample";
import { newTaskOptions } from "./taskDraft";
import { TaskDocuments } from "./taskDocuments";

export function registerTaskCommands(host: Host): readonly Disposable[] {
  const documents: TaskDocuments = new TaskDocuments(host, async (options) => (await newTask(host, documents, options)) !== undefined);
  return [
    documents,
    command(host, "newTask", (argument) => newTask(host, documents, newTaskOptions(argument))),
    command(host, "newTaskFromSelection", (argument) => newTaskFromSelection(host, documents, argument)),
    command(host, "newTaskFromExplorer", (...args) => newTaskFromExplorer(host, documents, args)),
    command(host, "newTaskFromProblem", (argument) => newTaskFromProblem(host, documents, argument)),
    command(host, "newTaskFromTodo", (argument) => newTaskFromTodo(host, documents, argument)),
    command(host, "runTask", (argument) => runTask(host, argument)),
    command(host, "cancelTask", (argument) => cancelTask(host, argument)),
    command(host, "resumeTask", (argument) => resumeTask(host, argument)),
    command(host, "retryTask", (argument) => retryTask(host, argument)),
    command(host, "approvePlan", (argument) => approvePlan(host, argument)),
    command(host, "openPlan", (argument) => openHandoff(host, argument, PLAN)),
    command(host, "openSelfEvaluation", (argument) => openHandoff(host, argument, SELF_EVALUATION)),
    command(host, "openQaReport", (argument) => openHandoff(host, argument, QA_REPORT)),
    command(host, "openFailureReport", (argument) => openHandoff(host, argument, FAILURE_REPORT)),
    command(host, "discardTask", (argument) => discardTask(host, argument)),
    command(host, "markDone", (argument) => markDone(host, argument)),
    command(host, "openWorktree", (argument) => openWorktree(host, argument)),
    command(host, "cleanUpWorktrees", (argument) => cleanUpWorktrees(host, argument)),
    command(host, "runSample", (argument) => runSample(host, argument)),
    command(host, "openWalkthrough", (argument) => openWalkthrough(host, argument)),
    command(host, "openSettings", (argument) => openSettings(argument)),
    command(host, "showLog", () => Promise.resolve(showLog(host))),
    ...registerCodeActions(host),
    ...continueSample(host),
    ...followSettings(host),
  ];
}

/** Most settings count from the next run on by themselves; these need a hand. */
function followSettings(host: Host): readonly Disposable[] {
  return [
    host.config.onDidChange("maxConcurrentTasks", () => {
      Promise.all(host.desks.opened.map((desk) => desk.queue.fill())).catch((error: unknown) => report(host, error));
    }),
    host.config.onDidChange("plansFolder", () => {
      if (host.desks.opened.length === 0) return;
      inform(host, "Handoff files go to the new folder once the window is loaded anew. Files that are there already stay where they are.", { "Reload Window": () => commands.executeCommand("workbench.action.reloadWindow") });
    }),
  ];
}
