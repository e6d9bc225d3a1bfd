import type { Disposable } from "vscode";
import type { Host } from "../host";

export function registerStatus(_host: Host): readonly Disposable[] {
  return [];
}
