// Preambles: one for each different role of the plan, written once and kept for later missions.
import { codeSpan } from "../../domain/markdown";
import type { SessionEnd } from "../../engine/agentSession";
import type { TaskRun } from "../../engine/taskRun";
import { preambleMessage, preambleWriter } from "../../roles/missionRoles";
import type { MissionHost } from "./missionHost";
import { missionOf } from "./missionOf";
import { preambleFile, preambleHash, wantedPreambles, type WantedPreamble } from "./wantedPreambles";

export function briefStep(run: TaskRun, host: MissionHost): Promise<SessionEnd<null>> {
  return run.phase("preamble_writer", 0, async (deadline) => {
    const { recorder } = run;
    const known = missionOf(run).preambles;
    const missing = wantedPreambles(missionOf(run)).filter(({ role, description }) => !known.some((one) => one.role === role && one.description === description));
    for (const [at, wanted] of missing.entries()) {
      const hash = preambleHash(wanted);
      const kept = await readPreamble(host, wanted);
      if (kept === null) {
        const end = await run.session({
          definition: preambleWriter,
          // Each has a session of its own, which a resumed mission finds again.
          attempt: known.length + at + 1,
          firstMessage: preambleMessage(wanted.role, wanted.description),
          dir: run.base.worktree,
          toolCallLimit: run.deps.settings.toolCalls,
          deadline,
          review: () => Promise.resolve({ kind: "accepted" }),
        });
        if (end.outcome !== "completed") return end;
        await host.agentFiles.write(preambleFile(wanted), printPreamble(wanted, end.value));
      }
      await recorder.commit({ kind: "preambleReady", role: wanted.role, hash, description: wanted.description, reused: kept !== null });
    }
    return { outcome: "completed", value: null };
  });
}

/** Its text alone; null where there is none. A person may edit the file: what stands below its first heading counts. */
export async function readPreamble(host: MissionHost, wanted: WantedPreamble): Promise<string | null> {
  const file = await host.agentFiles.read(preambleFile(wanted));
  const text = file?.replace(/^# [^\n]*\n(?:\s*> [^\n]*\n)*/, "").trim() ?? "";
  return text === "" ? null : text;
}

function printPreamble({ role, description }: WantedPreamble, text: string): string {
  const said = description.trim().split(/\s*\n\s*/).join(" ");
  return `# Preamble ${codeSpan(preambleHash({ role, description }))} of a ${role}\n\n> ${said}\n\n${text.trim()}\n`;
}
