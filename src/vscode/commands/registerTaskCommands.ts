import type { Disposable } from "vscode";
import type { Host } from "../host";

export function registerTaskCommands(_host: Host): readonly Disposable[] {
  return [];
}
