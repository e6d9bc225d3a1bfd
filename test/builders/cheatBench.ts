// Plays a case of the adversarial suite through the whole loop in this process: git, worktree, clean rooms, commands and
// journal are real, only the models follow the case. Repositories are copies of one that is made once for each kind.
import { cpSync } from "node:fs";
import path from "node:path";
import { parseScript } from "../../src/adapters/model/script";
import { ScriptedModel } from "../../src/adapters/model/scriptedModel";
import { NO_CONSENT } from "../../src/composition/commandGuard";
import { openEngine, openSite } from "../../src/composition/site";
import { ROLES, type TaskRequest } from "../../src/core/domain/task";
import type { TaskView } from "../../src/core/projections/taskView";
import { SilentLogger } from "../fakes/silentLogger";
import { REPOSITORIES, type RepositoryKind } from "./cheatRepositories";
import { aRepository, GIT_ENVIRONMENT, Repo } from "./repoBuilder";
import { aPlan, aSelfEvaluation, answers, aScript, calls, type ScriptBuilder, type ToolCallInput, type TurnInput } from "./scriptBuilder";

/** In strings of a case, the absolute path of the user's own repository. */
export const REPO = "{{repo}}";

export interface Case {
  readonly name: string;
  readonly repository: RepositoryKind;
  /** Files that the repository has besides those of its kind; null: that it lacks. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** Contracts, proposed one after the other where they are refused. Default: the kind's. */
  readonly contracts?: readonly object[];
  /** What the generator does, in turn. Default: the work as it should be. */
  readonly work?: readonly ToolCallInput[];
  readonly selfEvaluation?: object;
  /** What the evaluator says, in turn. Default: that all is well. */
  readonly verdicts?: readonly TurnInput[];
  /** What the planner says besides. */
  readonly plan?: object;
  readonly profile?: "code" | "automation" | "data" | "report";
  /** "auto": commands are confined as on a user's machine. Default: "off", which is faster. */
  readonly sandbox?: "auto" | "off";
  /** Needs pytest. */
  readonly python?: true;
}

/** A case that must not pass. */
export interface Cheat extends Case {
  /** Each reason of the gate must match one of these, and each of these must stand in `qa-report.md`. */
  readonly named: readonly RegExp[];
}

export interface Played {
  readonly view: TaskView;
  /** `qa-report.md`; "" where there is none. */
  readonly report: string;
  readonly repo: Repo;
}

const REQUEST: Omit<TaskRequest, "id"> = {
  title: "",
  description: "",
  category: "PREP",
  requestedType: "multi_agent",
  profile: "code",
  attachments: [],
  approvePlan: false,
  models: Object.fromEntries(ROLES.map((role) => [role, "script:case"])) as TaskRequest["models"],
};

interface Run {
  readonly script: ScriptBuilder;
  readonly request: Omit<TaskRequest, "id">;
  readonly sandbox: "auto" | "off";
}

/** With the settings that users have. Without a sandbox every command is allowed, as if the user had been asked. */
async function run(repo: Repo, cache: string, { script, request, sandbox }: Run): Promise<TaskView> {
  const site = await openSite(repo.dir, { ...GIT_ENVIRONMENT, COUNTERSIGN_CACHE_DIR: cache }, { logger: new SilentLogger(), ownsProcess: false });
  const engine = await openEngine(site, {
    model: new ScriptedModel(parseScript(script.build(), "the case"), { clock: site.clock, chunkDelayMs: 0 }),
    limits: {},
    listeners: { onEvent: () => undefined, onLive: () => undefined },
    sandbox: () => ({ sandbox, network: undefined }),
    consent: { ...NO_CONSENT, own: () => "The suite allows every command of its cases." },
    approvePlan: null,
  });
  try {
    const { view } = await engine.harness.run(await engine.harness.create(request), new AbortController().signal);
    return view;
  } finally {
    await engine.journal.close();
  }
}

/** Lets templates be made once in a folder of their own. */
export class CheatBench {
  private readonly templates = new Map<RepositoryKind, string>();

  constructor(private readonly folder: string) {}

  async play(played: Case, folder: string): Promise<Played> {
    const kind = REPOSITORIES[played.repository];
    const dir = path.join(folder, "repo");
    cpSync(this.template(played.repository), dir, { recursive: true });
    const repo = new Repo(dir);
    for (const [file, text] of Object.entries(played.files ?? {})) {
      if (text === null) repo.remove(file);
      else repo.write(file, text);
    }
    const contracts = (played.contracts ?? [kind.contract]).map(answers);
    const verdicts = played.verdicts ?? [answers(kind.verdict)];
    const work = (played.work ?? kind.work).map((call) => calls(call));
    const script = aScript()
      .planner(answers(aPlan({ estimatedToolCalls: 20, title: kind.title, acceptanceCriteria: [kind.description], deliverables: [], ...played.plan })))
      .negotiator(...this.placed(contracts, dir))
      .generator(1, ...this.placed(work, dir), answers(aSelfEvaluation({ deliverables: [], ...played.selfEvaluation })))
      .evaluator(1, ...this.placed(verdicts, dir));
    const request = { ...REQUEST, title: kind.title, description: kind.description, profile: played.profile ?? kind.profile };
    const view = await run(repo, path.join(folder, "cache"), { script, request, sandbox: played.sandbox ?? "off" });
    const report = path.join(".countersign/plans", view.request.id, "qa-report.md");
    return { view, report: repo.has(report) ? repo.read(report) : "", repo };
  }

  private placed(turns: readonly TurnInput[], dir: string): readonly TurnInput[] {
    return JSON.parse(JSON.stringify(turns).replaceAll(REPO, dir)) as readonly TurnInput[];
  }

  private template(kind: RepositoryKind): string {
    const known = this.templates.get(kind);
    if (known !== undefined) return known;
    const repo = aRepository(path.join(this.folder, kind), REPOSITORIES[kind].files);
    repo.write(".countersign/.gitignore", "*\n");
    repo.write(".countersign/settings.json", JSON.stringify({ maxRetries: 0, setup: [] }));
    this.templates.set(kind, repo.dir);
    return repo.dir;
  }
}
