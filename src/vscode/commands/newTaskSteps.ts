// The questions of New Task, one a step. Each shows what is known and changes nothing else.
import { ThemeIcon, TabInputText, commands, window, workspace, type WorkspaceFolder } from "vscode";
import type { Category, VerificationProfile } from "../../core/domain/task";
import type { TaskDesk } from "../../core/desk/taskDesk";
import { pickOne, type Choice } from "../ask";
import { OWN_SETTINGS } from "../config";
import type { Host } from "../host";
import { report } from "../run";
import { askText } from "./askText";
import { firstLineOf } from "./lines";
import { pathOnDesk } from "./paths";
import { pickFiles } from "./pickFiles";
import type { Answer, Place, Step } from "./steps";
import { typeOf, type TaskDraft } from "./taskDraft";

const TITLE = "New Task";

export interface TextHint {
  /** What the task is about, or where its text comes from. */
  readonly hint: string;
  /** The person wants to write it in a document. */
  readonly onDocument: (draft: TaskDraft) => void;
}

export function folderStep(folders: readonly WorkspaceFolder[]): Step<TaskDraft> {
  return {
    applies: () => folders.length > 1,
    ask: async (draft, place) => {
      const items = folders.map((folder): Choice<WorkspaceFolder> => ({ label: `$(root-folder) ${folder.name}`, description: folder.uri.fsPath, value: folder }));
      const active = draft.folder === null ? {} : { active: draft.folder };
      const answer = await pickOne(items, { title: TITLE, placeholder: "In which folder?", ...asked(place), ...active });
      return answer.kind === "picked" ? next({ ...draft, folder: answer.value }) : { kind: answer.kind, state: draft };
    },
  };
}

export function textStep(host: Host, { hint, onDocument }: TextHint): Step<TaskDraft> {
  return {
    applies: () => true,
    ask: async (draft, place) => {
      const example = "Add a --json flag to the list command";
      const answer = await askText(host, { title: TITLE, hint, example, text: draft.text, ...asked(place) });
      const state = { ...draft, text: answer.text };
      if (answer.kind === "written") return next(state);
      if (answer.kind === "document") onDocument(state);
      return { kind: answer.kind === "back" ? "back" : "left", state };
    },
  };
}

const CATEGORIES: readonly Choice<Category>[] = [
  { label: "$(checklist) PREP", description: "planned and verified", detail: "Plan, contract of checks, work, and a verification that tries to break it", value: "PREP" },
  { label: "$(zap) DISPATCH", description: "done at once", detail: "One agent does it; nobody verifies it but you", value: "DISPATCH" },
  { label: "$(account) YOURS", description: "never run", detail: "You do it yourself; it stands in the list until you mark it as done", value: "YOURS" },
];

export function categoryStep(host: Host): Step<TaskDraft> {
  return {
    applies: () => true,
    ask: async (draft, place) => {
      const standard = host.config.defaultCategory;
      const items = CATEGORIES.map((item) => ({ ...item, ...notesOn(item, draft, standard) }));
      const change = { iconPath: new ThemeIcon("gear"), tooltip: "Change the default category" };
      const answer = await pickOne(items, {
        title: `${TITLE}: ${firstLineOf(draft.text)}`,
        placeholder: "How shall it be done?",
        active: draft.category,
        buttons: [change],
        onButton: () => open(host, `${OWN_SETTINGS} default category`),
        ...asked(place),
      });
      return answer.kind === "picked" ? next({ ...draft, category: answer.value }) : { kind: answer.kind, state: draft };
    },
  };
}

/** What is particular about a category here and now. */
function notesOn({ value, description = "", detail = "" }: Choice<Category>, draft: TaskDraft, standard: Category): { readonly description: string; readonly detail: string } {
  const isLong = value === "DISPATCH" && typeOf({ ...draft, category: value }) === "multi_agent";
  return {
    description: value === standard ? `${description} · your default` : description,
    detail: isLong ? "Its description is long, so it is planned and verified after all" : detail,
  };
}

const PROFILES: readonly Choice<VerificationProfile>[] = [
  { label: "$(code) Code", detail: "Tests, types and linters of the repository; behaviour from the outside", value: "code" },
  { label: "$(terminal) Automation", detail: "Scripts and pipelines: a syntax check and a dry run before anything else", value: "automation" },
  { label: "$(table) Data", detail: "Queries and data sets: totals, ranges and what must not be missing", value: "data" },
  { label: "$(book) Report", detail: "Documents: required sections, recalculated figures, no TODO and TBD left", value: "report" },
];

/** Only a contract asks for it. */
export const profileStep: Step<TaskDraft> = {
  applies: (draft) => typeOf(draft) === "multi_agent",
  ask: async (draft, place) => {
    const answer = await pickOne(PROFILES, { title: `${TITLE}: ${firstLineOf(draft.text)}`, placeholder: "Which checks suit it?", active: draft.profile, ...asked(place) });
    return answer.kind === "picked" ? next({ ...draft, profile: answer.value }) : { kind: answer.kind, state: draft };
  },
};

export function filesStep(deskOf: (draft: TaskDraft) => Promise<TaskDesk>): Step<TaskDraft> {
  return {
    applies: () => true,
    ask: async (draft, place) => {
      const files = deskOf(draft).then(async (desk) => ({ all: await desk.files.visible(), open: await openFiles(desk.root) }));
      const options = { title: `${TITLE}: ${firstLineOf(draft.text)}`, placeholder: "Files that matter, if any; agents find the others. Enter goes on", ...asked(place) };
      const answer = await pickFiles(files, draft.attachments, options);
      return answer.kind === "picked" ? next({ ...draft, attachments: answer.value }) : { kind: answer.kind, state: draft };
    },
  };
}

/** Files of the repository that are open in an editor, in the order of their tabs. */
async function openFiles(root: string): Promise<readonly string[]> {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  const files = tabs.flatMap(({ input }) => (input instanceof TabInputText && input.uri.scheme === "file" ? input.uri.fsPath : []));
  const paths = await Promise.all(files.map((file) => pathOnDesk(root, file)));
  return [...new Set(paths.flatMap((path) => path ?? []))].filter((path) => path !== "" && !path.startsWith(".countersign/"));
}

export function next(state: TaskDraft): Answer<TaskDraft> {
  return { kind: "next", state };
}

export function asked({ step, of, canGoBack }: Place): { readonly place: { readonly step: number; readonly of: number }; readonly canGoBack: boolean } {
  return { place: { step, of }, canGoBack };
}

function open(host: Host, settings: string): void {
  Promise.resolve(commands.executeCommand("workbench.action.openSettings", settings)).catch((error: unknown) => report(host, error));
}

/** The folder of the active editor, where it is one of them. */
export function activeFolder(folders: readonly WorkspaceFolder[]): WorkspaceFolder | null {
  const uri = window.activeTextEditor?.document.uri;
  const found = uri === undefined ? undefined : workspace.getWorkspaceFolder(uri);
  return folders.find((folder) => folder.uri.toString() === found?.uri.toString()) ?? folders[0] ?? null;
}
