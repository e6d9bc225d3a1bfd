// A process that runs (or resumes) a task like the command line does and kills itself, -9, after the first event that
// no earlier process of the chain has lived to see: in turn before and after that event is on disk. Arguments:
// repository, script, file of events seen so far (none: nothing is killed).
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { loadScript } from "../../src/adapters/model/script";
import { ScriptedModel } from "../../src/adapters/model/scriptedModel";
import { openEngine, openSite } from "../../src/composition/site";
import { roleModels } from "../../src/cli/settings";
import type { JournalEvent } from "../../src/core/domain/event";
import { applyEvent } from "../../src/core/projections/taskFold";
import { startView, type TaskView } from "../../src/core/projections/taskView";

async function main(): Promise<void> {
  const [repo = "", scriptFile = "", seenFile = ""] = process.argv.slice(2);
  const seen = new Set(existsSync(seenFile) ? readFileSync(seenFile, "utf8").split("\n") : []);
  const site = await openSite(repo, process.env);
  const script = await loadScript(scriptFile);
  const kill = (): void => {
    process.kill(process.pid, "SIGKILL");
  };
  let flush = (): Promise<void> => Promise.resolve();
  const onEvent = (event: JournalEvent): void => {
    const key = boundaryOf(event);
    if (seenFile === "" || seen.has(key)) return;
    seen.add(key);
    appendFileSync(seenFile, `${key}\n`);
    if (seen.size % 2 === 0) kill();
    else flush().then(kill, kill);
  };
  const model = new ScriptedModel(script, { clock: site.clock, chunkDelayMs: 0 });
  const engine = await openEngine(site, { model, limits: {}, listeners: { onEvent, onLive: () => undefined }, approvePlan: null });
  flush = () => engine.journal.flush();
  let known: TaskView | null = null;
  for await (const event of engine.journal.events()) {
    if (event.kind === "taskCreated") known = startView(event);
    else if (known !== null) known = applyEvent(known, event);
  }
  const view =
    known ??
    (await engine.harness.create({
      title: "Add a Fibonacci command",
      description: "tally fibonacci N prints the N-th Fibonacci number.",
      category: "PREP",
      requestedType: null,
      profile: "code",
      attachments: [],
      approvePlan: false,
      models: roleModels({}, { model: null, roleModels: {} }),
    }));
  if (view.status === "review") return;
  const { end, view: after } = await engine.harness.run(view, new AbortController().signal);
  await engine.journal.close();
  process.stdout.write(`${end} ${after.detail}\n`);
  process.exitCode = end === "passed" ? 0 : 1;
}

/** What makes a boundary of the run, whatever session id or time it has. */
function boundaryOf(event: JournalEvent): string {
  const parts: unknown[] = [event.kind];
  if ("phase" in event) parts.push(event.phase);
  if ("attempt" in event) parts.push(event.attempt);
  if ("session" in event) parts.push(event.session.replace(/-[0-9a-z]{4}$/, ""));
  if ("turn" in event) parts.push(event.turn);
  if ("call" in event) parts.push(event.call);
  if ("file" in event) parts.push(event.file);
  if ("round" in event) parts.push(event.round);
  if ("place" in event) parts.push(event.place);
  if (event.kind === "checkStarted") parts.push(JSON.stringify(event.where), event.check.id);
  if (event.kind === "checkFinished") parts.push(JSON.stringify(event.where), event.result.checkId);
  return parts.join(" ");
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
