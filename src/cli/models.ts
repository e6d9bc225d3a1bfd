// Picks the model client: a script, or Anthropic's API when there is a key. The SDK is loaded only when it is used.
import { RecordingFile } from "../adapters/model/scriptFile";
import { recordingModel } from "../adapters/model/recordingModel";
import { loadScript } from "../adapters/model/script";
import { CHUNK_DELAY_MS, ScriptedModel } from "../adapters/model/scriptedModel";
import { CountersignError } from "../core/domain/errors";
import { DEFAULT_RETRY_POLICY, retryingModel } from "../core/engine/retryPolicy";
import type { Clock } from "../core/ports/clock";
import type { Logger } from "../core/ports/logger";
import type { ModelClient } from "../core/ports/modelClient";
import type { ModelOptions } from "./arguments";
import { NO_MODEL } from "./help";
import { isScript, SCRIPT_PREFIX } from "./settings";

export interface ModelDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Throws CountersignError `noModel` with what to set. */
export async function openModel(options: Pick<ModelOptions, "model" | "record">, deps: ModelDeps): Promise<ModelClient> {
  const client = isScript(options.model) ? await scripted(options.model, deps) : anthropic(deps);
  const retrying = retryingModel(client, { policy: DEFAULT_RETRY_POLICY, clock: deps.clock, random: Math.random });
  return options.record === null ? retrying : recordingModel(retrying, new RecordingFile(options.record));
}

async function scripted(model: string, { env, clock }: ModelDeps): Promise<ModelClient> {
  const script = await loadScript(model.slice(SCRIPT_PREFIX.length));
  const delay = env["COUNTERSIGN_SCRIPT_DELAY_MS"];
  return new ScriptedModel(script, { clock, chunkDelayMs: delay === undefined ? CHUNK_DELAY_MS : Number(delay) });
}

function anthropic({ env, logger }: ModelDeps): ModelClient {
  const apiKey = env["ANTHROPIC_API_KEY"];
  const authToken = env["ANTHROPIC_AUTH_TOKEN"];
  const baseUrl = env["ANTHROPIC_BASE_URL"];
  if (!apiKey && !authToken && !baseUrl) throw new CountersignError("noModel", NO_MODEL);
  // Loading starts now and is awaited by the first request, while the worktree is being made.
  const loading = import("../adapters/model/anthropicModel").then(({ createAnthropicModel }) =>
    createAnthropicModel({ apiKey, authToken, baseUrl, logger }),
  );
  loading.catch((error: unknown) => logger.warn("the model client could not be loaded", { error: String(error) }));
  return {
    async *stream(request, signal) {
      yield* (await loading).stream(request, signal);
    },
  };
}
