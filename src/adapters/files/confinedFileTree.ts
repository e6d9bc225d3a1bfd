// One folder of the disk as a tree that nothing leads out of. It composes the parts beside it and holds no rules of
// its own.
import { realpath } from "node:fs/promises";
import path from "node:path";
import { CountersignError, messageOf } from "../../core/domain/errors";
import type { FileContent, FileTree, SearchOptions } from "../../core/ports/fileTree";
import type { Logger } from "../../core/ports/logger";
import { EXCLUSION_FILE, type Exclusions, type IsExcluded } from "./exclusions";
import { writeAtomically } from "./writeAtomically";
import { globMatcher, listedFiles } from "./fileListing";
import { lexicalPath, plainName } from "./lexicalPath";
import { readContent, type LineRange } from "./readContent";
import { notAllowed, realLocation } from "./realLocation";
import { ripgrepOnPath, ripgrepSearch } from "./ripgrepSearch";
import { scriptSearch } from "./scriptSearch";
import { searchPattern } from "./searchPattern";
import type { SearchAnswer, SearchRun } from "./searchRun";
import { similarNames } from "./similarNames";

const SIMILAR_NAMES = 5;
/** A search that takes longer is given up, milliseconds. */
const SEARCH_LIMIT_MS = 30_000;
const NOTHING_EXCLUDED: IsExcluded = () => false;
const NOT_CANCELLED = new AbortController().signal;

export interface ConfinedTreeOptions {
  /** Absolute. */
  readonly root: string;
  /** Absolute folders whose paths mean the same files here: the user's own repository. */
  readonly aliases: readonly string[];
  readonly logger: Logger;
  /** What agents must never read. */
  readonly exclusions?: Exclusions;
  /** ripgrep's program; null for JavaScript only; left out, it is looked for on the PATH. */
  readonly rgPath?: string | null;
  readonly searchLimitMs?: number;
}

interface Names {
  readonly realRoot: string;
  /** Every spelling of the root and its aliases, longest first. */
  readonly roots: readonly string[];
}

export class ConfinedFileTree implements FileTree {
  private names: Promise<Names> | undefined;
  private ripgrep: Promise<string | null> | undefined;
  private looking: ReturnType<typeof listedFiles> | undefined;

  constructor(private readonly options: ConfinedTreeOptions) {}

  get root(): string {
    return this.options.root;
  }

  async resolve(written: string): Promise<string> {
    return (await this.locate(written)).relative;
  }

  isExcluded(relative: string): boolean {
    const isExcluded = this.look();
    return isExcluded(relative) || isExcluded(relative, true);
  }

  async read(written: string, range?: LineRange): Promise<FileContent> {
    const { relative, absolute, exists, realRoot } = await this.locate(written);
    const content = exists ? await readContent({ realRoot, absolute, written }, range) : null;
    if (content !== null) return content;
    return { kind: "missing", similar: similarNames(relative, await this.namesNow(), SIMILAR_NAMES) };
  }

  async write(written: string, text: string): Promise<void> {
    const { relative, realRoot } = await this.locate(written);
    if (relative === "") throw notAllowed(written, "it is the worktree itself");
    const problem = unwritable(relative);
    if (problem !== null) throw notAllowed(written, problem);
    if (/[\\/]$/.test(written)) throw notAllowed(written, "it names a folder");
    await writeAtomically({ realRoot, relative }, text);
  }

  async list(written: string, glob: string, limit: number): ReturnType<FileTree["list"]> {
    const relative = realRelative(await this.locate(written));
    const matches = globMatcher(glob, relative);
    const files = (await this.files(relative, NOT_CANCELLED)).map((file) => file.path).filter(matches);
    return { files: files.slice(0, limit), total: files.length };
  }

  async search(options: SearchOptions, signal: AbortSignal): Promise<SearchAnswer> {
    const pattern = searchPattern(options.pattern, options);
    const location = await this.locate(options.path);
    const relative = realRelative(location);
    const matches = globMatcher(options.glob, relative);
    const listed = await this.files(relative, signal);
    const files = listed.filter((file) => !file.isLink && matches(file.path)).map((file) => file.path);
    if (files.length === 0) return { hits: [], total: 0 };
    const timeLimitMs = this.options.searchLimitMs ?? SEARCH_LIMIT_MS;
    return await this.searchFiles({
      root: location.realRoot,
      files,
      pattern,
      limit: options.limit,
      signal,
      timeLimitMs,
    });
  }

  private async searchFiles(run: SearchRun): Promise<SearchAnswer> {
    this.ripgrep ??= this.findRipgrep();
    const program = await this.ripgrep;
    const answer = program === null ? null : await ripgrepSearch(program, run);
    return answer ?? (await scriptSearch(run));
  }

  private async findRipgrep(): Promise<string | null> {
    const { rgPath } = this.options;
    return rgPath === undefined ? await ripgrepOnPath(process.env["PATH"] ?? "", this.root) : rgPath;
  }

  /** Reads that miss at the same time share one look at the tree: it starts git and may go over 100,000 names. */
  private async namesNow(): Promise<readonly string[]> {
    this.looking ??= this.files("", NOT_CANCELLED).finally(() => (this.looking = undefined));
    return (await this.looking).map((file) => file.path);
  }

  private async files(relative: string, signal: AbortSignal): ReturnType<typeof listedFiles> {
    const { realRoot } = await this.known();
    try {
      const files = await listedFiles(realRoot, relative, this.options.logger, signal);
      const isExcluded = this.look();
      return files.filter((file) => !isExcluded(file.path));
    } catch (error) {
      if (signal.aborted) throw new CountersignError("cancelled", "The search was cancelled.", { cause: error });
      throw new CountersignError("io", `The files of the worktree cannot be listed: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  /** Where a path leads, both halves of confinement passed. */
  private async locate(written: string): Promise<Location> {
    const { realRoot, roots } = await this.known();
    const said = lexicalPath(written, { roots, platform: process.platform });
    if (said.kind === "refused") throw notAllowed(written, said.reason);
    const location = { relative: said.relative, realRoot, ...(await realLocation(realRoot, said.relative)) };
    const isExcluded = this.look();
    for (const name of new Set([said.relative, realRelative(location)])) {
      if (isExcluded(name) || isExcluded(name, true)) throw notAllowed(written, `it is excluded by ${EXCLUSION_FILE}, in which the user says what agents do not read or change`);
    }
    return location;
  }

  private look(): IsExcluded {
    return this.options.exclusions?.look(this.options.root) ?? NOTHING_EXCLUDED;
  }

  private async known(): Promise<Names> {
    this.names ??= namesOf([this.options.root, ...this.options.aliases]);
    return await this.names;
  }
}

interface Location {
  readonly relative: string;
  readonly absolute: string;
  readonly exists: boolean;
  readonly realRoot: string;
}

/** A folder of countersign's own that agents are asked to write into. */
const DELIVERABLES = /^\.countersign\/plans\/[^/]+\/deliverables\/./;

const SHORT_NAME = /^counte~\d+$/;

/** Why a path is nobody's to write though it can be read; null when it is. */
function unwritable(relative: string): string | null {
  const parts = relative.split("/").map((part) => plainName(part));
  if (parts.some((part) => SHORT_NAME.test(part))) return "on Windows it may be the short name of one of countersign's own files";
  if (parts.at(-1) === EXCLUSION_FILE) return `${EXCLUSION_FILE} is the user's: ask for a change in your answer`;
  if (parts[0] === ".countersign" && !DELIVERABLES.test(relative)) return "countersign's own files are off limits, but for the task's deliverables";
  return null;
}

/** The path a folder's files are listed under when it is reached through a link. */
function realRelative({ realRoot, absolute }: Location): string {
  return path.relative(realRoot, absolute).replaceAll(path.sep, "/");
}

async function namesOf(folders: readonly string[]): Promise<Names> {
  const real = await Promise.all(
    folders.map(async (folder) => await realpath(folder).catch(() => path.resolve(folder))),
  );
  const roots = [...new Set([...folders, ...real])].toSorted((a, b) => b.length - a.length);
  return { realRoot: real[0] ?? "", roots };
}
