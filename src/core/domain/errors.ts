// The one failure class of the project. Expected endings are data, not errors; adapters translate
// foreign errors into this class at the border.

/** What went wrong, by what a caller or a person can do about it. */
export type ErrorCode =
  | "badRequest" // the call's own arguments are wrong
  | "notFound" // a task, file or session that was named does not exist
  | "notAllowed" // a path or an action outside what the caller may touch
  | "conflict" // the state moved on: the action no longer fits it
  | "locked" // another process owns the journal
  | "damaged" // stored data does not parse or does not match its hash
  | "io" // disk full, read-only folder, permission
  | "git" // git refused or is missing
  | "setup" // a set-up command failed: the worktree could not be prepared
  | "process" // a command could not be started
  | "noModel" // no model is configured
  | "cancelled" // the user or a limit stopped it
  | "internal"; // a bug of ours

/** A failure a person may read: `message` says what happened, what was kept and what to do next. */
export class CountersignError extends Error {
  readonly isCountersignError = true;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
    this.name = "CountersignError";
  }

  /** True for this class, and for `code` only when one is given. Checks a brand, so it holds across bundles. */
  static is(error: unknown, code?: ErrorCode): error is CountersignError {
    return (
      error instanceof Error &&
      "isCountersignError" in error &&
      (code === undefined || (error as CountersignError).code === code)
    );
  }
}

/** Closes a switch over a literal union: a new member becomes a compile error. */
export function assertNever(value: never): never {
  throw new CountersignError("internal", `Unexpected value: ${JSON.stringify(value)}`);
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
