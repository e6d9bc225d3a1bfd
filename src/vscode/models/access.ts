// Which models can be reached, and how: the key in SecretStorage, the base URL of the user's own settings, the
// environment, and the editor's own language models. A key leaves this file only for a request.
import type { ExtensionContext } from "vscode";
import { SCRIPT_PREFIX } from "../../core/domain/scriptModel";
import type { Role, TaskRequest, TaskType } from "../../core/domain/task";
import type { ServerCredentials } from "../../core/ports/modelCatalog";
import { modelOf } from "../../core/roles/roleSettings";
import type { Config } from "../config";
import { EDITOR_PREFIX } from "./editorModelClient";

export const API_KEY_SECRET = "countersign.anthropicApiKey";

/** What a person changes to mend a request, as parts of a sentence. */
export const MODEL_SETTINGS = { key: "the key (Countersign: Set API Key)", baseUrl: "the setting countersign.baseUrl" };

export const NO_MODEL_ADVICE =
  "No model is set up, so nothing was sent. Set a key (Countersign: Set API Key) or choose one of the editor's own models (Countersign: Choose Models), then resume the task.";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a key comes from; the first that there is counts. */
export type KeyOrigin = "stored" | "ANTHROPIC_API_KEY" | "ANTHROPIC_AUTH_TOKEN";

/** null: nothing is set up. A key of the settings comes before one of the environment. */
export async function credentialsOf(context: Pick<ExtensionContext, "secrets">, config: Pick<Config, "baseUrl">, env: Environment = process.env): Promise<ServerCredentials | null> {
  const stored = await context.secrets.get(API_KEY_SECRET);
  const baseUrl = baseUrlOf(config, env);
  const origin = originOf(stored, env);
  if (origin === null && baseUrl === "") return null;
  const key = origin === "ANTHROPIC_AUTH_TOKEN" ? { authToken: env[origin] } : origin === null ? {} : { apiKey: stored || env["ANTHROPIC_API_KEY"] };
  return { ...key, ...(baseUrl === "" ? {} : { baseUrl }) };
}

export async function keyOrigin(context: Pick<ExtensionContext, "secrets">, env: Environment = process.env): Promise<KeyOrigin | null> {
  return originOf(await context.secrets.get(API_KEY_SECRET), env);
}

/** "": the vendor's own. */
export function baseUrlOf(config: Pick<Config, "baseUrl">, env: Environment = process.env): string {
  return config.baseUrl || (env["ANTHROPIC_BASE_URL"] ?? "");
}

function originOf(stored: string | undefined, env: Environment): KeyOrigin | null {
  if (stored) return "stored";
  if (env["ANTHROPIC_API_KEY"]) return "ANTHROPIC_API_KEY";
  return env["ANTHROPIC_AUTH_TOKEN"] ? "ANTHROPIC_AUTH_TOKEN" : null;
}

/** The roles that a task of this type asks. */
const ROLES_OF: Readonly<Record<TaskType, readonly Role[]>> = {
  single_agent: ["single_agent"],
  multi_agent: ["planner", "contract_negotiator", "generator", "evaluator"],
  mission: ["request_optimizer", "project_manager", "preamble_writer", "contract_negotiator", "worker", "qc", "reporter"],
};

export function rolesOf(type: TaskType): readonly Role[] {
  return ROLES_OF[type];
}

export type Lack =
  /** A server is needed and there is neither key nor base URL. */
  | { readonly kind: "server"; readonly model: string }
  /** The editor does not have this model now. */
  | { readonly kind: "editorModel"; readonly model: string };

export interface Reach {
  readonly hasServer: () => Promise<boolean>;
  readonly hasEditorModel: (id: string) => Promise<boolean>;
}

/** What keeps a task from being run with these models; null when nothing does. */
export async function lackOf(models: TaskRequest["models"], type: TaskType, reach: Reach): Promise<Lack | null> {
  const needed = [...new Set(rolesOf(type).map((role) => modelOf(models, role)))].filter((model) => !model.startsWith(SCRIPT_PREFIX));
  for (const model of needed.filter((id) => id.startsWith(EDITOR_PREFIX))) {
    if (!(await reach.hasEditorModel(model))) return { kind: "editorModel", model };
  }
  const ofServer = needed.find((id) => !id.startsWith(EDITOR_PREFIX));
  if (ofServer === undefined || (await reach.hasServer())) return null;
  return { kind: "server", model: ofServer };
}
