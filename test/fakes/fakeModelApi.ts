// The Messages API on 127.0.0.1, for driving the real SDK: it checks requests as strictly as the real one, streams,
// simulates the prompt cache, fails on demand, and keeps a record of every request. It never calls out.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { billedEquivalents, FakePromptCache, promptSize, type FakeUsage, type Wire } from "./fakeModelApiCache";
import { brokenRule } from "./fakeModelApiRules";
import { outputTokens, streamMessage, wholeMessage, type FakeAnswer } from "./fakeModelApiStream";

export interface StatusFault {
  readonly status: number;
  readonly type?: string;
  readonly message?: string;
  readonly errorCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent instead of an error of the API, e.g. a gateway's page. */
  readonly body?: string;
}

/** An answer, or what happens instead of one. */
export type FakeReply = FakeAnswer & {
  readonly fault?: StatusFault;
  readonly connection?: "resetBeforeHeaders" | "stallBeforeHeaders" | "stallAfterHeaders";
  /** The whole message as `application/json`, whatever was asked for. */
  readonly whole?: boolean;
  /** A 200 that is no message at all. */
  readonly page?: string;
};

export interface FakeRequest {
  /** 0-based, of those to /v1/messages. */
  readonly index: number;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Wire;
  /** Milliseconds, of `performance.now()`. */
  readonly at: number;
  /** When the response before it ended; null for the first one. */
  readonly previousEndAt: number | null;
}

export interface Recorded extends FakeRequest {
  readonly status: number;
  readonly usage: FakeUsage | null;
  readonly outputTokens: number;
  /** Input, in fresh input tokens: 1.25 for a five-minute write, 2 for a one-hour one, 0.1 for a read. */
  readonly billed: number;
}

export type Responder = (request: FakeRequest) => FakeReply | Promise<FakeReply>;

export interface FakeModelApiOptions {
  /** `noFeatures`: knows no cache_control, output_config and thinking. `noCacheUsage`: reports two token kinds only. */
  readonly compat?: "noFeatures" | "noCacheUsage";
  /** Keys that are let in; all when left out. */
  readonly keys?: readonly string[];
  /** Prompts below this many tokens are not cached. */
  readonly smallestCachedPrompt?: number;
  /** False lets requests through unchecked, for clients of others. */
  readonly strict?: boolean;
  readonly now?: () => number;
}

export class FakeModelApi {
  readonly requests: Recorded[] = [];
  private readonly server: Server;
  private readonly cache: FakePromptCache;
  private count = 0;
  private lastEndAt: number | null = null;

  private constructor(
    private readonly respond: Responder,
    private readonly options: FakeModelApiOptions,
  ) {
    this.cache = new FakePromptCache(options.smallestCachedPrompt ?? 1024, options.now ?? Date.now);
    this.server = createServer((request, response) => {
      this.serve(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))));
    });
  }

  /** `replies`: one for each request to /v1/messages in turn, the last one for ever; or a function. */
  static async start(replies: readonly FakeReply[] | Responder, options: FakeModelApiOptions = {}): Promise<FakeModelApi> {
    const respond = typeof replies === "function" ? replies : ({ index }: FakeRequest): FakeReply => replies[Math.min(index, replies.length - 1)] ?? {};
    const api = new FakeModelApi(respond, options);
    await new Promise<void>((resolve) => api.server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Milliseconds between the end of each response and the arrival of the request after it. */
  get gaps(): readonly number[] {
    return this.requests.flatMap(({ at, previousEndAt }) => (previousEndAt === null ? [] : [at - previousEndAt]));
  }

  /** Ends every connection, also those that hang. */
  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = performance.now();
    const text = await bodyOf(request);
    const path = new URL(request.url ?? "/", this.url).pathname;
    response.setHeader("request-id", `req_fake${String(this.count).padStart(6, "0")}`);
    const refusal = this.refusedAtTheDoor(request);
    if (refusal !== null) return sendError(response, refusal);
    if (path === "/v1/models") return sendJson(response, MODELS);
    const body = parsed(text);
    if (body === null) return sendError(response, { status: 400, message: "The request body is not valid JSON" });
    if (path === "/v1/messages/count_tokens") return sendJson(response, { input_tokens: promptSize(body) });
    if (path !== "/v1/messages") return sendError(response, { status: 404, type: "not_found_error", message: "Not found" });
    const previousEndAt = this.lastEndAt;
    const recorded = { index: this.count, path, headers: request.headers, body, at, previousEndAt };
    this.count += 1;
    response.once("finish", () => (this.lastEndAt = performance.now()));
    response.once("close", () => (this.lastEndAt = response.writableFinished ? this.lastEndAt : performance.now()));
    await this.answer(recorded, response);
  }

  private refusedAtTheDoor({ headers }: IncomingMessage): StatusFault | null {
    const { keys, strict } = this.options;
    const given = headers["x-api-key"] ?? /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
    if (keys !== undefined && !keys.includes(String(given))) {
      return { status: 401, type: "authentication_error", message: given === undefined ? "no key" : `invalid key ${String(given)}` };
    }
    if (strict === false || headers["anthropic-version"] !== undefined) return null;
    return { status: 400, message: "anthropic-version: header is required" };
  }

  private async answer(request: FakeRequest, response: ServerResponse): Promise<void> {
    const { body } = request;
    const note = (status: number, usage: FakeUsage | null, output = 0): void => {
      this.requests.push({ ...request, status, usage, outputTokens: output, billed: usage === null ? 0 : billedEquivalents(usage) });
    };
    const broken = this.options.strict === false ? null : (brokenRule(body) ?? this.unknownToThisServer(body));
    if (broken !== null) {
      note(400, null);
      return sendError(response, { status: 400, message: broken });
    }
    const reply = await this.respond(request);
    if (reply.fault !== undefined) {
      note(reply.fault.status, null);
      return sendError(response, reply.fault);
    }
    if (reply.connection === "resetBeforeHeaders" || reply.connection === "stallBeforeHeaders") {
      note(0, null);
      if (reply.connection === "resetBeforeHeaders") response.socket?.resetAndDestroy();
      return;
    }
    const usage = this.cache.use(body);
    note(200, usage, outputTokens(reply));
    const reported = this.options.compat === "noCacheUsage" ? { input_tokens: promptSize(body) } : usage;
    const envelope = { id: `msg_fake${request.index}`, model: body["model"], usage: reported };
    if (reply.page !== undefined) return void response.writeHead(200, { "content-type": "text/html" }).end(reply.page);
    if (reply.whole === true || body["stream"] !== true) return sendJson(response, wholeMessage(reply, envelope));
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache", ...LIMITS });
    response.flushHeaders();
    if (reply.connection === "stallAfterHeaders") return;
    await streamMessage(response, reply, envelope);
  }

  private unknownToThisServer(body: Wire): string | null {
    if (this.options.compat !== "noFeatures") return null;
    const field = ["output_config", "thinking"].find((key) => body[key] !== undefined);
    if (field !== undefined) return `${field}: Extra inputs are not permitted`;
    return JSON.stringify(body).includes('"cache_control"') ? "system.0.cache_control: Extra inputs are not permitted" : null;
  }
}

const LIMITS = { "anthropic-ratelimit-requests-limit": "50", "anthropic-ratelimit-requests-remaining": "49" };

const MODELS = {
  data: ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5"].map((id) => ({ type: "model", id, display_name: id, created_at: "2026-09-22T00:00:00Z" })),
  has_more: false,
  first_id: "claude-opus-5-5",
  last_id: "claude-haiku-5-5",
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): Wire | null {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? (body as Wire) : null;
  } catch {
    return null;
  }
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function sendError(response: ServerResponse, { status, type = "invalid_request_error", message = "refused", errorCode, headers, body }: StatusFault): void {
  const details = errorCode === undefined ? {} : { details: { error_code: errorCode } };
  const json = JSON.stringify({ type: "error", error: { type, message, ...details }, request_id: response.getHeader("request-id") });
  response.writeHead(status, { "content-type": body === undefined ? "application/json" : "text/html", ...headers }).end(body ?? json);
}
