// How a run of the command line lets commands run that no sandbox confines: by flags, the person's own policy file, what
// they have allowed before, and a question where there is a terminal.
import { homedir } from "node:os";
import { createInterface } from "node:readline/promises";
import { ApprovalsFile } from "../adapters/store/approvalsFile";
import { configDir } from "../adapters/store/configDir";
import { readPolicyFile } from "../adapters/store/policyFile";
import { commandJudge, type CommandConsent } from "../composition/commandGuard";
import type { Environment, Site } from "../composition/site";
import { ApprovalQueue } from "../core/approvals/approvalQueue";
import { noApproval } from "../core/approvals/noApproval";
import { CountersignError } from "../core/domain/errors";
import type { CommandPolicy } from "../core/policy/commandPolicy";
import type { CommandApproval } from "../core/ports/commandApproval";
import type { PolicyOptions } from "./arguments";
import { quoteArgument, type Terminal } from "./terminal";
import { askAtTerminal, type Question } from "./terminalApproval";

export interface ConsentOptions extends PolicyOptions {
  /** Set-up commands that the person gave on the command line. */
  readonly setup: readonly string[] | null;
  /** Commands of the bundled sample; null for any other run. */
  readonly sample: ReadonlySet<string> | null;
}

/** Throws CountersignError `badRequest` for entries that mean nothing. */
export async function openConsent(site: Site, options: ConsentOptions, { env, err }: { readonly env: Environment; readonly err: Terminal }): Promise<CommandConsent> {
  const folder = configDir(env, process.platform, homedir());
  const policy = await policyOf(folder, options);
  const setup = new Set(options.setup ?? []);
  return {
    approval: canAsk() ? askingApproval(err) : noApproval(advice),
    approvals: await ApprovalsFile.of(folder, site.workspace.root, site.logger),
    policy: () => policy,
    own: ({ command, purpose }) => {
      if (purpose === "setup") return setup.has(command) ? "It was given with --setup." : null;
      return options.sample?.has(command) === true ? "It is a command of the bundled sample." : null;
    },
  };
}

/** The policy file's entries and the command line's. */
export async function policyOf(folder: string, { allow, deny }: PolicyOptions): Promise<CommandPolicy> {
  const file = await readPolicyFile(folder);
  const policy = { allow: [...file.allow, ...allow], deny: [...file.deny, ...deny] };
  if (policy.allow.length + policy.deny.length === 0) return policy;
  const problems = (await commandJudge()).policyProblems(policy);
  if (problems.length > 0) throw new CountersignError("badRequest", `${problems.join("\n")}\nNothing was run.`);
  return policy;
}

/** Somebody reads the question and can type an answer. */
function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

function advice(entry: string | null): string {
  const allow = entry === null ? "" : `--allow ${quoteArgument(entry)} allows it; `;
  const text = `${allow}at a terminal you would be asked; and "countersign doctor" says how to get a sandbox.`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function askingApproval(err: Terminal): CommandApproval {
  const queue = new ApprovalQueue();
  askAtTerminal(queue, { err, question: askedLine });
  return queue;
}

const askedLine: Question = async (text, signal) => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal that is read line by line turns Ctrl-C into this event.
  lines.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    const closed = new Promise<null>((resolve) => lines.once("close", () => resolve(null)));
    return await Promise.race([lines.question(text, { signal }), closed]);
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    lines.close();
  }
};
