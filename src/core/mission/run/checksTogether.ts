// The checks of several tasks on one merged commit: green alone is not enough. Each command runs once, however many
// contracts it stands in.
import type { Check, CheckResult, Contract } from "../../domain/contract";
import { describeCheck } from "../../domain/checkText";
import { isSealed, withoutSource } from "../../domain/sealed";
import { CountersignError } from "../../domain/errors";
import type { CheckRunner } from "../../engine/checkRunner";
import type { CleanRoom } from "../../ports/workspace";
import type { TaskRun } from "../../engine/taskRun";

export interface ContractAt {
  readonly node: string;
  readonly contract: Contract;
  /** What its checks came to before its work. */
  readonly baseChecks: readonly CheckResult[];
}

export interface Together {
  readonly commit: string;
  readonly contracts: readonly ContractAt[];
  /** Contracts whose checks have run on these very files. */
  readonly alreadyRun: readonly ContractAt[];
  readonly signal: AbortSignal;
}

interface Where {
  readonly run: TaskRun;
  readonly runner: CheckRunner;
  /** Of the outputs, relative to the task's plan folder. */
  readonly folder: string;
}

/** What is red, for whoever has to mend it; null when everything holds. */
export async function redTogether({ run, runner, folder }: Where, { commit, contracts, alreadyRun, signal }: Together): Promise<string | null> {
  const seen = new Set(alreadyRun.flatMap(({ contract }) => contract.checks.map((check) => keyOf(contract, check))));
  const wanted = contracts.map((one) => ({
    ...one,
    checks: one.contract.checks.filter((check) => {
      const key = keyOf(one.contract, check);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    }),
  }));
  if (wanted.every(({ checks }) => checks.length === 0)) return null;
  const red: string[] = [];
  let room: CleanRoom;
  try {
    room = await runner.openRoom(run.base, commit, signal);
  } catch (error) {
    if (!CountersignError.is(error, "setup")) throw error;
    return `Together with what was merged before, the project cannot be set up: ${error.message}`;
  }
  try {
    for (const { node, contract, checks, baseChecks } of wanted) {
      const results = await runner.probe(room, { contract, checks, folder: `${folder}/${node}`, baseChecks }, signal);
      for (const result of results.filter(({ green }) => !green)) red.push(redText(node, contract, result));
    }
  } finally {
    await room.close();
  }
  if (red.length === 0) return null;
  return `Your work passed alone. Merged with what other tasks have merged since, these checks are red:\n\n${red.join("\n\n")}\n\nThe worktree holds their work and yours now. Mend yours so that everything holds.`;
}

function redText(node: string, contract: Contract, result: CheckResult): string {
  const check = contract.checks.find(({ id }) => id === result.checkId);
  // What is sealed stays so, whoever's it is.
  const isHidden = check !== undefined && isSealed(check);
  const what = check === undefined || isHidden ? "a sealed check" : describeCheck(check);
  const output = withoutSource(result.outputExcerpt, contract.sealedFiles ?? []).trim();
  return `- ${node}, ${result.checkId}: ${what}: ${result.reason}${output === "" ? "" : `\n\n${indented(output)}`}`;
}

function indented(text: string): string {
  return text.split("\n").map((line) => `      ${line}`).join("\n");
}

/** What decides about its result, but for its names. */
function keyOf({ sealedFiles }: Contract, check: Check): string {
  return JSON.stringify([{ ...check, id: "", criterion: "", alsoCovers: [] }, isSealed(check) ? sealedFiles : null]);
}
