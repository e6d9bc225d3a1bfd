// The key for Anthropic's API or a compatible server: asked for, tried, and kept in SecretStorage. It is never shown,
// logged, or written anywhere else.
import { ProgressLocation, commands, window, type MessageItem } from "vscode";
import type { ModelListing } from "../../core/ports/modelCatalog";
import type { Host } from "../host";
import { inform } from "../tell";
import { API_KEY_SECRET, baseUrlOf, keyOrigin } from "./access";

/** What came of it: kept and `works`, kept `untested` (nobody could say), or `notKept`. */
export type KeyResult = "works" | "untested" | "notKept";

export interface KeyOptions {
  /** Given by another extension or a script; asked for otherwise. */
  readonly key?: string;
  /** Whether it is kept also where it is refused or nobody answers; asked when left out. */
  readonly anyway?: boolean;
}

export async function setApiKey(host: Host, options: KeyOptions = {}): Promise<KeyResult> {
  for (;;) {
    const key = options.key?.trim() ?? (await askKey(host));
    if (key === undefined || key === "") return "notKept";
    const tried = await tryKey(host, key);
    if (tried === null) return "notKept";
    const decision = await decide(tried, options);
    if (decision === "again") continue;
    if (decision === "leave") return "notKept";
    await host.context.secrets.store(API_KEY_SECRET, key);
    tellKept(host, tried);
    return tried.kind === "listed" ? "works" : "untested";
  }
}

async function askKey(host: Host): Promise<string | undefined> {
  const server = serverName(host);
  const origin = await keyOrigin(host.context);
  const now = origin === null ? "" : origin === "stored" ? " It replaces the one that is set." : ` It is used instead of ${origin} of the environment.`;
  return window.showInputBox({
    title: "Countersign: Set API Key",
    prompt: `Key for ${server}. It is tried at once and kept in the editor’s secret storage.${now}`,
    placeHolder: baseUrlOf(host.config) === "" ? "sk-ant-…" : "The key of that server",
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => (/\s/.test(value.trim()) ? "A key has no spaces." : undefined),
  });
}

/** null: the person did not wait for the answer. */
async function tryKey(host: Host, key: string): Promise<ModelListing | null> {
  const baseUrl = baseUrlOf(host.config);
  const title = `Trying the key at ${serverName(host)}…`;
  const listing = await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (_progress, token) => {
    const controller = new AbortController();
    const listener = token.onCancellationRequested(() => controller.abort());
    try {
      return await host.catalog.list({ apiKey: key, ...(baseUrl === "" ? {} : { baseUrl }) }, controller.signal);
    } finally {
      listener.dispose();
    }
  });
  return listing.kind === "failed" && listing.failure.code === "cancelled" ? null : listing;
}

type Decision = "keep" | "again" | "leave";

interface Answer extends MessageItem {
  readonly decision: Decision;
}

async function decide(tried: ModelListing, options: KeyOptions): Promise<Decision> {
  if (tried.kind !== "failed") return "keep";
  if (options.anyway !== undefined) return options.anyway ? "keep" : "leave";
  const isRefused = tried.failure.code === "invalidKey" || tried.failure.code === "notPermitted";
  const what = isRefused ? "The key was refused" : "The key could not be tried";
  const answers: readonly Answer[] = [
    ...(options.key !== undefined ? [] : [{ title: "Try Another", decision: "again" as const }]),
    { title: "Keep Anyway", decision: "keep" },
  ];
  const chosen = await window.showWarningMessage(`${what} and is not kept. ${tried.failure.message}`, ...answers);
  return chosen?.decision ?? "leave";
}

function tellKept(host: Host, tried: ModelListing): void {
  const text = tried.kind === "listed" ? `The key works: ${tried.models.length} models.` : tried.kind === "noList" ? "The key is kept. The server has no list of models, so nothing is known about the key." : "The key is kept, untested.";
  inform(host, text, { "Choose Models": () => commands.executeCommand("countersign.chooseModels") });
}

export async function removeApiKey(host: Host): Promise<void> {
  const had = (await keyOrigin(host.context)) === "stored";
  await host.context.secrets.delete(API_KEY_SECRET);
  const left = await keyOrigin(host.context);
  const next = left === null ? "" : ` ${left} of the environment is used now.`;
  inform(host, had ? `The key is removed.${next}` : `No key was set.${next}`);
}

function serverName(host: Host): string {
  const baseUrl = baseUrlOf(host.config);
  if (baseUrl === "") return "Anthropic’s API";
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl;
}
