// Does what a page asks for beside being fed: runs the commands, opens files, fetches outputs.
import { Uri, commands } from "vscode";
import type { CheckResult } from "../../core/domain/contract";
import type { TaskId } from "../../core/domain/task";
import type { Ref, ToHost, ToPage } from "../../shared/protocol";
import type { Host } from "../host";
import { report } from "../run";
import type { HasTarget } from "../taskRef";
import { DOCUMENT_COMMANDS, GLOBAL_COMMANDS, TASK_COMMANDS } from "./pageCommands";

type Request = Extract<ToHost, { readonly kind: "act" | "actGlobally" | "openDocument" | "openChange" | "openOutput" | "output" }>;

export class PageRequests {
  constructor(
    private readonly host: Host,
    private readonly post: (message: ToPage) => void,
  ) {}

  /** Resolves when it is done; what goes wrong is told to the person. */
  async handle(request: Request): Promise<void> {
    try {
      await this.#do(request);
    } catch (error) {
      await report(this.host, error);
    } finally {
      if (request.kind === "act" || request.kind === "actGlobally") this.post({ kind: "acted", request: request.request });
    }
  }

  async #do(request: Request): Promise<void> {
    switch (request.kind) {
      case "act": {
        const { ref, action, session } = request;
        return run(TASK_COMMANDS[action], targetOf(ref, session === null ? {} : { session }));
      }
      case "actGlobally":
        if (request.action === "retryFolders") return this.host.desks.retry();
        return run(GLOBAL_COMMANDS[request.action]);
      case "openDocument":
        return run(DOCUMENT_COMMANDS[request.document], targetOf(request.ref));
      case "openChange":
        return run("countersign.openChange", targetOf(request.ref, { path: request.path, attempt: request.attempt }));
      case "openOutput": {
        const { desk, view } = await this.host.desks.find(taskOf(request.ref));
        const file = resultOf(view.attempts, request)?.outputFile ?? null;
        if (file !== null) await commands.executeCommand("vscode.open", Uri.file(desk.files.planFile(view.request.id, file)));
        return;
      }
      case "output": {
        const { view } = await this.host.desks.find(taskOf(request.ref));
        this.post({ kind: "output", request: request.request, text: resultOf(view.attempts, request)?.outputExcerpt ?? null });
      }
    }
  }
}

async function run(command: string, target?: HasTarget): Promise<void> {
  await commands.executeCommand(command, ...(target === undefined ? [] : [target]));
}

function targetOf(ref: Ref, more: Partial<HasTarget["target"]> = {}): HasTarget {
  return { target: { ...taskOf(ref), ...more } };
}

function taskOf({ root, task }: Ref): { readonly root: string; readonly task: TaskId } {
  return { root, task: task as TaskId };
}

interface Checked {
  readonly attempt: number;
  readonly checks: readonly CheckResult[];
}

function resultOf(attempts: readonly Checked[], { attempt, check }: { readonly attempt: number; readonly check: string }): CheckResult | undefined {
  return attempts.find((one) => one.attempt === attempt)?.checks.find(({ checkId }) => checkId === check);
}
