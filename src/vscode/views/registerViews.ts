import type { Disposable } from "vscode";
import type { Host } from "../host";

export function registerViews(_host: Host): readonly Disposable[] {
  return [];
}
