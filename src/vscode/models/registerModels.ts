import type { Disposable } from "vscode";
import type { Host } from "../host";

export function registerModels(_host: Host): readonly Disposable[] {
  return [];
}
