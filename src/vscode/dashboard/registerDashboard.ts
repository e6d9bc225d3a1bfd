import type { Disposable } from "vscode";
import type { Host } from "../host";

export function registerDashboard(_host: Host): readonly Disposable[] {
  return [];
}
