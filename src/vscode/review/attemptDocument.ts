// Names a file as an attempt or its base has it, as a URI that survives a reload of the window. Reads nothing.
import { Uri } from "vscode";
import type { TaskId } from "../../core/domain/task";
import type { TaskRef } from "../taskRef";

export const ATTEMPT_SCHEME = "countersign";

/** What is done with a document: `base` and `attempt` are the two sides of a review, `reference` is only looked at. */
export type Side = "base" | "attempt" | "reference";

export interface AttemptDocument extends TaskRef {
  readonly side: Side;
  /** The attempt that is looked at; a base is that of an attempt's review. */
  readonly attempt: number;
  /** The commit whose file this is. */
  readonly commit: string;
  /** Relative to the repository's root, `/`-separated. */
  readonly path: string;
  /** Shown behind the name, e.g. `attempt 2`. */
  readonly version: string;
}

/** The same document has the same URI always: comments and open tabs are found by it. */
export function uriOf(document: AttemptDocument): Uri {
  const { root, task, side, attempt, commit, path, version } = document;
  const query = JSON.stringify({ root, side, attempt, commit, version });
  return Uri.from({ scheme: ATTEMPT_SCHEME, authority: task, path: `/${path}`, query });
}

/** undefined for any other URI, and for one that somebody else made up. */
export function documentAt(uri: Uri): AttemptDocument | undefined {
  if (uri.scheme !== ATTEMPT_SCHEME) return undefined;
  const query = parsed(uri.query);
  const { root, side, attempt, commit, version } = query;
  if (typeof root !== "string" || typeof commit !== "string" || typeof version !== "string") return undefined;
  if (typeof attempt !== "number" || !isSide(side)) return undefined;
  return { root, task: uri.authority as TaskId, side, attempt, commit, version, path: uri.path.slice(1) };
}

function parsed(query: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(query);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // Not one of ours: whoever made it up is told that there is no such document.
    return {};
  }
}

function isSide(value: unknown): value is Side {
  return value === "base" || value === "attempt" || value === "reference";
}
