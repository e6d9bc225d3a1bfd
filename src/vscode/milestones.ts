// What somebody who gets started has done: the context keys by which the walkthrough ticks its steps.
import { commands } from "vscode";
import type { Host } from "./host";
import { lackOf } from "./models/access";
import { reachOf } from "./models/modelSetup";

const HAS_RUN = "countersign.sample.hasRun";

/** The sample has passed once, in whatever window. */
export async function rememberSample(host: Host): Promise<void> {
  await host.context.globalState.update(HAS_RUN, true);
  await tellSample(host);
}

export async function tellSample(host: Host): Promise<void> {
  await set("sampleRun", host.context.globalState.get(HAS_RUN) === true);
}

export async function tellModels(host: Host): Promise<void> {
  await set("hasModel", (await lackOf(host.config.models(), "multi_agent", reachOf(host))) === null);
}

/** The walkthrough has been shown: what was done before then counts from now on, too. It notices changes only. */
export async function tellShown(): Promise<void> {
  await set("walkthroughShown", true);
}

async function set(key: "sampleRun" | "hasModel" | "walkthroughShown", value: boolean): Promise<void> {
  await commands.executeCommand("setContext", `countersign.${key}`, value);
}
