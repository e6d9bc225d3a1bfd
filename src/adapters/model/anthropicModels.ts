// The list of models of Anthropic's API or a compatible server, asked once. It doubles as the test of a key.
import { messageOf } from "../../core/domain/errors";
import type { ListedModel, ModelListing } from "../../core/ports/modelCatalog";
import { messagesClient, type Credentials, type MessagesClient } from "./anthropicClient";
import { complaintOf, failureOfComplaint, failureOfConnection, isRecord, isTimeout, type FailureContext } from "./anthropicErrors";
import { modelFailure } from "./modelFailure";
import type { Fetch } from "./nodeFetch";

/** A person waits for the answer. */
const TIMEOUT_MS = 20_000;
/** Pages are followed this far: more models nobody chooses from. */
const MOST_PAGES = 10;
/** What servers without a list say to the question. */
const NO_SUCH_PAGE: ReadonlySet<number | null> = new Set([404, 405, 501]);

export interface ListRequest {
  readonly credentials: Credentials;
  readonly context: Omit<FailureContext, "model">;
  readonly fetch?: Fetch | undefined;
  readonly signal: AbortSignal;
}

/** Never throws. */
export async function listModels({ credentials, context, fetch, signal }: ListRequest): Promise<ModelListing> {
  if (signal.aborted) return CANCELLED;
  try {
    const models = await allPages(messagesClient(credentials, TIMEOUT_MS, fetch), signal);
    return models === null ? { kind: "noList" } : { kind: "listed", models };
  } catch (error) {
    return signal.aborted ? CANCELLED : failureOf(error, { ...context, model: "" });
  }
}

/** null where the server answers with something that is no list. */
async function allPages(client: MessagesClient, signal: AbortSignal): Promise<readonly ListedModel[] | null> {
  const models: ListedModel[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const body = await client.models(after, signal);
    if (!isRecord(body) || !Array.isArray(body["data"])) return null;
    models.push(...(body["data"] as readonly unknown[]).flatMap(modelOf));
    after = body["has_more"] === true && typeof body["last_id"] === "string" ? body["last_id"] : null;
    if (after === null) break;
  }
  return models;
}

function modelOf(entry: unknown): readonly ListedModel[] {
  if (!isRecord(entry) || typeof entry["id"] !== "string" || entry["lifecycle"] === "retired") return [];
  const { id, display_name: name, max_input_tokens: context, max_tokens: output } = entry;
  return [
    {
      id,
      name: typeof name === "string" && name !== "" ? name : id,
      contextTokens: typeof context === "number" ? context : null,
      outputTokens: typeof output === "number" ? output : null,
      lifecycle: entry["lifecycle"] === "deprecated" ? "deprecated" : "active",
    },
  ];
}

function failureOf(error: unknown, context: FailureContext): ModelListing {
  const complaint = complaintOf(error);
  if (complaint !== null) {
    if (NO_SUCH_PAGE.has(complaint.status)) return { kind: "noList" };
    return { kind: "failed", failure: failureOfComplaint(complaint, context) };
  }
  if (isTimeout(error)) return { kind: "failed", failure: modelFailure("unreachable", `${context.host} did not answer in ${TIMEOUT_MS / 1000} s.`) };
  // A page of a gateway instead of JSON.
  if (error instanceof SyntaxError) return { kind: "failed", failure: modelFailure("badRequest", `${context.host} answered with something that is no list of models (${context.redact(messageOf(error))}). Check ${context.settings.baseUrl}.`) };
  return { kind: "failed", failure: failureOfConnection(error, false, context) };
}

const CANCELLED: ModelListing = { kind: "failed", failure: modelFailure("cancelled", "cancelled") };
