// Anthropic's Messages API, and servers compatible with it, as a model client. One request is one try: retries are
// made around it. Loaded lazily, because it brings the SDK.
import { NO_USAGE, type Usage } from "../../core/domain/usage";
import type { Logger } from "../../core/ports/logger";
import type { ModelListing } from "../../core/ports/modelCatalog";
import type { ModelClient, ModelEvent, ModelFailure, ModelRequest } from "../../core/ports/modelClient";
import { baseUrlOf, messagesClient, redactor, type Credentials, type MessagesClient } from "./anthropicClient";
import {
  complaintIn,
  complaintOf,
  failureOfComplaint,
  failureOfConnection,
  IN_ENVIRONMENT,
  isRecord,
  isTimeout,
  type FailureContext,
  type SettingNames,
} from "./anthropicErrors";
import { featuresOf, refusedFeatures, type Feature } from "./anthropicFeatures";
import { listModels } from "./anthropicModels";
import { wireRequest } from "./anthropicRequest";
import { Lifeline } from "./lifeline";
import { modelFailure } from "./modelFailure";
import type { Fetch } from "./nodeFetch";
import { DamagedEvent, serverEvents } from "./serverEvents";
import { StreamedMessage } from "./streamedMessage";

/** Silence, in ms, after which a request counts as stalled. Source: design, "Models". */
export const IDLE_TIMEOUT_MS = 120_000;
/** The SDK's own limit ends at the headers; ours comes first. */
const SDK_MARGIN_MS = 60_000;
/** How long the end of a response is waited for after its last event, ms, so that the connection can be used again. */
const TAIL_MS = 100;

export interface AnthropicOptions extends Credentials {
  readonly idleTimeoutMs?: number | undefined;
  readonly fetch?: Fetch | undefined;
  /** Where a person sets key and base URL; default: the environment. */
  readonly settings?: SettingNames | undefined;
  readonly logger: Logger;
}

export function createAnthropicModel(options: AnthropicOptions): ModelClient {
  return new AnthropicModel(options);
}

/** What the server has, asked now, once. Never throws. */
export function listAnthropicModels(options: Omit<AnthropicOptions, "logger" | "idleTimeoutMs">, signal: AbortSignal): Promise<ModelListing> {
  const { fetch, settings = IN_ENVIRONMENT } = options;
  const context = { host: hostOf(options), now: Date.now(), redact: redactor(options), settings };
  return listModels({ credentials: options, context, fetch, signal });
}

type Ended =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly failure: ModelFailure }
  /** The server does not know these: the same request goes out again without them. */
  | { readonly kind: "refused"; readonly features: readonly Feature[]; readonly failure: ModelFailure };

export class AnthropicModel implements ModelClient {
  private readonly client: MessagesClient;
  private readonly host: string;
  private readonly redact: (text: string) => string;
  private readonly idleTimeoutMs: number;
  /** What this server has refused, for the rest of this client's life. */
  private readonly missing = new Set<Feature>();

  constructor(private readonly options: AnthropicOptions) {
    this.idleTimeoutMs = options.idleTimeoutMs ?? IDLE_TIMEOUT_MS;
    this.client = messagesClient(options, this.idleTimeoutMs + SDK_MARGIN_MS, options.fetch);
    this.host = hostOf(options);
    this.redact = redactor(options);
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    for (;;) {
      const answer = new StreamedMessage(takenIds(request));
      const ended = yield* this.exchange(request, answer, signal);
      if (ended.kind === "refused") {
        const isNew = ended.features.filter((feature) => !this.missing.has(feature));
        for (const feature of isNew) this.missing.add(feature);
        this.options.logger.warn(`${this.host} does not take ${ended.features.join(", ")}: left out from now on`, { reason: ended.failure.message });
        continue;
      }
      yield ended.kind === "failed" ? failed(ended.failure, answer) : (answer.end() ?? failed(EMPTY, answer));
      return;
    }
  }

  private async *exchange(request: ModelRequest, answer: StreamedMessage, signal: AbortSignal): AsyncGenerator<ModelEvent, Ended> {
    const features = new Set([...featuresOf(request.model)].filter((feature) => !this.missing.has(feature)));
    const lifeline = new Lifeline(signal, this.idleTimeoutMs);
    let isOpen = true;
    try {
      if (signal.aborted) return { kind: "failed", failure: CANCELLED };
      const response = await this.client.send(wireRequest(request, features), lifeline.signal);
      lifeline.touch();
      const failure = isJson(response)
        ? yield* this.readWhole(response, request, answer)
        : yield* this.readStream(response, request, { answer, lifeline });
      isOpen = failure !== null;
      return failure === null ? { kind: "done" } : { kind: "failed", failure };
    } catch (error) {
      // Once the message is complete, how its connection ends is of no interest.
      if (answer.isComplete && lifeline.endedBy !== "cancelled") return { kind: "done" };
      return this.endOf(error, request, { answer, lifeline, features });
    } finally {
      lifeline.close(isOpen);
    }
  }

  private async *readStream(
    response: Response,
    request: ModelRequest,
    { answer, lifeline }: { readonly answer: StreamedMessage; readonly lifeline: Lifeline },
  ): AsyncGenerator<ModelEvent, ModelFailure | null> {
    let events = 0;
    for await (const event of serverEvents(response, () => answer.hasEnded || lifeline.touch())) {
      events += 1;
      if (event["type"] === "error") return failureOfComplaint(complaintIn(event), this.context(request));
      const hadEnded = answer.hasEnded;
      yield* answer.take(event);
      if (answer.hasEnded && !hadEnded) lifeline.finishWithin(TAIL_MS);
    }
    if (answer.isComplete) return null;
    if (events > 0) return failureOfConnection(new Error("the stream ended early"), true, this.context(request));
    const type = response.headers.get("content-type") ?? "no content type";
    return modelFailure("badRequest", `${this.host} answered with ${type} and no message: is the base URL right?`);
  }

  private async *readWhole(response: Response, request: ModelRequest, answer: StreamedMessage): AsyncGenerator<ModelEvent, ModelFailure | null> {
    const text = await response.text();
    let body: unknown;
    try {
      body = JSON.parse(text) as unknown;
    } catch (cause) {
      throw new DamagedEvent("the answer is no JSON", { cause });
    }
    if (!isRecord(body) || body["type"] === "error" || !Array.isArray(body["content"])) {
      return failureOfComplaint(complaintIn(body), this.context(request));
    }
    yield* answer.takeWhole(body);
    return null;
  }

  private endOf(
    error: unknown,
    request: ModelRequest,
    { answer, lifeline, features }: { readonly answer: StreamedMessage; readonly lifeline: Lifeline; readonly features: ReadonlySet<Feature> },
  ): Ended {
    if (lifeline.endedBy === "cancelled") return { kind: "failed", failure: CANCELLED };
    const streaming = answer.hasBegun;
    if (lifeline.endedBy === "stalled" || isTimeout(error)) return { kind: "failed", failure: this.stalled(streaming) };
    const complaint = complaintOf(error);
    if (complaint === null) {
      if (!(error instanceof DamagedEvent)) return { kind: "failed", failure: failureOfConnection(error, streaming, this.context(request)) };
      return { kind: "failed", failure: modelFailure("disconnected", `The answer of ${this.host} was damaged on its way: ${error.message}.`) };
    }
    const failure = failureOfComplaint(complaint, this.context(request));
    const mayMend = complaint.status === 400 || complaint.status === 422;
    const refused = mayMend && failure.code === "badRequest" ? refusedFeatures(complaint.text, features) : [];
    return refused.length === 0 ? { kind: "failed", failure } : { kind: "refused", features: refused, failure };
  }

  private stalled(streaming: boolean): ModelFailure {
    const seconds = this.idleTimeoutMs / 1000;
    const where = streaming ? "mid-answer" : "before it began to answer";
    return modelFailure("stalled", `${this.host} was silent for ${seconds} s ${where}.`);
  }

  private context(request: ModelRequest): FailureContext {
    return { host: this.host, model: request.model, now: Date.now(), redact: this.redact, settings: this.options.settings ?? IN_ENVIRONMENT };
  }
}

const CANCELLED = modelFailure("cancelled", "cancelled");
/** The same request asked again is mostly answered. */
const EMPTY = modelFailure("serverError", "The model answered with nothing.");

function failed(failure: ModelFailure, answer: StreamedMessage): Extract<ModelEvent, { readonly kind: "failed" }> {
  const usage: Usage = answer.hasBegun ? answer.usage : NO_USAGE;
  return { kind: "failed", failure, usage };
}

function hostOf(credentials: Credentials): string {
  const url = baseUrlOf(credentials);
  return URL.canParse(url) ? new URL(url).host : url;
}

function isJson(response: Response): boolean {
  return /^application\/([\w.]+\+)?json\b/i.test(response.headers.get("content-type") ?? "");
}

function takenIds({ messages }: ModelRequest): () => ReadonlySet<string> {
  let ids: ReadonlySet<string> | null = null;
  return () => {
    ids ??= new Set(messages.flatMap(({ content }) => content.flatMap((block) => (block.kind === "toolCall" ? [block.id] : []))));
    return ids;
  };
}
