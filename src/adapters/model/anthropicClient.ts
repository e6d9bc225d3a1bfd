// The SDK's client, as we use it: one endpoint, no retries, no tracing, no logging, credentials from us alone.
import { BaseAnthropic, type ClientOptions } from "@anthropic-ai/sdk/client";
import type { MessageCreateParamsStreaming } from "@anthropic-ai/sdk/resources/messages/messages";
import { nodeFetch, type Fetch } from "./nodeFetch";

export interface Credentials {
  readonly apiKey?: string | undefined;
  readonly authToken?: string | undefined;
  readonly baseUrl?: string | undefined;
}

/**
 * The SDK without its resources. The whole `Anthropic` class carries every endpoint and takes 25 ms to load instead of
 * 10, and `messages.create` prints to the console where a model is near its end.
 */
export class MessagesClient extends BaseAnthropic {
  /** Resolves at the headers; the body has not been read. */
  send(body: MessageCreateParamsStreaming, signal: AbortSignal): Promise<Response> {
    return this.post("/v1/messages", { body, signal, stream: true }).asResponse();
  }

  /** A page of the server's models, as it came; `after`: the last id of the page before. */
  models(after: string | null, signal: AbortSignal): Promise<unknown> {
    const query = { limit: MODELS_A_PAGE, ...(after === null ? {} : { after_id: after }) };
    return this.get<unknown>("/v1/models", { query, signal });
  }
}

/** The most that the API gives at once. */
const MODELS_A_PAGE = 1000;
const DEFAULT_BASE_URL = "https://api.anthropic.com";

export function messagesClient(credentials: Credentials, timeoutMs: number, fetch?: Fetch): MessagesClient {
  return new MessagesClient({
    ...authorization(credentials),
    baseURL: baseUrlOf(credentials),
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: "off",
    openTelemetry: false,
    fetch: fetch ?? nodeFetch(process.env),
  });
}

/** With or without a trailing `/v1`, which the SDK adds itself. */
export function baseUrlOf({ baseUrl }: Credentials): string {
  const trimmed = (baseUrl ?? "").trim().replace(/\/+$/, "").replace(/\/v1$/, "");
  return trimmed === "" ? DEFAULT_BASE_URL : trimmed;
}

/**
 * How a request proves who sends it:
 * - an API key goes to Anthropic's own API as the SDK sends it, `Authorization: Bearer`;
 * - to any other server it goes as `x-api-key` too, where older gateways look for it;
 * - an auth token goes as `Authorization: Bearer` only; a key wins over it, as in the SDK;
 * - with neither, as for a local server, nothing is sent, and the SDK does not look for credentials of its own.
 */
function authorization(credentials: Credentials): ClientOptions {
  const apiKey = nonEmpty(credentials.apiKey);
  const authToken = nonEmpty(credentials.authToken);
  if (apiKey !== null) {
    const own = baseUrlOf(credentials) === DEFAULT_BASE_URL;
    return { apiKey, ...(own ? {} : { defaultHeaders: { "x-api-key": apiKey } }) };
  }
  if (authToken !== null) return { authToken };
  return { apiKey: "none", defaultHeaders: { Authorization: null } };
}

function nonEmpty(value: string | undefined): string | null {
  const trimmed = (value ?? "").trim();
  return trimmed === "" ? null : trimmed;
}

/** Takes the credentials, and whatever looks like a key, out of a text that came from outside. */
export function redactor({ apiKey, authToken }: Credentials): (text: string) => string {
  const secrets = [nonEmpty(apiKey), nonEmpty(authToken)].filter((secret) => secret !== null && secret.length >= 4);
  return (text) => secrets.reduce<string>((clean, secret) => clean.replaceAll(secret ?? "", "***"), text).replace(/sk-ant-[\w-]{4,}/g, "***");
}
