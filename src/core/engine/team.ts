// Who does and who verifies a task: generator and evaluator, or worker and qc, which are the same with a preamble.
import type { SelfEvaluation } from "../domain/handoff";
import type { Verdict } from "../domain/verdict";
import { evaluator } from "../roles/evaluator";
import { generator } from "../roles/generator";
import { joinSections, section, type RoleDefinition } from "../roles/role";
import type { Tool } from "../tools/tool";
import type { MissionPart } from "./missionPart";

export interface Member<T> {
  readonly definition: RoleDefinition<T>;
  /** The first message, with what it is told as a member of a mission. */
  readonly message: (text: string) => string;
}

/** `tools`: a worker's own, after the generator's. */
export function doer(part: MissionPart | null, tools: readonly Tool[]): Member<SelfEvaluation> {
  if (part === null) return { definition: generator, message: asItIs };
  const definition: RoleDefinition<SelfEvaluation> = { ...generator, role: "worker", tools: [...generator.tools, ...tools] };
  return { definition, message: briefed(part.worker) };
}

export function verifier(part: MissionPart | null): Member<Verdict> {
  if (part === null) return { definition: evaluator, message: asItIs };
  return { definition: { ...evaluator, role: "qc" }, message: briefed(part.qc) };
}

function asItIs(text: string): string {
  return text;
}

function briefed({ preamble, context }: MissionPart["worker"]): (text: string) => string {
  return (text) => joinSections([section("Your role", preamble), context, text]);
}
