// One model client over several: the id's prefix says which of them answers (`vscode:copilot/gpt-5`, `script:FILE#id`).
import type { ModelClient, ModelEvent, ModelRequest } from "../ports/modelClient";
import { NO_USAGE } from "../domain/usage";

export interface ModelRoute {
  /** Ids that start so; "" takes what is left. Tried in order. */
  readonly prefix: string;
  /** Asked at every request; keeps what it has opened. Rejects with `noModel` where nothing is set up: that ends the request only. */
  readonly open: (model: string) => Promise<ModelClient>;
}

export function routedModel(routes: readonly ModelRoute[]): ModelClient {
  return { stream: (request, signal) => route(routes, request, signal) };
}

async function* route(routes: readonly ModelRoute[], request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
  const found = routes.find(({ prefix }) => request.model.startsWith(prefix));
  let client: ModelClient;
  try {
    if (found === undefined) throw new Error(`No model client knows "${request.model}". Choose another model.`);
    client = await found.open(request.model);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    yield { kind: "failed", failure: { code: "modelNotFound", retryable: false, retryAfterMs: null, message }, usage: NO_USAGE };
    return;
  }
  yield* client.stream(request, signal);
}
