// Which model each role asks: chosen from what the server lists now, else from the price table, and from the editor's
// own models, with price and size.
import { commands, lm, window, workspace } from "vscode";
import { messageOf } from "../../core/domain/errors";
import { modelName } from "../../core/domain/scriptModel";
import { ROLES, type Role } from "../../core/domain/task";
import type { PricedModel } from "../../core/domain/pricing";
import type { ModelListing } from "../../core/ports/modelCatalog";
import { ROLE_WORDS } from "../../shared/words";
import { heading, pickOne, type Choice, type Heading } from "../ask";
import { OWN_SETTINGS, type SettingTarget } from "../config";
import type { Host } from "../host";
import { inform } from "../tell";
import { credentialsOf, keyOrigin } from "./access";
import { editorModelId } from "./editorModels";
import { editorModelFacts, listedModels, pricedModels, priceText, UNKNOWN_PRICE, type ModelFacts } from "./modelItems";

const ROLE_WORK: Readonly<Record<Role, string>> = {
  planner: "researches and writes the plan",
  contract_negotiator: "turns criteria into checks",
  generator: "does the work",
  evaluator: "verifies the work, trying to break it",
  single_agent: "does a DISPATCH task alone",
  request_optimizer: "sharpens a mission's request",
  project_manager: "cuts a mission into tasks",
  preamble_writer: "briefs the workers and qcs of a mission",
  worker: "does a task of a mission",
  qc: "verifies a task of a mission",
  reporter: "sums a mission up",
};

type Roles = readonly Role[];

export interface ModelChoice {
  /** A role, or "all"; asked when left out. */
  readonly role?: Role | "all";
  /** Asked when left out. */
  readonly model?: string;
  /** User settings unless the workspace is said. */
  readonly target?: SettingTarget;
}

/** Goes on asking until the person has what they want. Returns what was set. */
export async function chooseModels(host: Host, choice: ModelChoice = {}): Promise<readonly Role[]> {
  if (choice.role !== undefined && choice.model !== undefined) {
    const roles = choice.role === "all" ? ROLES : [choice.role];
    await write(host, roles, choice.model, choice.target ?? "user");
    return roles;
  }
  const known = loadModels(host);
  const changed = new Set<Role>();
  for (;;) {
    const roles = choice.role === undefined ? await askRoles(host, known, changed) : choice.role === "all" ? ROLES : [choice.role];
    if (roles === null) break;
    const model = choice.model ?? (await askModel(host, known, roles));
    const target = model === null ? null : await askTarget(host, roles, choice);
    if (model !== null && target !== null) {
      await write(host, roles, model, target);
      for (const role of roles) changed.add(role);
    }
    if (choice.role !== undefined) break;
  }
  return [...changed];
}

async function write(host: Host, roles: Roles, model: string, target: SettingTarget): Promise<void> {
  for (const role of roles) await host.config.set(`models.${role}`, model, target);
  const overruled = target === "user" && roles.some((role) => host.config.isSetInWorkspace(`models.${role}`));
  if (overruled) inform(host, "Saved in your user settings. In this workspace another model counts: its own settings name one.", { "Open Workspace Settings": () => commands.executeCommand("workbench.action.openWorkspaceSettings", `${OWN_SETTINGS} models`) });
}

interface KnownModels {
  readonly server: readonly ModelFacts[];
  /** Where the list comes from, as a heading. */
  readonly source: string;
  readonly editor: readonly ModelFacts[];
  readonly priced: readonly PricedModel[];
}

async function loadModels(host: Host): Promise<KnownModels> {
  const [priced, listing, chats, origin] = await Promise.all([host.catalog.priced(host.config.prices), serverList(host), editorChats(host), keyOrigin(host.context)]);
  const editor = chats.map((chat) => editorModelFacts({ ...factsOf(chat), id: editorModelId(chat) }, priced));
  if (listing?.kind === "listed") {
    return { server: listedModels(listing.models, priced), source: `Listed by the server now (key: ${origin === "stored" ? "secret storage" : (origin ?? "none")})`, editor, priced };
  }
  const why = listing === null ? "no key is set" : listing.kind === "noList" ? "the server has no list" : "the server could not be asked";
  return { server: pricedModels(priced), source: `Anthropic’s API (${why})`, editor, priced };
}

async function serverList(host: Host): Promise<ModelListing | null> {
  const credentials = await credentialsOf(host.context, host.config);
  if (credentials === null) return null;
  const listing = await host.catalog.list(credentials, new AbortController().signal);
  if (listing.kind === "failed") host.log.warn(`The models could not be listed: ${listing.failure.message}`);
  return listing;
}

type Chat = Awaited<ReturnType<typeof lm.selectChatModels>>[number];

async function editorChats(host: Host): Promise<readonly Chat[]> {
  try {
    return await lm.selectChatModels();
  } catch (error) {
    host.log.warn(`The editor's own models could not be listed: ${messageOf(error)}`);
    return [];
  }
}

function factsOf({ name, vendor, family, maxInputTokens }: Chat): { readonly name: string; readonly vendor: string; readonly family: string; readonly maxInputTokens: number } {
  return { name, vendor, family, maxInputTokens };
}

async function askRoles(host: Host, known: Promise<KnownModels>, changed: ReadonlySet<Role>): Promise<Roles | null> {
  const models = host.config.models();
  const { priced } = await known;
  const items: readonly (Choice<Roles> | Heading)[] = [
    { label: "$(organization) All roles", detail: "One model for everything", value: ROLES },
    heading("One role"),
    ...ROLES.map((role): Choice<Roles> => ({
      label: `$(${changed.has(role) ? "check" : "person"}) ${ROLE_WORDS[role]}`,
      description: modelName(models[role]),
      detail: `${ROLE_WORK[role]} · ${factOf(models[role], priced)}`,
      value: [role],
    })),
  ];
  const answer = await pickOne(items, { title: "Choose Models", placeholder: changed.size > 0 ? "Choose for another role, or press Escape when you are done" : "For which role?" });
  return answer.kind === "picked" ? answer.value : null;
}

function factOf(model: string, priced: readonly PricedModel[]): string {
  const known = priced.find(({ id }) => id === model);
  return known === undefined ? UNKNOWN_PRICE : priceText(known);
}

const OTHER = "";

async function askModel(host: Host, known: Promise<KnownModels>, roles: Roles): Promise<string | null> {
  const models = host.config.models();
  const [first] = roles;
  const ids = new Set(roles.map((role) => models[role]));
  const current = ids.size === 1 && first !== undefined ? models[first] : undefined;
  // Where the roles differ, the one that does most of the work is the best guess.
  const active = current ?? models.generator;
  const title = roles.length > 1 ? "Model of All Roles" : `Model of the ${ROLE_WORDS[first ?? "generator"]}`;
  const items = known.then(({ server, source, editor }): readonly (Choice<string> | Heading)[] => [
    heading(source),
    ...server.map((facts) => itemOf(facts, current)),
    heading(editor.length === 0 ? "The editor’s own models: none (sign in to a provider such as Copilot to have some)" : "The editor’s own models"),
    ...editor.map((facts) => itemOf(facts, current)),
    heading("Another one"),
    { label: "$(edit) Type a model’s id…", detail: "For a compatible server with models of its own", value: OTHER },
  ]);
  const answer = await pickOne(items, { title, placeholder: "Choose a model", canGoBack: true, active });
  if (answer.kind !== "picked") return null;
  return answer.value === OTHER ? typed(title, current ?? "") : answer.value;
}

function itemOf({ id, name, facts }: ModelFacts, current: string | undefined): Choice<string> {
  return { label: name, description: `${name === id ? "" : id}${id === current ? " $(check) now" : ""}`, detail: facts, value: id };
}

async function typed(title: string, value: string): Promise<string | null> {
  const validateInput = (text: string): string | undefined => (text.trim() === "" || /\s/.test(text.trim()) ? "An id is one word." : undefined);
  const id = await window.showInputBox({ title, value, prompt: "The id by which the server knows the model", ignoreFocusOut: true, validateInput });
  return id === undefined ? null : id.trim();
}

async function askTarget(host: Host, roles: Roles, { target }: ModelChoice): Promise<SettingTarget | null> {
  if (target !== undefined) return target;
  if ((workspace.workspaceFolders ?? []).length === 0 || !workspace.isTrusted) return "user";
  const overruled = roles.some((role) => host.config.isSetInWorkspace(`models.${role}`));
  const items: readonly Choice<SettingTarget>[] = [
    { label: "$(account) Everywhere", detail: overruled ? "In your user settings; this workspace’s own settings name another model, which counts here" : "In your user settings", value: "user" },
    { label: "$(root-folder) In this workspace", detail: "In the settings of this workspace, which others may share", value: "workspace" },
  ];
  const answer = await pickOne<SettingTarget>(items, { title: "Where Does It Count?", canGoBack: true, active: overruled ? "workspace" : "user" });
  return answer.kind === "picked" ? answer.value : null;
}
