// Picks the model client: a script, or Anthropic's API when there is a key. The SDK is loaded only when it is used.
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
import { SCRIPT_PREFIX } from "../core/domain/scriptModel";
import { isScript } from "./settings";
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

/** Throws CountersignError `noModel` with what to set. */
export async function openModel(options: Pick<ModelOptions, "model" | "record">, deps: ModelDeps): Promise<OpenModel> {
  const client = isScript(options.model) ? await scripted(options.model, deps) : anthropic(deps);
  const retrying = retryingModel(client, { ...DEFAULT_RETRIES, random: Math.random }, deps.clock);
  const { record } = options;
  if (record === null) return { client: retrying, close: () => Promise.resolve() };
  const sink = new ScriptFile(record);
  // A resumed run goes on with the recording of the run before it.
  const earlier = existsSync(record) ? await loadScript(record) : undefined;
  return { client: recordingModel(retrying, sink, earlier), close: () => sink.close() };
}

async function scripted(model: string, { env, clock }: ModelDeps): Promise<ModelClient> {
  const script = await loadScript(model.slice(SCRIPT_PREFIX.length));
  const delay = env["COUNTERSIGN_SCRIPT_DELAY_MS"];
  return new ScriptedModel(script, { clock, chunkDelayMs: delay === undefined ? CHUNK_DELAY_MS : Number(delay) });
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
