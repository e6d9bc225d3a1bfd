// The key for Anthropic's API or a compatible server: asked for, tried, and kept in SecretStorage. It is never shown,
// logged, or written anywhere else.
import { ProgressLocation, ThemeIcon, commands, window } from "vscode";
import type { ModelListing } from "../../core/ports/modelCatalog";
import { shown } from "../ask";
import type { Host } from "../host";
import { inform } from "../tell";
import { API_KEY_SECRET, baseUrlOf, keyOrigin } from "./access";

/** What came of it: kept and `works`, kept `untested` (nobody could say), or `notKept`. */
export type KeyResult = "works" | "untested" | "notKept";

export interface KeyOptions {
  /** Given by another extension or a script; asked for otherwise. */
  readonly key?: string;
  /** Whether a given one is kept also where it is refused or nobody answers; asked when left out. */
  readonly anyway?: boolean;
}

interface Tried {
  readonly key: string;
  readonly listing: ModelListing;
}

export async function setApiKey(host: Host, { key, anyway }: KeyOptions = {}): Promise<KeyResult> {
  const tried = key === undefined ? await askKey(host) : await tryGiven(host, key.trim(), anyway);
  if (tried === null) return "notKept";
  await host.context.secrets.store(API_KEY_SECRET, tried.key);
  tellKept(host, tried.listing);
  return tried.listing.kind === "listed" ? "works" : "untested";
}

const KEEP_ANYWAY = { iconPath: new ThemeIcon("check"), tooltip: "Keep it anyway" };

/** The box stays until there is a key that works, one is kept anyway, or the person leaves; then null. */
async function askKey(host: Host): Promise<Tried | null> {
  const box = window.createInputBox();
  box.title = "Countersign: Set API Key";
  box.prompt = await promptOf(host);
  box.placeholder = baseUrlOf(host.config) === "" ? "sk-ant-…" : "The key of that server";
  box.password = true;
  box.ignoreFocusOut = true;
  const leaving = new AbortController();
  let last: Tried | null = null;
  const answer = await shown<{ readonly kind: "kept"; readonly tried: Tried }>(box, (end, fail) => [
    box.onDidChangeValue((value) => {
      box.buttons = [];
      box.validationMessage = /\s/.test(value.trim()) ? "A key has no spaces." : undefined;
    }),
    box.onDidTriggerButton(() => {
      if (last !== null) end({ kind: "kept", tried: last });
    }),
    box.onDidAccept(() => {
      const key = box.value.trim();
      if (key === "" || /\s/.test(key) || box.busy) return;
      box.busy = true;
      box.enabled = false;
      list(host, key, leaving.signal)
        .then((listing) => {
          last = { key, listing };
          if (listing.kind !== "failed") return end({ kind: "kept", tried: last });
          box.validationMessage = whyNot(listing);
          box.buttons = [KEEP_ANYWAY];
        })
        .finally(() => {
          box.busy = false;
          box.enabled = true;
        })
        .catch(fail);
    }),
  ]);
  leaving.abort();
  return answer.kind === "kept" ? answer.tried : null;
}

async function promptOf(host: Host): Promise<string> {
  const origin = await keyOrigin(host.context);
  const now = origin === null ? "" : origin === "stored" ? " It replaces the one that is set." : ` It is used instead of ${origin} of the environment.`;
  return `Key for ${serverName(host)}. It is tried at once and kept in the editor’s secret storage.${now}`;
}

function whyNot({ failure }: Extract<ModelListing, { readonly kind: "failed" }>): string {
  const isRefused = failure.code === "invalidKey" || failure.code === "notPermitted";
  return `${isRefused ? "The key was refused" : "The key could not be tried"} and is not kept. ${failure.message}`;
}

async function tryGiven(host: Host, key: string, anyway: boolean | undefined): Promise<Tried | null> {
  if (key === "") return null;
  const title = `Trying the key at ${serverName(host)}`;
  const listing = await window.withProgress({ location: ProgressLocation.Window, title }, () => list(host, key, new AbortController().signal));
  if (listing.kind !== "failed" || anyway === true) return { key, listing };
  const keep = anyway === undefined && (await window.showWarningMessage(whyNot(listing), KEEP_ANYWAY.tooltip)) === KEEP_ANYWAY.tooltip;
  return keep ? { key, listing } : null;
}

function list(host: Host, apiKey: string, signal: AbortSignal): Promise<ModelListing> {
  const baseUrl = baseUrlOf(host.config);
  return host.catalog.list({ apiKey, ...(baseUrl === "" ? {} : { baseUrl }) }, signal);
}

function tellKept(host: Host, listing: ModelListing): void {
  const choose = { "Choose Models": () => commands.executeCommand("countersign.chooseModels") };
  if (listing.kind === "listed") return inform(host, `The key works: ${listing.models.length} models.`, choose);
  inform(host, listing.kind === "noList" ? "The key is kept. The server has no list of models, so nothing is known about the key." : "The key is kept, untested.", choose);
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
