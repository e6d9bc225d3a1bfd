// All that has to read a command line to be decided, in one place: it brings the shell parser along, so that it is loaded
// when the first command needs it and not before.
import { decide, policyProblems, type CommandPolicy, type CommandShell, type PolicyDecision } from "../policy/commandPolicy";
import type { KeptApproval } from "../ports/commandApproval";
import { allowingEntry, isCovered, offeredEntry, type AskedCommand } from "./coverage";
import { touchLines } from "./touches";

export interface CommandJudge {
  decide(command: string, policy: CommandPolicy, shell: CommandShell): PolicyDecision;
  /** What is wrong with a policy's entries, each a whole sentence. */
  policyProblems(policy: CommandPolicy): readonly string[];
  isCovered(asked: AskedCommand, approval: KeptApproval): boolean;
  offeredEntry(command: string, shell: CommandShell): string | null;
  allowingEntry(command: string, shell: CommandShell): string | null;
  touchLines(command: string): readonly string[];
}

export const COMMAND_JUDGE: CommandJudge = { decide, policyProblems, isCovered, offeredEntry, allowingEntry, touchLines };
