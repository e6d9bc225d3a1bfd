// Picks the model client: scripts, Anthropic's API where there is a key, or both. The SDK is loaded only when it is used.
import { existsSync } from "node:fs";
import { ScriptFile } from "../adapters/model/scriptFile";
import { recordingModel } from "../adapters/model/recordingModel";
import { loadScript } from "../adapters/model/script";
import { CHUNK_DELAY_MS, ScriptedModel } from "../adapters/model/scriptedModel";
import { CountersignError } from "../core/domain/errors";
import { retryingModel } from "../core/engine/retryingModel";
import { DEFAULT_RETRIES } from "../core/engine/retryPolicy";
import type { Clock } from "../core/ports/clock";
import type { Logger } from "../core/ports/logger";
import type { ModelClient } from "../core/ports/modelClient";
import type { ModelOptions } from "./arguments";
import { NO_MODEL } from "./help";
import { isScript, scriptFileOf } from "../core/domain/scriptModel";
import { routedModel } from "../core/engine/routedModel";
import { scriptRoute } from "../composition/modelRoutes";
import type { SettingsFile } from "../composition/settingsFile";

export interface ModelDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: SettingsFile;
}

export interface OpenModel {
  readonly client: ModelClient;
  /** Waits for the recording; throws CountersignError `io` when it could not be written. */
  close(): Promise<void>;
}

/**
 * `models`: those that will be asked. Throws CountersignError `noModel` with what to set, and `notFound` where the script
 * that plays one is gone.
 */
export async function openModel(options: Pick<ModelOptions, "model" | "record">, models: readonly string[], deps: ModelDeps): Promise<OpenModel> {
  const { model } = options;
  const client = model !== null && isScript(model) ? await scripted(model, deps) : routed(models, deps);
  const retrying = retryingModel(client, { ...DEFAULT_RETRIES, random: Math.random }, deps.clock);
  const { record } = options;
  if (record === null) return { client: retrying, close: () => Promise.resolve() };
  const sink = new ScriptFile(record);
  // A resumed run goes on with the recording of the run before it.
  const earlier = existsSync(record) ? await loadScript(record) : undefined;
  return { client: recordingModel(retrying, sink, earlier), close: () => sink.close() };
}

/** A key is needed, and said to be, only where not everything is played. */
function routed(models: readonly string[], deps: ModelDeps): ModelClient {
  const files = models.filter(isScript).map(scriptFileOf);
  const gone = files.find((file) => !existsSync(file));
  if (gone !== undefined) throw new CountersignError("notFound", `The script ${gone}, which plays this task, is gone. Nothing was run. Name another one with --model script:FILE, or a model.`);
  if (files.length === 0) return anthropic(deps);
  const scripts = scriptRoute(deps.clock, delayIn(deps.env));
  if (files.length === models.length) return routedModel([scripts]);
  const api = anthropic(deps);
  return routedModel([scripts, { prefix: "", open: () => Promise.resolve(api) }]);
}

async function scripted(model: string, { env, clock }: ModelDeps): Promise<ModelClient> {
  return new ScriptedModel(await loadScript(scriptFileOf(model)), { clock, chunkDelayMs: delayIn(env) });
}

function delayIn(env: ModelDeps["env"]): number {
  const delay = env["COUNTERSIGN_SCRIPT_DELAY_MS"];
  return delay === undefined ? CHUNK_DELAY_MS : Number(delay);
}

function anthropic({ env, logger, settings }: ModelDeps): ModelClient {
  const apiKey = env["ANTHROPIC_API_KEY"];
  const authToken = env["ANTHROPIC_AUTH_TOKEN"];
  const baseUrl = env["ANTHROPIC_BASE_URL"];
  const idleTimeoutMs = settings.modelTimeout === undefined ? undefined : settings.modelTimeout * 1000;
  if (!apiKey && !authToken && !baseUrl) throw new CountersignError("noModel", NO_MODEL);
  // Loading starts now and is awaited by the first request, while the worktree is being made.
  const loading = import("../adapters/model/anthropicModel").then(({ createAnthropicModel }) =>
    createAnthropicModel({ apiKey, authToken, baseUrl, idleTimeoutMs, logger }),
  );
  loading.catch((error: unknown) => logger.warn("the model client could not be loaded", { error: String(error) }));
  return {
    async *stream(request, signal) {
      yield* (await loading).stream(request, signal);
    },
  };
}
