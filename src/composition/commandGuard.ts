// Puts the guard before a command runner: what a host brings to ask people and to remember their answers. No logic of
// its own beyond which commands are the person's own words.
import { readFile } from "node:fs/promises";
import { CommandGuard } from "../core/approvals/commandGuard";
import type { CommandJudge } from "../core/approvals/judge";
import { noApproval } from "../core/approvals/noApproval";
import type { TaskRequest } from "../core/domain/task";
import type { HarnessDeps } from "../core/engine/engineDeps";
import type { CommandPolicy } from "../core/policy/commandPolicy";
import type { ApprovalStore, CommandApproval } from "../core/ports/commandApproval";
import type { CommandRunner, CommandSpec } from "../core/ports/commandRunner";
import type { Logger } from "../core/ports/logger";
import type { ProtectionProbe } from "../core/ports/protection";

/** How a host lets commands run that no sandbox confines. */
export interface CommandConsent {
  readonly approval: CommandApproval;
  readonly approvals: ApprovalStore;
  /** The person's own, never a repository's; asked before every command. */
  readonly policy: () => CommandPolicy;
  /** Why a command is the person's own wish, word for word, as a sentence; null where it is not. */
  readonly own: (spec: Pick<CommandSpec, "command" | "purpose">, request: TaskRequest) => string | null;
}

/** Nobody is asked, nothing is remembered, nothing is allowed. */
export const NO_CONSENT: CommandConsent = {
  approval: noApproval(() => "This host asks nobody."),
  approvals: { all: () => Promise.resolve([]), keep: () => Promise.resolve(), forget: () => Promise.resolve() },
  policy: () => ({ allow: [], deny: [] }),
  own: () => null,
};

interface Guarded {
  readonly root: string;
  readonly runner: CommandRunner;
  readonly protection: ProtectionProbe;
  readonly consent: CommandConsent;
  readonly logger: Logger;
}

export function guardedCommands({ consent, ...deps }: Guarded): HarnessDeps["commandsFor"] {
  const { approval, approvals, policy, own } = consent;
  const guard = new CommandGuard({ ...deps, approval, approvals, policy, judge: commandJudge, shell: process.platform === "win32" ? "cmd" : "sh" });
  return ({ request, note }) => guard.runnerFor({ task: request.id, title: request.title, own: (spec) => own(spec, request), note });
}

/** Reads command lines; a bundle of its own, as the shell parser is. */
export async function commandJudge(): Promise<CommandJudge> {
  return (await import("../core/approvals/judge")).COMMAND_JUDGE;
}

/** The command lines of a script that came with Countersign: what its agents run and what its contract checks. */
export async function commandsOfScript(file: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  collect(JSON.parse(await readFile(file, "utf8")), found);
  return found;
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if ((key === "command" || key === "run") && typeof item === "string") found.add(item);
    else collect(item, found);
  }
}
