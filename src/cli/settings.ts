// The models of a command's roles: flags, then the user's settings file, then the defaults.
import { SCRIPT_PREFIX } from "../core/domain/scriptModel";
import { ROLES, type Role } from "../core/domain/task";
import { DEFAULT_ROLES } from "../core/roles/roleSettings";
import type { SettingsFile } from "../composition/settingsFile";
import type { ModelOptions } from "./arguments";

/** The model of each role: `--role-model`, then `--model`, then the settings file, then the defaults. */
export function roleModels(file: SettingsFile, options: Pick<ModelOptions, "model" | "roleModels">): Readonly<Record<Role, string>> {
  const all = options.model === null || isScript(options.model) ? null : options.model;
  const of = (role: Role): string => options.roleModels[role] ?? all ?? file.models?.[role] ?? DEFAULT_ROLES[role].model;
  return {
    planner: of("planner"),
    contract_negotiator: of("contract_negotiator"),
    generator: of("generator"),
    evaluator: of("evaluator"),
    single_agent: of("single_agent"),
  };
}

/** What `--model` and `--role-model` of a resume change; undefined when they change nothing. */
export function changedModels(now: Readonly<Record<Role, string>>, options: Pick<ModelOptions, "model" | "roleModels">): Readonly<Record<Role, string>> | undefined {
  const all = options.model === null || isScript(options.model) ? null : options.model;
  const changed = { ...now, ...(all === null ? {} : Object.fromEntries(ROLES.map((role) => [role, all]))), ...options.roleModels };
  return ROLES.every((role) => changed[role] === now[role]) ? undefined : changed;
}

export function isScript(model: string | null): model is string {
  return model?.startsWith(SCRIPT_PREFIX) ?? false;
}
