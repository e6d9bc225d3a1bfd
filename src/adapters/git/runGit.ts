// Starts git. Every call of the project goes through here: same environment, same settings, hooks off, no prompts.
// It never guesses a repository: a place names it.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { devNull } from "node:os";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import { freeFromPipes } from "../files/stuckPipes";
import { gitFailure, type GitWords } from "./gitFailure";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Which repository, working tree and index a call works on. */
export interface Place {
  readonly cwd: string;
  readonly gitDir?: string;
  readonly workTree?: string;
  readonly index?: string;
  /** Missing: the user's settings as they are. */
  readonly inForce?: InForce;
}

/** What calls at a place may rest on. */
export interface InForce {
  /** The record of the settings that were in force when the task began. */
  readonly file: string;
  /** Whether the files of the checkout are the user's own, so that filters may run them. */
  readonly ownFiles: boolean;
}

/** What a call must not be led astray by. */
export interface Guarded {
  /** To be put before its arguments. */
  readonly args: readonly string[];
  /** Nothing may be fetched. */
  readonly offline: boolean;
}

export interface CallGuard {
  guard(place: Place, args: readonly string[]): Promise<Guarded>;
}

export interface GitOptions {
  readonly input?: string | Buffer;
  readonly signal?: AbortSignal;
  /** Output beyond this many bytes is dropped and git ended; the result says `cut`. */
  readonly maxBytes?: number;
  /** With the user's own settings, hooks and identity, as if they had typed it; nothing of ours but no questions. */
  readonly asUser?: boolean;
}

export interface GitOutput {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly cut: boolean;
}

/**
 * Settings that must not depend on the user. `core.hooksPath` is a place where no file can ever be.
 * `core.safecrlf` may refuse files, `core.splitIndex` writes beside the user's index, `worktree.useRelativePaths`
 * writes to the user's configuration.
 */
const SETTINGS = [
  `core.hooksPath=${devNull}`,
  "core.fsmonitor=false",
  "core.logAllRefUpdates=false",
  "core.quotePath=false",
  "core.safecrlf=false",
  "core.splitIndex=false",
  "commit.gpgSign=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "submodule.recurse=false",
  "i18n.commitEncoding=utf-8",
  "worktree.useRelativePaths=false",
  "advice.addEmbeddedRepo=false",
  "advice.addIgnoredFile=false",
  "advice.updateSparsePath=false",
  "advice.detachedHead=false",
].flatMap((setting) => ["-c", setting]);

/** What would lead a call of the user's to another repository, or keep it from being theirs. */
const MISLEADING =
  /^GIT_(?:DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|INDEX_VERSION|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|NAMESPACE|PREFIX|QUARANTINE_PATH|LITERAL_PATHSPECS|GLOB_PATHSPECS|ICASE_PATHSPECS|NOGLOB_PATHSPECS)$/i;

/** A protocol that there is none of: what a partial clone lacks is missing then, and no program fetches it. */
const OFFLINE = { GIT_ALLOW_PROTOCOL: "none", GIT_NO_LAZY_FETCH: "1" };

const IDENTITY = { name: "Countersign", email: "countersign@localhost" };

/** Of the host's environment, what makes git ask, page, edit or look at another repository. */
const STRIPPED = /^(?:GIT_.*|SSH_ASKPASS|.*EDITOR|VISUAL|PAGER|LESS|LV|BROWSER|PREFIX|LC_.*|LANGUAGE)$/i;

export class Git {
  private readonly environment: Readonly<Record<string, string>>;
  private readonly usersEnvironment: Readonly<Record<string, string>>;

  /** `program`: git's path or name. */
  constructor(
    readonly program: string,
    private readonly host: Environment,
    private readonly callGuard: CallGuard | null = null,
  ) {
    this.environment = gitEnvironment(host);
    this.usersEnvironment = { ...without(host, MISLEADING), GIT_TERMINAL_PROMPT: "0", GIT_EDITOR: ":" };
  }

  /** Where git looks for the user's own settings. */
  get configHome(): string {
    return this.environment["XDG_CONFIG_HOME"] ?? path.join(this.home, ".config");
  }

  get home(): string {
    return this.environment["HOME"] ?? this.environment["USERPROFILE"] ?? "";
  }

  /** The same, with every call of our own behind a guard. */
  guardedBy(guard: CallGuard): Git {
    return new Git(this.program, this.host, guard);
  }

  /** Whatever the exit code is. Rejects with `git` when git cannot be started, with `cancelled` on a cancel. */
  async attempt(place: Place, args: readonly string[], options: GitOptions = {}): Promise<GitOutput> {
    throwIfCancelled(options.signal);
    const asUser = options.asUser === true;
    const guarded = asUser ? undefined : await this.callGuard?.guard(place, args);
    throwIfCancelled(options.signal);
    const child = spawn(this.program, asUser ? args : [...SETTINGS, ...(guarded?.args ?? []), ...args], {
      cwd: place.cwd,
      env: { ...(asUser ? this.usersEnvironment : this.environment), ...placeVariables(place), ...(guarded?.offline === true ? OFFLINE : {}) },
      stdio: "pipe",
      // Its own process group, so that a cancel ends what git itself has started, too.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    const unwatch = watch(child, place, options.signal);
    try {
      return await collect(child, options);
    } catch (error) {
      throw unstartable(error, this.program, place.cwd);
    } finally {
      unwatch();
      throwIfCancelled(options.signal);
    }
  }

  /** stdout; any exit code but 0 rejects in the given words. */
  async run(place: Place, args: readonly string[], words: GitWords, options: GitOptions = {}): Promise<Buffer> {
    const output = await this.attempt(place, args, options);
    if (output.exitCode !== 0 && !output.cut) throw gitFailure(output.stderr, words);
    return output.stdout;
  }

  /** The same as one line of text. */
  async line(place: Place, args: readonly string[], words: GitWords, options: GitOptions = {}): Promise<string> {
    return (await this.run(place, args, words, options)).toString("utf8").trim();
  }
}

/** The parts of a `-z` output. */
export function zeroSeparated(output: Buffer): readonly string[] {
  const parts = output.toString("utf8").split("\0");
  return parts.at(-1) === "" ? parts.slice(0, -1) : parts;
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new CountersignError("cancelled", "Cancelled.", { cause: signal.reason });
}

function gitEnvironment(host: Environment): Readonly<Record<string, string>> {
  return {
    ...without(host, STRIPPED),
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_ADVICE: "0",
    // An object that stands for another would let a commit hold what no diff of it shows.
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_AUTHOR_NAME: IDENTITY.name,
    GIT_AUTHOR_EMAIL: IDENTITY.email,
    GIT_COMMITTER_NAME: IDENTITY.name,
    GIT_COMMITTER_EMAIL: IDENTITY.email,
  };
}

function without(host: Environment, names: RegExp): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(host)) {
    if (value !== undefined && !names.test(name)) kept[name] = value;
  }
  return kept;
}

function placeVariables(place: Place): Record<string, string> {
  return {
    ...(place.gitDir === undefined ? {} : { GIT_DIR: place.gitDir }),
    ...(place.workTree === undefined ? {} : { GIT_WORK_TREE: place.workTree }),
    ...(place.index === undefined ? {} : { GIT_INDEX_FILE: place.index }),
  };
}

/** Ends it on a cancel, and frees it from what an agent may have laid in its way. */
function watch(child: ChildProcess, { inForce, workTree }: Place, signal: AbortSignal | undefined): () => void {
  const over = inForce?.ownFiles === false && workTree !== undefined ? freeFromPipes(workTree, "remove") : null;
  const cancel = (): void => endGroup(child);
  signal?.addEventListener("abort", cancel, { once: true });
  return () => {
    over?.();
    signal?.removeEventListener("abort", cancel);
  };
}

function collect(child: ChildProcess, options: GitOptions): Promise<GitOutput> {
  const maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
  const { stdin, stdout, stderr } = child;
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let bytes = 0;
    let cut = false;
    stdout?.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) out.push(chunk);
      else if (!cut) {
        cut = true;
        out.push(chunk.subarray(0, chunk.length - (bytes - maxBytes)));
        endGroup(child);
      }
    });
    stderr?.on("data", (chunk: Buffer) => err.push(chunk));
    // Git may end before it has read everything; its exit code tells why.
    stdin?.on("error", () => undefined);
    stdin?.end(options.input ?? "");
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ exitCode: code ?? -1, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString("utf8"), cut });
    });
  });
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === "win32") {
    child.kill();
    return;
  }
  try {
    process.kill(-child.pid, "SIGTERM");
  } catch {
    // The group is gone already; `kill` on the child is a no-op then and settles any doubt.
    child.kill();
  }
}

function unstartable(error: unknown, program: string, cwd: string): unknown {
  if (CountersignError.is(error) || !(error instanceof Error)) return error;
  const isMissing = "code" in error && error.code === "ENOENT";
  if (isMissing && !existsSync(cwd)) {
    return new CountersignError("io", `The folder ${cwd} is gone. Nothing was changed. Put it back, then try again.`, {
      cause: error,
    });
  }
  const what = isMissing
    ? `git was not found (looked for "${program}")`
    : `git could not be started (${error.message})`;
  return new CountersignError(
    "git",
    `${what}. Nothing was changed. Install git or put it on the PATH, then try again.`,
    { cause: error },
  );
}
