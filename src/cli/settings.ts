// The models of a command's roles: flags, then the user's settings file, then the defaults. A script that plays them is
// part of their ids: whoever goes on with the task asks the same one.
import { resolve } from "node:path";
import { isScript, playedBy, pricedAs, scriptFileOf } from "../core/domain/scriptModel";
import { ROLES, type Role, type RoleModels } from "../core/domain/task";
import { DEFAULT_ROLES, modelOf } from "../core/roles/roleSettings";
import type { SettingsFile } from "../composition/settingsFile";
import type { ModelOptions } from "./arguments";

type Models = Readonly<Record<Role, string>>;
type Options = Pick<ModelOptions, "model" | "roleModels">;

/** The model of each role: `--role-model`, then `--model`, then the settings file, then the defaults. */
export function roleModels(file: SettingsFile, options: Options): Models {
  const of = (role: Role): string => chosen(role, options, file.models?.[role] ?? DEFAULT_ROLES[role].model);
  return {
    planner: of("planner"),
    contract_negotiator: of("contract_negotiator"),
    generator: of("generator"),
    evaluator: of("evaluator"),
    single_agent: of("single_agent"),
    request_optimizer: of("request_optimizer"),
    project_manager: of("project_manager"),
    preamble_writer: of("preamble_writer"),
    worker: of("worker"),
    qc: of("qc"),
    reporter: of("reporter"),
  };
}

/** What `--model` and `--role-model` of a resume change; undefined when they change nothing. */
export function changedModels(now: RoleModels, options: Options): RoleModels | undefined {
  const changed = { ...now, ...Object.fromEntries(ROLES.map((role) => [role, chosen(role, options, modelOf(now, role))])) };
  return ROLES.every((role) => modelOf(changed, role) === modelOf(now, role)) ? undefined : changed;
}

function chosen(role: Role, { model, roleModels: named }: Options, otherwise: string): string {
  const own = named[role];
  if (model === null) return own === undefined ? otherwise : absolute(own);
  if (!isScript(model)) return absolute(own ?? model);
  if (own !== undefined && isScript(own)) return absolute(own);
  // The script answers; what is named beside it says whose prices it has.
  const file = resolve(scriptFileOf(model));
  const priced = own ?? pricedAs(model);
  return playedBy(file, isScript(priced) ? otherwise : priced);
}

/** A script is found from wherever the task is gone on with. */
function absolute(model: string): string {
  return isScript(model) ? model.replace(scriptFileOf(model), (file) => resolve(file)) : model;
}
