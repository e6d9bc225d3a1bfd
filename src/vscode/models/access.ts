// Which models are set up, and the door to them: the key in SecretStorage, the base URL of the user's own settings, the
// environment, and the editor's own language models.
import type { ExtensionContext } from "vscode";
import type { Config } from "../config";

export const API_KEY_SECRET = "countersign.anthropicApiKey";

export interface EditorCredentials {
  readonly apiKey?: string;
  readonly authToken?: string;
  readonly baseUrl?: string;
}

/** null: nothing is set up. A key of the settings comes before one of the environment. */
export async function credentialsOf(context: ExtensionContext, config: Config): Promise<EditorCredentials | null> {
  const apiKey = (await context.secrets.get(API_KEY_SECRET)) ?? process.env["ANTHROPIC_API_KEY"];
  const authToken = process.env["ANTHROPIC_AUTH_TOKEN"];
  const baseUrl = config.baseUrl || process.env["ANTHROPIC_BASE_URL"];
  if (!apiKey && !authToken && !baseUrl) return null;
  return { ...(apiKey ? { apiKey } : {}), ...(authToken ? { authToken } : {}), ...(baseUrl ? { baseUrl } : {}) };
}

export const NO_MODEL_ADVICE =
  "No model is set up, so nothing was sent. Set a key (Countersign: Set API Key) or choose one of the editor's own models (Countersign: Choose Models), then resume the task.";

