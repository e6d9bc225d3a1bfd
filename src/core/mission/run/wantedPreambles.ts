// The preambles that a mission's tasks need: one for each different description of a role. Pure.
import { createHash } from "node:crypto";
import { ENVIRONMENT_TASK } from "../../domain/mission";
import type { MissionView } from "../../projections/missionView";

export interface WantedPreamble {
  readonly role: "worker" | "qc";
  readonly description: string;
}

export function wantedPreambles({ plan }: Pick<MissionView, "plan">): readonly WantedPreamble[] {
  const wanted = new Map<string, WantedPreamble>();
  // The environment task is the engine's own.
  for (const task of (plan?.tasks ?? []).filter(({ id }) => id !== ENVIRONMENT_TASK)) {
    for (const one of [{ role: "worker", description: task.workerRole }, { role: "qc", description: task.qcRole }] as const) {
      wanted.set(`${one.role} ${one.description}`, one);
    }
  }
  return [...wanted.values()];
}

/** Of a description: white space does not make another role. 8 hexadecimal digits. */
export function preambleHash({ role, description }: WantedPreamble): string {
  const normal = description.normalize("NFC").replaceAll(/\s+/g, " ").trim();
  return createHash("sha256").update(`${role}\n${normal}`).digest("hex").slice(0, 8);
}

/** Below `.countersign/agents/`. */
export function preambleFile(wanted: WantedPreamble): string {
  return `${wanted.role}-${preambleHash(wanted)}.md`;
}
