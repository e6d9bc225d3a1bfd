// Files of commits, written to a folder of ours as a checkout would write them (line endings, filters, links), so that
// they can be compared with, merged into and moved to the user's tree.
import { randomBytes } from "node:crypto";
import { lstat, mkdir, readFile, readlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { ioError } from "../store/ioError";
import { removeTree } from "./removeTree";
import type { Git, Place } from "./runGit";

const WORDS = { what: "The files of the attempt could not be written out", kept: "Your files were not touched." };

export class StagedVersions {
  private readonly written = new Set<string>();

  private constructor(
    private readonly git: Git,
    private readonly place: Place,
    private readonly folder: string,
  ) {}

  static async create(git: Git, place: Place, temporary: string): Promise<StagedVersions> {
    const folder = path.join(temporary, `accept-${process.pid}-${randomBytes(6).toString("hex")}`);
    await mkdir(folder, { recursive: true });
    return new StagedVersions(git, place, folder);
  }

  /** Writes these files of a commit; each must be in it. */
  async stage(commit: string, files: readonly string[]): Promise<void> {
    const missing = files.filter((file) => !this.written.has(`${commit}:${file}`));
    if (missing.length === 0) return;
    const place = { ...this.place, index: path.join(this.folder, `${commit}.index`) };
    await this.git.run(place, ["read-tree", commit], WORDS);
    const args = ["checkout-index", "-q", "-f", `--prefix=${path.join(this.folder, commit)}/`, "-z", "--stdin"];
    await this.git.run(place, args, WORDS, { input: missing.map((file) => `${file}\0`).join("") });
    for (const file of missing) this.written.add(`${commit}:${file}`);
  }

  pathOf(commit: string, file: string): string {
    return path.join(this.folder, commit, file);
  }

  /** A file of its own in the folder. */
  scratch(name: string): string {
    return path.join(this.folder, `${randomBytes(4).toString("hex")}-${name}`);
  }

  /** An empty file: the base of what both sides added. */
  async empty(): Promise<string> {
    const file = this.scratch("empty");
    await writeFile(file, "");
    return file;
  }

  dispose(): Promise<void> {
    return removeTree(this.folder);
  }
}

/** True for two files of the same bytes, or two links to the same place. */
export async function sameContent(a: string, b: string): Promise<boolean> {
  try {
    const [first, second] = await Promise.all([lstat(a), lstat(b)]);
    if (first.isSymbolicLink() && second.isSymbolicLink()) return (await readlink(a)) === (await readlink(b));
    if (!first.isFile() || !second.isFile() || first.size !== second.size) return false;
    const [left, right] = await Promise.all([readFile(a), readFile(b)]);
    return left.equals(right);
  } catch (error) {
    throw ioError(error, { what: `${a} could not be compared with the attempt's`, kept: "It was left as it is." });
  }
}
