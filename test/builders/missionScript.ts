// Scripts of whole missions: a plan, and what worker and qc of each task say. Each task writes a file of its own and is
// checked by its content, unless a test says otherwise.
import type { PlannedTask } from "../../src/core/domain/mission";
import { aPlannedTask } from "./missionBuilder";
import { aContractOf, answers, aPass, aScript, aSelfEvaluation, calls, writes, type CheckInput, type ScriptBuilder, type TurnInput } from "./scriptBuilder";

export interface NodeScript {
  readonly id: string;
  readonly after?: readonly string[];
  readonly change?: Partial<PlannedTask>;
  /** Checks that are red before the work; default: the file says the id. */
  readonly checks?: readonly (string | CheckInput)[];
  readonly guards?: readonly (string | CheckInput)[];
  /** The worker's turns, by attempt; default: it writes its file. */
  readonly attempts?: readonly (readonly TurnInput[])[];
  /** The qc's last message, by attempt; default: PASS. */
  readonly verdicts?: readonly object[];
}

export const fileOf = (id: string): string => `${id}.txt`;
export const writesFile = (id: string, text = id): TurnInput => calls(writes(fileOf(id), `${text}\n`));

export function plannedOf({ id, after = [], change = {} }: NodeScript): PlannedTask {
  return aPlannedTask(id, { dependencies: after, files: [fileOf(id)], ...change });
}

export function aMissionScript(nodes: readonly NodeScript[], { preambles = 2 }: { readonly preambles?: number } = {}): ScriptBuilder {
  const tasks = nodes.map(plannedOf);
  let script = aScript()
    .role("project_manager", 0, [answers({ title: "A mission", overview: "One file each.", assumptions: [], tasks })])
    .role("reporter", 1, [answers({ summary: "The files are there.", decisions: [], impact: [], risks: [], nextActions: [], lessons: ["Files first."] })])
    .role("reporter", 2, [answers({ summary: "Now they are.", decisions: [], impact: [], risks: [], nextActions: [], lessons: [] })]);
  for (let at = 1; at <= preambles; at += 1) script = script.role("preamble_writer", at, [{ text: `You know this trade well (${at}).` }]);
  for (const node of nodes) script = withNode(script, node);
  return script;
}

function withNode(script: ScriptBuilder, { id, checks = [`grep -qx ${id} ${fileOf(id)}`], guards = [], attempts = [[writesFile(id)]], verdicts = [] }: NodeScript): ScriptBuilder {
  let all = script.role("contract_negotiator", 0, [answers(aContractOf(checks, guards))], id);
  for (const [at, turns] of attempts.entries()) {
    const last = turns.at(-1);
    const isOpen = last === undefined || (last.toolCalls ?? []).length > 0;
    all = all.role("worker", at + 1, isOpen ? [...turns, answers(aSelfEvaluation())] : turns, id);
    all = all.role("qc", at + 1, [answers(verdicts[at] ?? aPass(checks.length + guards.length))], id);
  }
  return all;
}
