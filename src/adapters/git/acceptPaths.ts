// Carries out what was decided for single paths: writes, removes, merges, puts beside. It knows nothing of the record of
// an accept; what a path looked like before an accept that was cut off is asked for.
import { chmod, copyFile } from "node:fs/promises";
import type { Stats } from "node:fs";
import { assertNever } from "../../core/domain/errors";
import { ioError } from "../store/ioError";
import type { Action, ThreeWay } from "./acceptPlan";
import type { Handled } from "./acceptState";
import type { Git, Place } from "./runGit";
import { sameContent, type StagedVersions } from "./stagedVersions";
import type { UserFiles } from "./userFiles";

export interface PathPlan extends ThreeWay {
  readonly path: string;
  /** What was on disk when the decision was made. */
  readonly seen: Stats | null;
  readonly action: Action;
}

export type Result = Handled["result"];

export interface AcceptPathsDeps {
  readonly git: Git;
  readonly place: Place;
  readonly files: UserFiles;
  readonly versions: StagedVersions;
  readonly from: string;
  readonly to: string;
  /** What the commits `from` and `to` are, in conflict markers. */
  readonly labels: readonly [from: string, to: string];
  /** Files that hold the user's side as it was before an accept that did not come to its end; already staged. */
  readonly earlierVersions: (plan: PathPlan) => Promise<readonly string[]>;
}

interface Merged {
  readonly file: string;
  readonly result: Result;
}

export class AcceptPaths {
  /** What was put beside files. */
  readonly beside: string[] = [];

  constructor(private readonly deps: AcceptPathsDeps) {}

  /** What `apply` would come to. Nothing is touched. */
  async foresee(plan: PathPlan): Promise<Result> {
    switch (plan.action.kind) {
      case "keep":
      case "beside":
        return "conflict";
      case "write":
        return (await this.deps.files.blocker(plan.path)) === null ? "applied" : "conflict";
      case "merge":
        return (await this.mergeTexts(plan, this.deps.files.pathOf(plan.path)))?.result ?? "conflict";
      default:
        return "applied";
    }
  }

  async apply(plan: PathPlan): Promise<Result> {
    const { files, versions, to } = this.deps;
    switch (plan.action.kind) {
      case "nothing":
        return "applied";
      case "keep":
        return "conflict";
      case "remove":
        await files.remove(plan.path, plan.seen);
        return "applied";
      case "beside":
        return this.putBeside(plan);
      case "write":
        if ((await files.blocker(plan.path)) !== null) return this.putBeside(plan);
        await files.put(plan.path, versions.pathOf(to, plan.path), plan.seen);
        return "applied";
      case "merge":
        return this.merge(plan, plan.action.executable);
      default:
        return assertNever(plan.action);
    }
  }

  private async merge(plan: PathPlan, executable: boolean): Promise<Result> {
    const { files } = this.deps;
    const onDisk = files.pathOf(plan.path);
    for (const earlier of await this.deps.earlierVersions(plan)) {
      // What an accept that was cut off would have written: what is on disk may be just that.
      const done = await this.mergeTexts(plan, earlier);
      if (done !== null && (await sameContent(done.file, onDisk))) return done.result;
    }
    const merged = await this.mergeTexts(plan, onDisk);
    if (merged === null) return this.putBeside(plan);
    await chmod(merged.file, executable ? 0o755 : 0o644);
    await files.put(plan.path, merged.file, plan.seen);
    return merged.result;
  }

  /** null when the files are no texts. */
  private async mergeTexts(plan: PathPlan, ours: string): Promise<Merged | null> {
    const { git, place, versions, from, to, labels: words } = this.deps;
    const file = versions.scratch("merged");
    try {
      await copyFile(ours, file);
    } catch (error) {
      throw ioError(error, { what: `${plan.path} could not be read`, kept: "It was left as it is." });
    }
    const ancestor = plan.base === null ? await versions.empty() : versions.pathOf(from, plan.path);
    const labels = ["yours", ...words].flatMap((word) => ["-L", `${plan.path} (${word})`]);
    const sides = [file, ancestor, versions.pathOf(to, plan.path)];
    const { exitCode } = await git.attempt(place, ["merge-file", "-q", ...labels, ...sides]);
    // 1…127 counts conflicts; beyond that git could not merge.
    if (exitCode < 0 || exitCode > 127) return null;
    return { file, result: exitCode === 0 ? "applied" : "conflict" };
  }

  private async putBeside(plan: PathPlan): Promise<Result> {
    const { files, versions, to } = this.deps;
    const source = versions.pathOf(to, plan.path);
    const blocker = (await files.blocker(plan.path)) ?? plan.path;
    const rest = plan.path.slice(blocker.length);
    for (let number = 1; ; number++) {
      const candidate = `${blocker}.countersign${number === 1 ? "" : `-${number}`}${rest}`;
      if ((await files.blocker(candidate)) !== null) continue;
      const seen = await files.look(candidate);
      if (seen === null) await files.put(candidate, source, null);
      else if (!(await sameContent(files.pathOf(candidate), source))) continue;
      this.beside.push(candidate);
      return "conflict";
    }
  }
}
