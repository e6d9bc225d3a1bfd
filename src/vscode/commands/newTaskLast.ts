// The last question of New Task: what is going to run, and whether now. Every figure is a setting or a count of now.
import { dollars } from "../../shared/figures";
import { Uri, commands } from "vscode";
import { modelName } from "../../core/domain/scriptModel";
import type { TaskType } from "../../core/domain/task";
import type { TaskDesk } from "../../core/desk/taskDesk";
import { modelOf } from "../../core/roles/roleSettings";
import { ROLE_WORDS } from "../../shared/words";
import { heading, pickOne, type Choice, type Heading, type PickOneOptions, type Picked } from "../ask";
import type { Host } from "../host";
import { lackOf, rolesOf } from "../models/access";
import { reachOf, type Models } from "../models/modelSetup";
import { firstLineOf, listed } from "./lines";
import { asked, next } from "./newTaskSteps";
import type { Step } from "./steps";
import { typeOf, type TaskDraft } from "./taskDraft";

type Value = "run" | "create" | "approve" | "models";

export function lastStep(host: Host, deskOf: (draft: TaskDraft) => Promise<TaskDesk>): Step<TaskDraft> {
  return {
    applies: () => true,
    ask: async (draft, place) => {
      let state = draft;
      let active: Value = "run";
      for (;;) {
        const options: PickOneOptions<Value> = { title: `New Task: ${firstLineOf(state.text)}`, placeholder: summaryOf(state), active, ...asked(place) };
        const answer: Picked<Value> = await pickOne(itemsOf(host, state, await deskOf(state)), options);
        if (answer.kind !== "picked") return { kind: answer.kind, state };
        active = answer.value;
        if (answer.value === "approve") state = { ...state, approvePlan: !state.approvePlan };
        else if (answer.value === "models") await commands.executeCommand("countersign.chooseModels");
        else return next({ ...state, run: answer.value === "run" });
      }
    },
  };
}

function summaryOf(draft: TaskDraft): string {
  const { category, profile, attachments } = draft;
  const type = typeOf(draft);
  const files = attachments.length === 0 ? "" : ` · ${listed(attachments, 2)}`;
  return `${category}${type === "multi_agent" ? ` · ${profile}` : ""}${files}`;
}

async function itemsOf(host: Host, draft: TaskDraft, desk: TaskDesk): Promise<readonly (Choice<Value> | Heading)[]> {
  const type = typeOf(draft);
  if (type === null) return [{ label: "$(add) Create", detail: "It stands in the Tasks view until you mark it as done", value: "create" }];
  const scope = Uri.file(desk.root);
  const models = { ...host.config.models(scope), ...draft.models };
  const lack = await lackOf(models, type, reachOf(host));
  const settings = host.config.desk(scope);
  return [
    { label: "$(play) Create and run", description: placeInQueue(desk, settings.maxConcurrentTasks), detail: whatRuns(type, settings.maxRetries + 1, settings.budget.taskUsd), value: "run" },
    { label: "$(add) Create only", detail: "Run it from the Tasks view when you like", value: "create" },
    ...(type === "multi_agent" ? [approval(draft.approvePlan)] : []),
    heading(lack === null ? "Models" : lack.kind === "server" ? "Models: none is set up yet" : "Models: one is not there now"),
    ...modelItems(type, models, lack?.model ?? null),
  ];
}

function placeInQueue(desk: TaskDesk, places: number): string {
  const taken = desk.queue.running().length;
  if (taken < places) return "";
  const waiting = desk.queue.waiting().length;
  return `waits: ${taken} of ${places} places are taken${waiting === 0 ? "" : `, ${waiting} before it`}`;
}

function whatRuns(type: TaskType, attempts: number, budget: number): string {
  const limit = `stops before ${dollars(budget).replace(/\.00$/, "")}`;
  if (type === "single_agent") return `One agent, in a worktree of its own · ${limit}`;
  return `Plan → contract → work → verification · ${attempts === 1 ? "one attempt" : `at most ${attempts} attempts`} · ${limit}`;
}

function approval(isOn: boolean): Choice<Value> {
  return { label: `$(${isOn ? "check" : "circle-large-outline"}) Ask me to approve the plan first`, description: isOn ? "on" : "off", detail: "Plan and contract wait for you before work begins; you can edit them", value: "approve" };
}

/** Roles that ask the same model stand in one row. */
function modelItems(type: TaskType, models: Models, lacking: string | null): readonly Choice<Value>[] {
  const ids = [...new Set(rolesOf(type).map((role) => modelOf(models, role)))];
  return ids.map((id) => {
    const roles = rolesOf(type).filter((role) => modelOf(models, role) === id);
    const names = roles.map((role, index) => (index === 0 ? ROLE_WORDS[role] : ROLE_WORDS[role].toLowerCase()));
    return { label: `$(${id === lacking ? "warning" : "hubot"}) ${modelName(id)}`, description: listed(names, 4), value: "models" as const };
  });
}
