import type { Disposable } from "vscode";
import type { Host } from "../host";

export function registerReview(_host: Host): readonly Disposable[] {
  return [];
}
