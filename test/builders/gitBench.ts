// A task on a repository, for tests of what lies beyond the workspace's contract.
import { rmSync } from "node:fs";
import path from "node:path";
import { openWorkspace, type GitWorkspace, type GitWorkspaceOptions } from "../../src/adapters/git/gitWorkspace";
import type { TaskId } from "../../src/core/domain/task";
import type { AcceptResult, TaskBase } from "../../src/core/domain/workspace";
import { RecordingLogger } from "../fakes/recordingLogger";
import { aRepository, GIT_ENVIRONMENT, Repo } from "./repoBuilder";

export const TASK = "task-7k2m" as TaskId;
export const NEVER = new AbortController().signal;

export function workspaceFor(
  folder: string,
  dir: string,
  more: Partial<GitWorkspaceOptions> = {},
): Promise<GitWorkspace> {
  return openWorkspace(dir, {
    cacheDir: path.join(folder, "cache"),
    logger: new RecordingLogger(),
    environment: GIT_ENVIRONMENT,
    ...more,
  });
}

export class GitBench {
  private constructor(
    readonly folder: string,
    readonly repo: Repo,
    readonly workspace: GitWorkspace,
    readonly base: TaskBase,
  ) {}

  static async start(folder: string, repo: Repo = aRepository(path.join(folder, "r"))): Promise<GitBench> {
    const workspace = await workspaceFor(folder, repo.dir);
    return new GitBench(folder, repo, workspace, await workspace.createBase(TASK, NEVER));
  }

  /** The worktree as a folder to write in. */
  get tree(): Repo {
    return new Repo(this.base.worktree);
  }

  write(file: string, text: string | Buffer, mode?: number): void {
    this.tree.write(file, text, mode);
  }

  remove(file: string): void {
    rmSync(path.join(this.base.worktree, file), { recursive: true });
  }

  attempt(extraPaths: readonly string[] = []): Promise<string> {
    return this.workspace.commitAttempt(this.base, "attempt", extraPaths);
  }

  async acceptAll(): Promise<AcceptResult> {
    return this.accept(await this.attempt());
  }

  async accept(commit: string, files: readonly string[] | null = null): Promise<AcceptResult> {
    const { base, workspace } = this;
    const versions = (files ?? []).map((file) => ({ path: file, commit }));
    const to = files === null ? commit : await workspace.compose(base, base.commit, versions);
    return workspace.accept(TASK, { from: base.commit, to, onConflict: "mark" });
  }
}
