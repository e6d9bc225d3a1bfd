// Confined access to one folder (a worktree or a clean room) for tools and built-in checks.

export type FileContent =
  /** `lossy`: it is not quite UTF-8, and U+FFFD stands for the bytes that are not; writing it back would destroy them. */
  | { readonly kind: "text"; readonly text: string; readonly bytes: number; readonly lossy?: true }
  | { readonly kind: "binary"; readonly bytes: number }
  /** Larger than the reader's limit (10 MiB): read it by range. `text` holds the asked lines. */
  | { readonly kind: "large"; readonly text: string; readonly bytes: number }
  | { readonly kind: "folder" }
  | { readonly kind: "missing"; readonly similar: readonly string[] };

export interface SearchOptions {
  /** JavaScript / Rust regular expression, or literal text. */
  readonly pattern: string;
  readonly literal: boolean;
  readonly ignoreCase: boolean;
  /** Folder or file to search below; "" is the root. */
  readonly path: string;
  /** Only files matching this glob; "" is all. */
  readonly glob: string;
  readonly limit: number;
}

export interface SearchHit {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly text: string;
}

/**
 * Contract:
 * - Paths are relative to `root`, `/`-separated; an absolute path into `root` or into one of the tree's aliases (the
 *   user's own repository) means the same file here.
 * - A path that leaves the root (absolute elsewhere, `..`, symlink, NUL or control characters) or touches `.git`
 *   rejects with CountersignError `notAllowed`, saying so in words for a model.
 * - What a `.countersignignore` of the user excludes is neither read nor written (`notAllowed`), nor listed, searched or
 *   named; such a file itself is not written. Their rules are gitignore's; nothing that is written here weakens them.
 * - Listing and search leave out ignored files, `.git` and `.countersign`; results are sorted.
 * - Writing keeps an existing file's mode, is atomic (temporary file and rename, no symlink followed), creates folders.
 */
export interface FileTree {
  readonly root: string;
  /** The confined relative path of what a model or contract wrote; rejects with `notAllowed`. */
  resolve(path: string): Promise<string>;
  /** Whether the user's `.countersignignore` excludes it; `path` is relative, as listed and in diffs. */
  isExcluded(path: string): boolean;
  /** `range`: 1-based first line and count, used for `large` files; smaller ones are returned whole. */
  read(path: string, range?: { readonly from: number; readonly count: number }): Promise<FileContent>;
  write(path: string, text: string): Promise<void>;
  /** Files below `path` matching `glob`, at most `limit`; `total` counts all. */
  list(path: string, glob: string, limit: number): Promise<{ readonly files: readonly string[]; readonly total: number }>;
  search(options: SearchOptions, signal: AbortSignal): Promise<{ readonly hits: readonly SearchHit[]; readonly total: number }>;
}
