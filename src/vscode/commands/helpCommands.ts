// Open Walkthrough, Open Settings, Show Log.
import { commands } from "vscode";
import { OWN_SETTINGS } from "../config";
import type { Host } from "../host";
import { tellShown } from "../milestones";
import { isRecord } from "../record";

export async function openWalkthrough(host: Host, argument: unknown): Promise<void> {
  const category = `${host.context.extension.id}#start`;
  const step = isRecord(argument) && typeof argument["step"] === "string" ? argument["step"] : null;
  await commands.executeCommand("workbench.action.openWalkthrough", step === null ? category : { category, step: `${category}#${step}` }, false);
  await tellShown();
}

/** `query`: what to look for among our settings. */
export async function openSettings(argument: unknown): Promise<void> {
  const query = isRecord(argument) && typeof argument["query"] === "string" ? ` ${argument["query"]}` : "";
  await commands.executeCommand("workbench.action.openSettings", `${OWN_SETTINGS}${query}`);
}

export function showLog(host: Host): void {
  host.log.show();
}
