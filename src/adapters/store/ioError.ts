// Turns what the file system throws into the project's error, in words for a person.
import { CountersignError } from "../../core/domain/errors";

export interface IoWords {
  /** e.g. `The journal /x/journal.ndjson could not be written`. */
  readonly what: string;
  /** What is safe and what to do; a hint that fits the cause is put between. */
  readonly kept: string;
}

/** `io`, with the cause's own words and a remedy that fits its code. An error of ours passes through. */
export function ioError(cause: unknown, words: IoWords): CountersignError {
  if (CountersignError.is(cause)) return cause;
  const code = errnoOf(cause);
  const reason = REASONS[code ?? ""] ?? (cause instanceof Error ? cause.message : String(cause));
  const remedy = REMEDIES[code ?? ""] ?? "Check the disk and the folder, then try again.";
  return new CountersignError("io", `${words.what}: ${reason}. ${words.kept} ${remedy}`, { cause });
}

/** The `code` of a Node error (`ENOENT` …), or null. */
export function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full (ENOSPC)",
  EDQUOT: "the disk quota is used up (EDQUOT)",
  EROFS: "the folder is read-only (EROFS)",
  EACCES: "permission denied (EACCES)",
  EPERM: "not permitted (EPERM)",
  EIO: "the disk reports an error (EIO)",
  EFBIG: "the file may not grow any more (EFBIG)",
  ENOTDIR: "a part of the path is a file, not a folder (ENOTDIR)",
  EISDIR: "it is a folder (EISDIR)",
  ELOOP: "it is a symbolic link, which is not followed (ELOOP)",
};

const FREE_SPACE = "Free some space, then try again.";
const GRANT = "Make the folder writable for this user, then try again.";
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: FREE_SPACE,
  EDQUOT: FREE_SPACE,
  EFBIG: FREE_SPACE,
  EROFS: GRANT,
  EACCES: GRANT,
  EPERM: GRANT,
  ELOOP: "Replace the link by a file or folder of its own, then try again.",
};
