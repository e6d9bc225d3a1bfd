// Puts a task into the queue with models that can be reached. What the person has to set up first is asked for here, so
// that no task fails for it.
import { Uri } from "vscode";
import { modelName } from "../../core/domain/scriptModel";
import type { TaskType } from "../../core/domain/task";
import { modelOf } from "../../core/roles/roleSettings";
import { rolesOf } from "../models/access";
import { decideModels } from "../models/modelsToRun";
import { reachOf, usableModels, type Models } from "../models/modelSetup";
import { pickOne } from "../ask";
import type { Host } from "../host";
import type { PickedTask } from "../pickTask";
import { oneOf } from "../record";

const WHICH = ["created", "current"] as const;
/** The models that the task was created with, or the ones that are set now. */
export type WhichModels = (typeof WHICH)[number];

export function whichModels(value: unknown): WhichModels | undefined {
  return oneOf(WHICH, value);
}

/** False: the person left a question, or nothing is set up; the task stays as it is. */
export async function startTask(host: Host, { desk, view }: PickedTask, which?: WhichModels): Promise<boolean> {
  const models = view.type === null ? view.request.models : await modelsFor(host, { desk, view }, which);
  if (models === null) return false;
  const isSame = Object.entries(models).every(([role, id]) => view.request.models[role as keyof Models] === id);
  await desk.queue.run(view.request.id, isSame ? undefined : models);
  return true;
}

async function modelsFor(host: Host, { desk, view }: PickedTask, which: WhichModels | undefined): Promise<Models | null> {
  const type = view.type ?? "multi_agent";
  const scope = Uri.file(desk.root);
  const created = view.request.models;
  const current = host.config.models(scope);
  const decision = await decideModels(created, current, type, reachOf(host));
  switch (decision) {
    case "created":
      return created;
    case "current":
      return current;
    case "neither":
      return usableModels(host, { models: which === "current" ? current : created, type, scope });
    case "ask": {
      const chosen = which ?? (await askWhich(view.request.title, { created, current }, type));
      return chosen === null ? null : chosen === "current" ? current : created;
    }
  }
}

async function askWhich(title: string, { created, current }: Readonly<Record<WhichModels, Models>>, type: TaskType): Promise<WhichModels | null> {
  const names = (models: Models): string => [...new Set(rolesOf(type).map((role) => modelName(modelOf(models, role))))].join(", ");
  const answer = await pickOne<WhichModels>(
    [
      { label: "$(history) With the models it was created with", detail: names(created), value: "created" },
      { label: "$(hubot) With the models that are set now", detail: `${names(current)} · an agent session that has begun with another model begins anew`, value: "current" },
    ],
    { title, placeholder: "Your settings name other models than when the task was created" },
  );
  return answer.kind === "picked" ? answer.value : null;
}
