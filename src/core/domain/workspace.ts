// Facts about the repository a task works on: its base, changed files, set-up and the result of accepting.
import type { FileKinds } from "./fileKind";

/** The base commit a task starts from and the worktree it works in. Recorded once, used by every later step. */
export interface TaskBase {
  /** Commit that holds what the user saw: HEAD plus staged, unstaged and untracked files, ignored ones left out. */
  readonly commit: string;
  /** The user's HEAD at that moment; null in a repository without commits and in a shadow repository. */
  readonly head: string | null;
  /** `countersign/<task-id>`. */
  readonly branch: string;
  /** Absolute path of the task's worktree, in the OS cache folder. */
  readonly worktree: string;
  /** Absolute path of the repository's common git folder (the shadow repository's for a folder without git). */
  readonly gitDir: string;
  /** Absolute path of the working tree's root in the user's file system. */
  readonly root: string;
  /** True for a folder that is no git repository. */
  readonly shadow: boolean;
}

export interface FileChange {
  /** Relative to the repository's root, `/`-separated. */
  readonly path: string;
  readonly status: "added" | "modified" | "deleted" | "typeChanged";
  /** Lines; null for a binary file. */
  readonly added: number | null;
  readonly removed: number | null;
  /** Missing where it is an ordinary file, on both sides where it is there, and in journals of earlier versions. */
  readonly kinds?: FileKinds;
}

/** A command that prepares a worktree, and where it comes from (`package-lock.json`, `setting` …). */
export interface SetupCommand {
  readonly command: string;
  readonly source: string;
  /** Folder it runs in, relative to the repository's root; "" for the root. */
  readonly folder: string;
}

export interface SetupStep extends SetupCommand {
  /** True when the result was cloned from the cache and nothing was run. */
  readonly cached: boolean;
  readonly exitCode: number | null;
  readonly durationMs: number;
}

export interface AcceptResult {
  /** Paths written, removed, or left because they were equal already. */
  readonly applied: readonly string[];
  /**
   * Paths where both sides differ. A text has conflict markers now; of anything else (binary files, links, something in
   * the way) the user's side stays and the attempt's stands beside it as `<name>.countersign`; a file that the attempt
   * deleted and the user changed stays. The user's version is in `before`, too.
   */
  readonly conflicts: readonly string[];
  /** Commit holding the working tree as it was before; reachable from `refs/countersign/<task-id>/before-accept`. */
  readonly before: string;
  /** `before` with what the accept did and nothing else. Missing in journals of version 0.1. */
  readonly after?: string;
  /** Commit holding what of the task's work is in the working tree now, on its base. Missing in journals of version 0.1. */
  readonly merged?: string;
}

/** One commit's changes on another. `conflicts`: paths where both sides changed the same; texts have conflict markers there. */
export interface MergedCommit {
  readonly commit: string;
  readonly conflicts: readonly string[];
}

/** A change of the working tree that the user accepted, so that it can be taken back; `after` differs from `before` in it alone. */
export interface AcceptStep {
  readonly before: string;
  readonly after: string;
}

/** A file as it stands in a commit (or is not there), or with another text. */
export interface FileVersion {
  /** Relative to the repository's root, `/`-separated. */
  readonly path: string;
  readonly commit: string;
  /** Instead of the one that it has in the commit, where it must be a file. */
  readonly text?: string;
}
