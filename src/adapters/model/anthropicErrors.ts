// Translates what the SDK throws, and what a stream reports, into model failures in words for a person.
import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
} from "@anthropic-ai/sdk/error";
import { messageOf } from "../../core/domain/errors";
import type { ModelFailure, ModelFailureCode } from "../../core/ports/modelClient";
import { modelFailure } from "./modelFailure";
import { retryAfterMs } from "./retryAfter";

export interface FailureContext {
  /** Host of the server, for messages. */
  readonly host: string;
  readonly model: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Takes keys out of a text that a server wrote. */
  readonly redact: (text: string) => string;
  readonly settings: SettingNames;
}

/** What a person changes to mend a request, as parts of a sentence: "Check …." */
export interface SettingNames {
  readonly key: string;
  readonly baseUrl: string;
}

export const IN_ENVIRONMENT: SettingNames = { key: "ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN", baseUrl: "ANTHROPIC_BASE_URL" };

/** What a server said about a failure, in a response's status and body or in a stream's error event. */
export interface Complaint {
  readonly status: number | null;
  readonly type: string;
  readonly errorCode: string;
  readonly text: string;
  readonly headers: Headers | null;
}

/** The complaint within an error of the SDK; null when the server did not get to say anything. */
export function complaintOf(error: unknown): Complaint | null {
  if (!(error instanceof APIError) || error instanceof APIConnectionError) return null;
  const { status, type, errorCode, apiMessage, headers, message } = error as APIError<number | undefined, Headers | undefined>;
  return { status: status ?? null, type: type ?? "", errorCode: errorCode ?? "", text: apiMessage ?? message, headers: headers ?? null };
}

/** The complaint in a body or event `{"type":"error","error":{…}}` that came with a success status. */
export function complaintIn(body: unknown): Complaint {
  const error: unknown = isRecord(body) ? body["error"] : null;
  const details = isRecord(error) && isRecord(error["details"]) ? error["details"] : {};
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const fallback = typeof error === "string" ? error : JSON.stringify(body);
  return {
    status: null,
    type: isRecord(error) ? text(error["type"]) : "",
    errorCode: text(details["error_code"]),
    text: (isRecord(error) ? text(error["message"]) : "") || fallback,
    headers: null,
  };
}

export function failureOfComplaint(complaint: Complaint, context: FailureContext): ModelFailure {
  const code = codeOf(complaint);
  const said = context.redact(complaint.text.trim()).slice(0, 500);
  const hint = complaint.headers?.get("x-should-retry");
  return modelFailure(code, `${explanation(code, complaint, context)} The server said: ${said === "" ? "nothing" : said}`, {
    retryAfterMs: complaint.headers === null ? null : retryAfterMs(complaint.headers, context.now),
    ...(hint === "false" && code !== "rateLimited" ? { retryable: false } : {}),
  });
}

/** A failure of the connection, before or after the headers. */
export function failureOfConnection(error: unknown, streaming: boolean, context: FailureContext): ModelFailure {
  const reason = reasonOf(error);
  const detail = context.redact(reason.text.includes(reason.code) ? reason.text : `${reason.code} ${reason.text}`.trim());
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/.test(reason.code)) {
    const message = `The certificate of ${context.host} is not trusted (${detail}). Behind a company proxy, set NODE_EXTRA_CA_CERTS.`;
    return modelFailure("unreachable", message, { retryable: false });
  }
  if (reason.code.startsWith("ERR_INVALID") || /invalid header value|is not a valid/i.test(reason.text)) {
    const { baseUrl, key } = context.settings;
    return modelFailure("badRequest", `The request cannot be sent (${detail}). Check ${baseUrl} and ${key}.`);
  }
  if (streaming || /ECONNRESET|EPIPE|ERR_STREAM|HPE_/.test(reason.code) || /socket hang up|terminated|other side closed/i.test(reason.text)) {
    return modelFailure("disconnected", `The connection to ${context.host} was lost ${streaming ? "mid-answer" : "before the answer began"} (${detail}).`);
  }
  return modelFailure("unreachable", `${context.host} cannot be reached (${detail}). Check the network, the proxy and ${context.settings.baseUrl}.`);
}

export function isTimeout(error: unknown): boolean {
  return error instanceof APIConnectionTimeoutError;
}

const BY_TYPE: Readonly<Record<string, ModelFailureCode>> = {
  invalid_request_error: "badRequest",
  request_too_large: "contextFull",
  authentication_error: "invalidKey",
  billing_error: "spendLimit",
  permission_error: "notPermitted",
  not_found_error: "modelNotFound",
  rate_limit_error: "rateLimited",
  overloaded_error: "overloaded",
  timeout_error: "serverError",
  conflict_error: "serverError",
  api_error: "serverError",
};

const BY_STATUS: Readonly<Record<number, ModelFailureCode>> = {
  401: "invalidKey",
  402: "spendLimit",
  403: "notPermitted",
  404: "modelNotFound",
  408: "serverError",
  409: "serverError",
  413: "contextFull",
  429: "rateLimited",
  529: "overloaded",
};

/** The stable error code first, then the status, then the type; words only where the API gives nothing else. */
function codeOf({ status, type, errorCode, text }: Complaint): ModelFailureCode {
  // Spend limits come as 429 with a code of their own, as 402, or as a 400 about the credit balance.
  if (/spend_limit|billing|credit/.test(errorCode) || type === "billing_error" || /credit balance is too low/i.test(text)) return "spendLimit";
  if (errorCode === "organization_on_hold") return "notPermitted";
  if ((status === 400 || status === null) && /prompt is too long|exceeds? (the )?context|context (window|length|limit)/i.test(text)) return "contextFull";
  if (status === null) return BY_TYPE[type] ?? "serverError";
  return BY_STATUS[status] ?? (status >= 500 ? "serverError" : "badRequest");
}

function explanation(code: ModelFailureCode, { status }: Complaint, { host, model, settings }: FailureContext): string {
  const answered = status === null ? `${host} broke off its answer` : `${host} answered ${status}`;
  switch (code) {
    case "invalidKey":
      return `${answered}: the key or token is not valid there. Check ${settings.key}.`;
    case "notPermitted":
      return `${answered}: this key may not do that.`;
    case "spendLimit":
      return `${answered}: the account has reached a spend limit or has no credit left. Raise it there, then resume.`;
    case "modelNotFound":
      return `${answered}: the model ${model} is not known there, or the base URL is wrong.`;
    case "contextFull":
      return `${answered}: the conversation is too long for ${model}.`;
    case "rateLimited":
      return `${answered}: too many requests or tokens for now.`;
    case "overloaded":
      return `${answered}: it is overloaded.`;
    case "serverError":
      return `${answered}: it has a problem of its own.`;
    default:
      return `${answered}: it does not accept the request.`;
  }
}

interface Reason {
  readonly code: string;
  readonly text: string;
}

/** The innermost error with a code: fetch and the SDK wrap it. */
function reasonOf(error: unknown): Reason {
  if (!(error instanceof Error)) return { code: "", text: String(error) };
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : error.cause;
  if (inner !== undefined) {
    const reason = reasonOf(inner);
    if (reason.code !== "") return reason;
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return { code, text: messageOf(error) };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
