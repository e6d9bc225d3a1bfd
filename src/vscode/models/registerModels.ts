// Commands that set models up, and the context key by which the walkthrough knows that it is done.
import { lm, type Disposable } from "vscode";
import { ROLES, type Role } from "../../core/domain/task";
import type { Host } from "../host";
import { tellModels } from "../milestones";
import { isRecord } from "../record";
import { command, report } from "../run";
import { removeApiKey, setApiKey, type KeyOptions } from "./apiKey";
import { chooseModels, type ModelChoice } from "./chooseModels";

export function registerModels(host: Host): readonly Disposable[] {
  const look = (): void => {
    tellModels(host).catch((error: unknown) => report(host, error));
  };
  // Not during activation: it asks the secret storage.
  const first = setTimeout(look, 0);
  return [
    { dispose: () => clearTimeout(first) },
    command(host, "setApiKey", (argument) => setApiKey(host, keyOptions(argument))),
    command(host, "removeApiKey", () => removeApiKey(host)),
    command(host, "chooseModels", (argument) => chooseModels(host, modelChoice(argument))),
    host.context.secrets.onDidChange(look),
    host.config.onDidChange("models", look),
    host.config.onDidChange("baseUrl", look),
    lm.onDidChangeChatModels(look),
  ];
}

function keyOptions(argument: unknown): KeyOptions {
  if (!isRecord(argument)) return {};
  const { key, anyway } = argument;
  return { ...(typeof key === "string" ? { key } : {}), ...(typeof anyway === "boolean" ? { anyway } : {}) };
}

function modelChoice(argument: unknown): ModelChoice {
  if (!isRecord(argument)) return {};
  const { role, model, target } = argument;
  return {
    ...(isRole(role) || role === "all" ? { role } : {}),
    ...(typeof model === "string" && model.trim() !== "" ? { model: model.trim() } : {}),
    ...(target === "user" || target === "workspace" ? { target } : {}),
  };
}

function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}
