import type { Disposable } from "vscode";
import type { Host } from "../host";

export function registerDocuments(_host: Host): readonly Disposable[] {
  return [];
}
