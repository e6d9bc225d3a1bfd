// Where copies of the bundled sample are kept.
import path from "node:path";
import type { ExtensionContext } from "vscode";

export function samplesFolder({ globalStorageUri }: Pick<ExtensionContext, "globalStorageUri">): string {
  return path.join(globalStorageUri.fsPath, "samples");
}
