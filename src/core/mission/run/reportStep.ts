// The end of a mission: the reporter says what the record means, the engine writes the report around it, and the whole
// of the work is put on record as what there is to review. Lessons are kept for the next plan.
import type { MissionSummary } from "../../domain/missionReport";
import type { SessionEnd } from "../../engine/agentSession";
import type { TaskRun } from "../../engine/taskRun";
import { missionRecord, printExecutionReport, type NodeRecord } from "../../handoff/executionReportFile";
import { printQcFailures } from "../../handoff/executionReportFile";
import { reporter } from "../../roles/missionRoles";
import { LESSONS_FILE } from "./decomposeStep";
import type { MissionHost } from "./missionHost";
import { missionOf } from "./missionOf";

const REPORT_FILE = "execution-report.md";
/** Characters of lessons that are kept, the latest: they stand in every later plan's prompt. */
const LESSONS_CHARS = 8_000;

export async function reportStep(run: TaskRun, host: MissionHost): Promise<SessionEnd<MissionSummary>> {
  const { recorder } = run;
  await putInReview(run);
  const nodes = await recordsOf(run, host);
  // A mission that went on after a decision is reported on anew.
  const attempt = recorder.view.attempts.length;
  return run.phase("reporter", attempt, async (deadline) => {
    const end = await run.session({
      definition: reporter,
      attempt,
      firstMessage: missionRecord(recorder.view, nodes),
      dir: run.base.worktree,
      toolCallLimit: run.deps.settings.toolCalls,
      deadline,
      review: () => Promise.resolve({ kind: "accepted" }),
    });
    if (end.outcome !== "completed") return end;
    await run.handoff(REPORT_FILE, printExecutionReport(recorder.view, nodes, end.value));
    const failures = printQcFailures(recorder.view, nodes);
    if (failures !== null) await run.handoff("qc-failure-report.md", failures);
    await keepLessons(host, recorder.view.request.title, end.value.lessons);
    return end;
  });
}

/** The integrated work is what the user looks at: an attempt of the mission's. */
async function putInReview(run: TaskRun): Promise<void> {
  const { recorder, deps, base } = run;
  const { finished } = missionOf(run);
  const commit = finished?.commit ?? base.commit;
  const last = recorder.view.attempts.at(-1);
  if (last !== undefined && (last.commit === null || last.commit === commit)) {
    if (last.commit === null) await recorder.commit({ kind: "attemptCommitted", attempt: last.attempt, commit, files: await deps.workspace.changes(base, base.commit, commit) });
    return;
  }
  const attempt = (last?.attempt ?? 0) + 1;
  await recorder.commit({ kind: "attemptStarted", attempt });
  await recorder.commit({ kind: "attemptCommitted", attempt, commit, files: await deps.workspace.changes(base, base.commit, commit) });
}

async function recordsOf(run: TaskRun, host: MissionHost): Promise<readonly NodeRecord[]> {
  const { plan, nodes } = missionOf(run);
  const records = nodes.map(async (node): Promise<NodeRecord | null> => {
    const planned = plan?.tasks.find(({ id }) => id === node.id);
    return planned === undefined ? null : { node, planned, task: node.task === null ? null : await host.viewOf(node.task) };
  });
  return (await Promise.all(records)).flatMap((record) => record ?? []);
}

async function keepLessons(host: MissionHost, title: string, lessons: readonly string[]): Promise<void> {
  if (lessons.length === 0) return;
  const before = (await host.agentFiles.read(LESSONS_FILE)) ?? "";
  const known = new Set(before.split("\n"));
  const added = lessons.map((lesson) => `- ${lesson.trim().split(/\s*\n\s*/).join(" ")}`).filter((line) => !known.has(line));
  if (added.length === 0) return;
  const entry = `## ${title}\n\n${added.join("\n")}\n`;
  const body = before.replace(/^# [^\n]*\n+/, "");
  const kept = `${body}${body === "" ? "" : "\n"}${entry}`;
  const cut = kept.length <= LESSONS_CHARS ? kept : kept.slice(kept.indexOf("\n## ", kept.length - LESSONS_CHARS) + 1);
  await host.agentFiles.write(LESSONS_FILE, `# Lessons of missions\n\n${cut}`);
}
