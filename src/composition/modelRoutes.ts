// How the models of a long-lived host are opened: scripts by their file, everything else through Anthropic's API. The SDK
// is loaded when a model is first asked.
import { existsSync } from "node:fs";
import { loadScript } from "../adapters/model/script";
import { CHUNK_DELAY_MS, ScriptedModel } from "../adapters/model/scriptedModel";
import { CountersignError } from "../core/domain/errors";
import { SCRIPT_PREFIX, scriptFileOf } from "../core/domain/scriptModel";
import type { ModelRoute } from "../core/engine/routedModel";
import type { Clock } from "../core/ports/clock";
import type { Logger } from "../core/ports/logger";
import type { ModelClient } from "../core/ports/modelClient";

export interface Credentials {
  readonly apiKey?: string | undefined;
  readonly authToken?: string | undefined;
  /** A compatible server; the vendor's own when missing. */
  readonly baseUrl?: string | undefined;
}

/** Where the key comes from; asked at every request, because it can be set, changed or removed meanwhile. */
export interface ModelAccess {
  /** null: nothing is set up. */
  credentials(): Promise<Credentials | null>;
  /** Says what to do where nothing is set up. */
  readonly advice: string;
  /** Where a person sets key and base URL, as parts of a sentence; default: the environment. */
  readonly settings?: { readonly key: string; readonly baseUrl: string };
}

export function scriptRoute(clock: Clock, chunkDelayMs = CHUNK_DELAY_MS): ModelRoute {
  const open = new Map<string, Promise<ModelClient>>();
  return {
    prefix: SCRIPT_PREFIX,
    open: async (model) => {
      const file = scriptFileOf(model);
      if (!existsSync(file)) throw new CountersignError("notFound", `There is no script ${file}. Choose another model for this task.`);
      const client = open.get(file) ?? loadScript(file).then((script) => new ScriptedModel(script, { clock, chunkDelayMs }));
      open.set(file, client);
      // A script that cannot be read now may be mended.
      client.catch(() => open.delete(file));
      return client;
    },
  };
}

export function anthropicRoute(access: ModelAccess, options: { readonly logger: Logger; readonly idleTimeoutMs: () => number }): ModelRoute {
  let current: { readonly key: string; readonly client: Promise<ModelClient> } | null = null;
  return {
    prefix: "",
    open: async () => {
      const credentials = await access.credentials();
      if (credentials === null) throw new CountersignError("noModel", access.advice);
      const idleTimeoutMs = options.idleTimeoutMs();
      const key = JSON.stringify([credentials, idleTimeoutMs]);
      if (current?.key !== key) {
        const { logger } = options;
        const client = import("../adapters/model/anthropicModel").then(({ createAnthropicModel }) =>
          createAnthropicModel({ ...credentials, idleTimeoutMs, logger, settings: access.settings }),
        );
        current = { key, client };
      }
      return current.client;
    },
  };
}
