// What every part of the editor layer is given. Plain data, made once by extension.ts.
import type { ExtensionContext, LogOutputChannel } from "vscode";
import type { ModelCatalog } from "../core/ports/modelCatalog";
import type { ApprovalQueue } from "../core/approvals/approvalQueue";
import type { ApprovalStore } from "../core/ports/commandApproval";
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
  /** Commands of all folders that wait for the person. */
  readonly approvals: ApprovalQueue;
  /** What the person has allowed in a folder; `root` as its desk calls it. */
  readonly approvalsIn: (root: string) => ApprovalStore;
  /** What protects the person in a folder, as Markdown. */
  readonly doctor: (folder: string | null, about: DoctorAbout) => Promise<string>;
  readonly prepareSample: (folder: string) => Promise<SampleFiles>;
}

export interface DoctorAbout {
  readonly isTrusted: boolean;
  /** Where the key or server comes from, in words; null: none. */
  readonly model: string | null;
}

export interface SampleFiles {
  readonly repo: string;
  /** Absolute path of the script that plays the models. */
  readonly script: string;
  /** The task's text. */
  readonly task: string;
}
