// Messages that hold nothing up: shown, with buttons that do something, and forgotten. What a button does may fail, and
// that is told like the failure of a command.
import { window } from "vscode";
import type { Host } from "./host";
import { report } from "./run";
import { messageText } from "./messageText";

export type Actions = Readonly<Record<string, () => unknown>>;

export function inform(host: Host, text: string, actions: Actions = {}): void {
  follow(host, window.showInformationMessage(messageText(text), ...Object.keys(actions)), actions);
}

export function warn(host: Host, text: string, actions: Actions = {}): void {
  follow(host, window.showWarningMessage(messageText(text), ...Object.keys(actions)), actions);
}

function follow(host: Host, message: Thenable<string | undefined>, actions: Actions): void {
  Promise.resolve(message)
    .then((chosen) => (chosen === undefined ? undefined : actions[chosen]?.()))
    .catch((error: unknown) => report(host, error))
    .catch((error: unknown) => host.log.error(String(error)));
}
