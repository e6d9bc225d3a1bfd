// The engine in this process on a real repository: git, journal, checks and commands are real; only the models are a
// script. Views come from the journal's file, so that nothing counts which is not on record.
import { strict as assert } from "node:assert";
import path from "node:path";
import { parseScript } from "../../src/adapters/model/script";
import { ScriptedModel } from "../../src/adapters/model/scriptedModel";
import { openJournal } from "../../src/adapters/store/fileJournal";
import { engineSettings } from "../../src/composition/settingsFile";
import { openEngine, openSite, type OpenEngine, type Site } from "../../src/composition/site";
import type { JournalEvent } from "../../src/core/domain/event";
import { hunksOf } from "../../src/core/domain/hunks";
import type { Hunk, HunkId } from "../../src/core/domain/review";
import type { TaskId, TaskRequest } from "../../src/core/domain/task";
import type { RunEnd } from "../../src/core/engine/taskLoop";
import type { ModelClient, ModelRequest } from "../../src/core/ports/modelClient";
import { nextView } from "../../src/core/projections/taskFold";
import type { TaskView } from "../../src/core/projections/taskView";
import { RecordingLogger } from "../fakes/recordingLogger";
import { aRepository, GIT_ENVIRONMENT, Repo } from "./repoBuilder";
import { aTaskRequest } from "./samples";
import type { ScriptBuilder } from "./scriptBuilder";

const NEVER = new AbortController().signal;

export class EngineBench {
  private constructor(
    readonly repo: Repo,
    readonly site: Site,
    private engine: OpenEngine,
    /** What the models were asked, in order. */
    readonly requests: ModelRequest[],
  ) {}

  static async open(folder: string, script: ScriptBuilder, files: Readonly<Record<string, string>> | Repo = { "README.md": "# Greetings\n" }): Promise<EngineBench> {
    const repo = files instanceof Repo ? files : aRepository(path.join(folder, "repo"), files);
    const env = { ...GIT_ENVIRONMENT, COUNTERSIGN_CACHE_DIR: path.join(folder, "cache") };
    const site = await openSite(repo.dir, env, { logger: new RecordingLogger(), ownsProcess: false });
    const requests: ModelRequest[] = [];
    return new EngineBench(repo, site, await engineOn(site, script, requests), requests);
  }

  get harness(): OpenEngine["harness"] {
    return this.engine.harness;
  }

  /** Another script from now on, with a journal opened anew. */
  async goOnWith(script: ScriptBuilder): Promise<void> {
    await this.close();
    this.engine = await engineOn(this.site, script, this.requests);
  }

  async close(): Promise<void> {
    await this.engine.journal.close();
  }

  async create(change: Partial<Omit<TaskRequest, "id">> = {}): Promise<TaskView> {
    const { id: _id, ...request } = aTaskRequest({ title: "Greet", description: "Greet", ...change });
    return this.harness.create(request);
  }

  /** Runs the newest task; fails where it does not end so. */
  async run(end: RunEnd): Promise<TaskView> {
    const { end: ended, view } = await this.harness.run(await this.view(), NEVER);
    assert.equal(ended, end, `${view.detail}\n${this.reasons(view)}`);
    return this.view();
  }

  /** Runs the mission, which is the first task; fails where it does not end so. */
  async mission(end: RunEnd, signal: AbortSignal = NEVER): Promise<TaskView> {
    const { end: ended, view } = await this.harness.run(await this.missionView(), signal);
    assert.equal(ended, end, `${view.detail}\n${JSON.stringify(view.mission?.nodes, null, 1)}`);
    return this.missionView();
  }

  async handoff(task: TaskId, file: string): Promise<string> {
    return (await this.site.plans.read(task, file)) ?? "";
  }

  /** Resolves when the journal fulfils it. */
  async until(holds: (events: readonly JournalEvent[]) => boolean): Promise<void> {
    while (!holds(await this.events())) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async missionView(): Promise<TaskView> {
    const first = (await this.events()).find((event) => event.kind === "taskCreated" && event.type === "mission");
    assert.ok(first !== undefined);
    return this.view(first.task);
  }

  /** A new task of that script, in review. */
  static async inReview(folder: string, script: ScriptBuilder, files?: Readonly<Record<string, string>> | Repo): Promise<EngineBench> {
    const bench = await EngineBench.open(folder, script, files);
    await bench.create();
    await bench.run("passed");
    return bench;
  }

  async events(): Promise<readonly JournalEvent[]> {
    const { clock, logger } = this.site;
    await this.engine.journal.flush();
    const journal = await openJournal(this.site.stateDir, { clock, logger, readOnly: true });
    const events: JournalEvent[] = [];
    for await (const event of journal.events()) events.push(event);
    return events;
  }

  async kinds(): Promise<readonly string[]> {
    return (await this.events()).map(({ kind }) => kind);
  }

  /** As the journal tells it; of the newest task when none is named. */
  async view(task?: TaskId): Promise<TaskView> {
    const events = await this.events();
    const id = task ?? events.findLast(({ kind }) => kind === "taskCreated")?.task;
    const view = events.filter((event) => event.task === id).reduce<TaskView | null>(nextView, null);
    assert.ok(view !== null);
    return view;
  }

  /** Those of the last attempt. */
  async hunks(file: string): Promise<readonly Hunk[]> {
    const { base, attempts } = await this.view();
    const commit = attempts.at(-1)?.commit;
    assert.ok(base !== null && typeof commit === "string");
    const at = (which: string): Promise<string | null> => this.site.workspace.fileAt(base, which, file);
    return hunksOf(await at(base.commit), await at(commit));
  }

  async decide(file: string, choice: { readonly accept?: readonly HunkId[]; readonly reject?: readonly HunkId[] }): ReturnType<OpenEngine["harness"]["decideHunks"]> {
    return this.harness.decideHunks(await this.view(), file, { accept: choice.accept ?? [], reject: choice.reject ?? [] });
  }

  async accept(files: readonly string[] | null = null): ReturnType<OpenEngine["harness"]["accept"]> {
    return this.harness.accept(await this.view(), files);
  }

  /** First messages that a role was given, one a session. */
  firstMessages(role: string): readonly string[] {
    const begun = this.requests.filter(({ purpose, messages }) => purpose.role === role && messages.length === 1);
    return begun.map(({ messages }) => messages[0]?.content.map((block) => (block.kind === "text" ? block.text : "")).join("") ?? "");
  }

  private reasons(view: TaskView): string {
    return view.attempts.flatMap(({ decision }) => decision?.reasons ?? []).join("\n");
  }
}

function engineOn(site: Site, script: ScriptBuilder, requests: ModelRequest[]): Promise<OpenEngine> {
  const scripted = new ScriptedModel(parseScript(script.build(), "the test's script"), { clock: site.clock, chunkDelayMs: 0 });
  const model: ModelClient = {
    stream: (request, signal) => {
      requests.push({ ...request, messages: [...request.messages] });
      return scripted.stream(request, signal);
    },
  };
  const listeners = { onEvent: () => undefined, onLive: () => undefined };
  const settings = engineSettings({ sealedChecks: false, ...site.settings }, {});
  return openEngine(site, { model, limits: {}, settings: () => settings, listeners, approvePlan: null });
}
