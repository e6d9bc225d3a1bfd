// An index of our own: a copy of another one, thrown away after use. A working tree is staged into it and written as a
// tree without the user's index ever being opened for writing.
import { randomBytes } from "node:crypto";
import { copyFile, mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { errnoOf, ioError } from "../store/ioError";
import type { Entry } from "./diff";
import { exists } from "./folders";
import { gitFailure, type GitWords } from "./gitFailure";
import { OWN_FOLDER } from "./names";
import { zeroSeparated, type Git, type GitOutput, type Place } from "./runGit";

/** Repositories inside the working tree that are no submodules: another's in the user's tree, left over in an agent's. */
export type EmbeddedRepositories = "leaveOut" | "takeFiles";

export interface StageOptions {
  readonly embedded: EmbeddedRepositories;
  /** Patterns that count besides the ignore files. */
  readonly alsoIgnore?: readonly string[];
  readonly words: GitWords;
  readonly signal?: AbortSignal;
}

const EVERYTHING_BUT_OURS = [":/", `:(top,exclude,glob)**/${OWN_FOLDER}/**`, `:(top,exclude,glob)**/${OWN_FOLDER}`];

/** Large files are streamed and stored as they are: compressing 200 MB takes 4.6 s, storing it 1.5 s. */
const FAST_STORING = ["-c", "core.bigFileThreshold=32m", "-c", "pack.compression=0"];

export class PrivateIndex {
  private constructor(
    private readonly git: Git,
    /** The place of the calls: repository, working tree, this index. */
    readonly place: Place & { readonly index: string },
    private readonly seed: string | null,
  ) {}

  /** A copy of the index file `seed` (which may be missing) in `folder`. */
  static async copyOf(git: Git, place: Place, seed: string | null, folder: string): Promise<PrivateIndex> {
    await mkdir(folder, { recursive: true });
    const index = path.join(folder, `index-${process.pid}-${randomBytes(6).toString("hex")}`);
    const copy = new PrivateIndex(git, { ...place, index }, seed);
    await copy.reset();
    return copy;
  }

  /** Everything that is not ignored, our own folder and submodules excepted: these stay as the seed has them. */
  async stageAll(options: StageOptions): Promise<void> {
    const submodules = (await this.gitlinks(options)).map(excluding);
    const first = await this.add(submodules, options);
    if (first.exitCode === 0 && !NESTED.test(first.stderr)) return;
    if (!NESTED.test(first.stderr)) throw gitFailure(first.stderr, options.words);
    await this.reset();
    const embedded = await this.embeddedRepositories(options);
    const second = await this.add([...submodules, ...embedded.map(excluding)], options);
    if (second.exitCode !== 0) throw gitFailure(second.stderr, options.words);
    if (options.embedded === "takeFiles") await this.stagePaths(await this.filesOf(embedded, options), options.words);
  }

  /** These paths as they are on disk, ignored or not; every one must be a file or a link. */
  async stagePaths(paths: readonly string[], words: GitWords): Promise<void> {
    if (paths.length === 0) return;
    await this.git.run(this.place, [...FAST_STORING, "update-index", "--add", "--replace", "-z", "--stdin"], words, {
      input: zeroList(paths),
    });
  }

  /** Takes the marks "assume unchanged" and "skip worktree" off these paths: git would not look at the files otherwise. */
  async heedAgain(paths: readonly string[], words: GitWords): Promise<void> {
    const wanted = new Set(paths);
    const tags = zeroSeparated(await this.git.run(this.place, ["ls-files", "-v", "-z"], words));
    const marked = (pattern: RegExp): readonly string[] =>
      tags
        .filter((tag) => pattern.test(tag))
        .map((tag) => tag.slice(2))
        .filter((file) => wanted.has(file));
    for (const [option, files] of [
      ["--no-assume-unchanged", marked(/^[a-z] /)],
      ["--no-skip-worktree", marked(/^[sS] /)],
    ] as const) {
      if (files.length > 0)
        await this.git.run(this.place, ["update-index", option, "-z", "--stdin"], words, { input: zeroList(files) });
    }
  }

  async forget(paths: readonly string[], words: GitWords): Promise<void> {
    if (paths.length === 0) return;
    await this.git.run(this.place, ["update-index", "--force-remove", "-z", "--stdin"], words, {
      input: zeroList(paths),
    });
  }

  /** Holds the tree of a commit, and nothing else. */
  async readTree(commit: string, words: GitWords): Promise<void> {
    await this.git.run(this.place, ["read-tree", commit], words);
  }

  /** Entries by mode and object. Whatever is in the way of one goes. */
  async put(entries: readonly { readonly path: string; readonly entry: Entry }[], words: GitWords): Promise<void> {
    if (entries.length === 0) return;
    const lines = entries.map(({ path: file, entry }) => `${entry.mode} ${entry.oid}\t${file}`);
    const args = ["update-index", "--add", "--replace", "-z", "--index-info"];
    await this.git.run(this.place, args, words, { input: zeroList(lines) });
  }

  /** Paths below `folder` in this index. */
  async pathsBelow(folder: string, words: GitWords): Promise<readonly string[]> {
    return zeroSeparated(
      await this.git.run(this.place, ["--literal-pathspecs", "ls-files", "-z", "--", folder], words),
    );
  }

  writeTree(words: GitWords): Promise<string> {
    return this.git.line(this.place, ["write-tree"], words);
  }

  /** Puts this index where `file` is; it is gone from here then. */
  async moveTo(file: string): Promise<void> {
    await rename(this.place.index, file);
  }

  /** Copies this index to `file`, atomically. */
  async copyTo(file: string): Promise<void> {
    await copyIndex(this.place.index, file);
  }

  async dispose(): Promise<void> {
    await rm(this.place.index, { force: true });
    await rm(`${this.place.index}.lock`, { force: true });
    await rm(`${this.place.index}.exclude`, { force: true });
  }

  private async reset(): Promise<void> {
    await this.dispose();
    if (this.seed !== null) await copyIndex(this.seed, this.place.index);
  }

  private async add(exclusions: readonly string[], options: StageOptions): Promise<GitOutput> {
    const settings = await this.ignoring(options);
    const input = zeroList([...EVERYTHING_BUT_OURS, ...exclusions]);
    const add = (extra: readonly string[]): Promise<GitOutput> => {
      const args = [
        ...FAST_STORING,
        ...settings,
        "add",
        "-A",
        ...extra,
        "--pathspec-from-file=-",
        "--pathspec-file-nul",
      ];
      return this.git.attempt(this.place, args, {
        input,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
    };
    const output = await add([]);
    // Only newer versions know the option, and only they ask for it.
    return output.exitCode !== 0 && /sparse-checkout/.test(output.stderr) ? add(["--sparse"]) : output;
  }

  /** Git knows one ignore file of the user's besides the repository's: ours holds that one's lines, too. */
  private async ignoring({ alsoIgnore = [], words }: StageOptions): Promise<readonly string[]> {
    if (alsoIgnore.length === 0) return [];
    const configured = await this.git.attempt(this.place, ["config", "--type=path", "--get", "core.excludesFile"]);
    const usual = path.join(this.git.configHome, "git", "ignore");
    const theirs = await readIfThere(configured.exitCode === 0 ? configured.stdout.toString("utf8").trim() : usual);
    const file = `${this.place.index}.exclude`;
    try {
      await writeFile(file, `${alsoIgnore.join("\n")}\n${theirs}`);
    } catch (error) {
      throw ioError(error, { what: words.what, kept: words.kept ?? "Nothing was changed." });
    }
    return ["-c", `core.excludesFile=${file}`];
  }

  /**
   * Submodules in this index. A user's snapshot is on the way to the first answer, and listing a large index takes time:
   * without a .gitmodules nobody has declared one. An agent may have removed that file.
   */
  private async gitlinks(options: StageOptions): Promise<readonly string[]> {
    const root = this.place.workTree ?? this.place.cwd;
    if (options.embedded === "leaveOut" && !(await exists(path.join(root, ".gitmodules")))) return [];
    const entries = await this.git.run(this.place, ["ls-files", "-s", "-z"], options.words);
    if (!entries.includes("160000 ")) return [];
    return zeroSeparated(entries).flatMap((entry) => /^160000 \S+ 0\t([^]*)$/.exec(entry)?.[1] ?? []);
  }

  private async embeddedRepositories(options: StageOptions): Promise<readonly string[]> {
    const others = await this.git.run(this.place, ["ls-files", "--others", "--exclude-standard", "-z"], options.words);
    return zeroSeparated(others).flatMap((entry) => (entry.endsWith("/") ? [entry.slice(0, -1)] : []));
  }

  /**
   * What an agent's scaffolding tool put into a repository of its own is still the agent's work. Git lists it with our
   * own repository and the folder as working tree: the embedded repository's settings, which could run anything, are
   * never read.
   */
  private async filesOf(folders: readonly string[], options: StageOptions): Promise<readonly string[]> {
    const root = this.place.workTree ?? this.place.cwd;
    const lists = folders.map(async (folder) => {
      const place = {
        ...this.place,
        cwd: path.join(root, folder),
        workTree: path.join(root, folder),
        index: `${this.place.index}.none`,
      };
      const files = zeroSeparated(
        await this.git.run(place, ["ls-files", "--others", "--exclude-standard", "-z"], options.words),
      );
      return files.filter((file) => !file.endsWith("/")).map((file) => `${folder}/${file}`);
    });
    return (await Promise.all(lists)).flat();
  }
}

const NESTED = /adding embedded git repository|does not have a commit checked out/;

function excluding(file: string): string {
  return `:(top,exclude,literal)${file}`;
}

function zeroList(items: readonly string[]): string {
  return items.map((item) => `${item}\0`).join("");
}

/** An ignore file that cannot be read is passed over by git as well. */
async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    return "";
  }
}

/**
 * Copies an index, rounding its time down: git trusts a file's size and time only if the file is older than the index,
 * so a copy with a later time would hide an edit made in the same second. A missing index stays missing.
 */
async function copyIndex(from: string, to: string): Promise<void> {
  const temporary = `${to}.new`;
  try {
    const { mtimeMs } = await stat(from);
    await copyFile(from, temporary);
    const seconds = Math.floor(mtimeMs / 1000);
    await utimes(temporary, seconds, seconds);
    await rename(temporary, to);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return;
    throw ioError(error, { what: `The index ${from} could not be copied`, kept: "Nothing was changed." });
  }
}
