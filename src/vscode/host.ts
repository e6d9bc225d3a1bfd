// What every part of the editor layer is given. Plain data, made once by extension.ts.
import type { ExtensionContext, LogOutputChannel } from "vscode";
import type { Config } from "./config";
import type { Desks } from "./desks";

export interface Host {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly desks: Desks;
  readonly config: Config;
}
