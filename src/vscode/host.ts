// What every part of the editor layer is given. Plain data, made once by extension.ts.
import type { ExtensionContext, LogOutputChannel } from "vscode";
import type { ModelCatalog } from "../core/ports/modelCatalog";
import type { Config } from "./config";
import type { Desks } from "./desks";
import type { DraftComments } from "./review/draftComments";

export interface Host {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly desks: Desks;
  readonly config: Config;
  readonly catalog: ModelCatalog;
  readonly drafts: DraftComments;
  /** Copies the bundled sample to an empty or missing folder and makes it a repository. */
  readonly prepareSample: (folder: string) => Promise<SampleFiles>;
}

export interface SampleFiles {
  readonly repo: string;
  /** Absolute path of the script that plays the models. */
  readonly script: string;
  /** The task's text. */
  readonly task: string;
}
