// The command line's memory of what a person has allowed in a workspace: one JSON file a workspace, in the person's own
// configuration folder. What cannot be read is nothing allowed.
import { createHash } from "node:crypto";
import { mkdir, readFile, realpath } from "node:fs/promises";
import path from "node:path";
import * as z from "zod/mini";
import { parseWith } from "../../core/domain/schema";
import { messageOf } from "../../core/domain/errors";
import type { TaskId } from "../../core/domain/task";
import type { ApprovalStore, KeptApproval } from "../../core/ports/commandApproval";
import type { Logger } from "../../core/ports/logger";
import { withApproval, withoutApproval } from "../../core/approvals/keptApprovals";
import { atomicWrite } from "./atomicWrite";
import { errnoOf, ioError } from "./ioError";

const taskSchema = z.nullable(z.pipe(z.string(), z.transform((id) => id as TaskId)));
const approvalSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("line"), command: z.string(), task: taskSchema }),
  z.object({ kind: z.literal("entry"), entry: z.string(), task: taskSchema }),
  z.object({ kind: z.literal("setUp"), command: z.string(), dependsOn: z.string() }),
]);
const fileSchema = z.object({ version: z.literal(1), workspace: z.string(), approvals: z.array(approvalSchema) });

const HASH_CHARACTERS = 24;

export class ApprovalsFile implements ApprovalStore {
  /** One change at a time; never rejects. */
  #changing: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly file: string,
    private readonly workspace: string,
    private readonly logger: Logger,
  ) {}

  /** `folder`: of the person's configuration; `root`: the workspace, known by its real path. */
  static async of(folder: string, root: string, logger: Logger): Promise<ApprovalsFile> {
    const workspace = await realpath(root);
    const name = createHash("sha256").update(workspace).digest("hex").slice(0, HASH_CHARACTERS);
    return new ApprovalsFile(path.join(folder, "approvals", `${name}.json`), workspace, logger);
  }

  async all(): Promise<readonly KeptApproval[]> {
    try {
      const parsed = parseWith(fileSchema, JSON.parse(await readFile(this.file, "utf8")));
      if (parsed.ok && parsed.value.workspace === this.workspace) return parsed.value.approvals;
      this.logger.warn("the approvals of commands cannot be used", { file: this.file });
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") this.logger.warn("the approvals of commands could not be read", { file: this.file, error: messageOf(error) });
    }
    return [];
  }

  keep(approval: KeptApproval): Promise<void> {
    return this.#change((approvals) => withApproval(approvals, approval));
  }

  forget(approval: KeptApproval): Promise<void> {
    return this.#change((approvals) => withoutApproval(approvals, approval));
  }

  #change(change: (approvals: readonly KeptApproval[]) => readonly KeptApproval[]): Promise<void> {
    const mine = this.#changing.then(async () => this.#write(change(await this.all())));
    this.#changing = mine.catch(() => undefined);
    return mine;
  }

  async #write(approvals: readonly KeptApproval[]): Promise<void> {
    try {
      await mkdir(path.dirname(this.file), { recursive: true, mode: 0o700 });
      await atomicWrite(this.file, `${JSON.stringify({ version: 1, workspace: this.workspace, approvals }, null, 2)}\n`, 0o600);
    } catch (error) {
      throw ioError(error, { what: `${this.file} could not be written`, kept: "What was allowed counts for this command alone." });
    }
  }
}
