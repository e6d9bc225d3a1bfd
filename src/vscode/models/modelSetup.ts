// Makes sure that there is somebody to ask before a task is run: says what is missing, and offers the ways out.
import { commands, window, type ConfigurationScope } from "vscode";
import type { TaskRequest, TaskType } from "../../core/domain/task";
import type { Host } from "../host";
import { credentialsOf, lackOf, type Lack, type Reach } from "./access";
import { hasEditorModel } from "./editorModels";

export type Models = TaskRequest["models"];

export function reachOf(host: Host): Reach {
  return { hasServer: async () => (await credentialsOf(host.context, host.config)) !== null, hasEditorModel };
}

export interface Wanted {
  readonly models: Models;
  readonly type: TaskType;
  /** The folder whose settings count where other models are chosen. */
  readonly scope: ConfigurationScope;
}

/** Models that the task can be run with now; null when the person did not set any up. What they were told is enough. */
export async function usableModels(host: Host, { models, type, scope }: Wanted): Promise<Models | null> {
  const lack = await lackOf(models, type, reachOf(host));
  if (lack === null) return models;
  const chosen = await window.showWarningMessage(lackText(lack), ...WAYS_OUT);
  if (chosen === undefined) return null;
  await commands.executeCommand(COMMAND_OF[chosen]);
  if (chosen === SAMPLE) return null;
  for (const next of [models, host.config.models(scope)]) {
    if ((await lackOf(next, type, reachOf(host))) === null) return next;
  }
  return null;
}

export function lackText({ kind, model }: Lack): string {
  if (kind === "editorModel") return `The editor has no model ${model.slice(model.indexOf(":") + 1)} now, so nothing was started. Choose another one, or sign in to whatever provides it.`;
  return `No model is set up: ${model} needs a key, so nothing was started. Set a key for Anthropic’s API or a compatible server, or choose one of the editor’s own models. The sample needs neither.`;
}

const KEY = "Set API Key";
const CHOOSE = "Choose Models";
const SAMPLE = "Run the Sample";
const WAYS_OUT = [KEY, CHOOSE, SAMPLE] as const;
const COMMAND_OF: Readonly<Record<(typeof WAYS_OUT)[number], string>> = {
  [KEY]: "countersign.setApiKey",
  [CHOOSE]: "countersign.chooseModels",
  [SAMPLE]: "countersign.runSample",
};
