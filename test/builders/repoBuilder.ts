// Builds git repositories on disk for tests, and takes the fingerprint of what must stay untouched in one.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

/** The environment of the tests' own git calls: nobody's settings, one identity. */
export const GIT_ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: process.env["PATH"],
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
};

export class Repo {
  constructor(readonly dir: string) {
    mkdirSync(dir, { recursive: true });
  }

  git(...args: readonly string[]): string {
    return this.bytes(...args)
      .toString("utf8")
      .trim();
  }

  bytes(...args: readonly string[]): Buffer {
    const options = ["-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"];
    return execFileSync("git", [...options, ...args], {
      cwd: this.dir,
      env: GIT_ENVIRONMENT,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** git with a failure that is expected, as in a merge with conflicts. */
  failing(...args: readonly string[]): void {
    try {
      this.git(...args);
    } catch {
      return;
    }
    throw new Error(`git ${args.join(" ")} was expected to fail`);
  }

  write(file: string, content: string | Buffer, mode?: number): void {
    const full = path.join(this.dir, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, content);
    if (mode !== undefined) chmodSync(full, mode);
  }

  link(file: string, target: string): void {
    mkdirSync(path.dirname(path.join(this.dir, file)), { recursive: true });
    symlinkSync(target, path.join(this.dir, file));
  }

  remove(file: string): void {
    rmSync(path.join(this.dir, file), { recursive: true });
  }

  read(file: string): string {
    return readFileSync(path.join(this.dir, file), "utf8");
  }

  has(file: string): boolean {
    return existsSync(path.join(this.dir, file));
  }

  commit(files: Readonly<Record<string, string>>, message = "work"): string {
    for (const [file, content] of Object.entries(files)) this.write(file, content);
    this.git("add", "-A");
    this.git("commit", "-q", "--allow-empty", "-m", message);
    return this.git("rev-parse", "HEAD");
  }
}

export function aRepository(
  dir: string,
  files: Readonly<Record<string, string>> = { "a.txt": "one\ntwo\nthree\n", "src/b.txt": "b\n" },
): Repo {
  const repo = new Repo(dir);
  repo.git("init", "-q");
  if (Object.keys(files).length > 0) repo.commit(files, "first");
  return repo;
}

/** What a file is, in one word: its text, `x:` before that of an executable one, `->` before a link's target. */
export function describeFile(full: string): string {
  const stats = lstatSync(full);
  if (stats.isSymbolicLink()) return `-> ${readlinkSync(full)}`;
  return `${(stats.mode & 0o100) === 0 ? "" : "x:"}${readFileSync(full).toString("latin1")}`;
}

/** Every file below a folder, git's own left out. */
export function filesOnDisk(dir: string): Record<string, string> {
  const files: Record<string, string> = {};
  const visit = (folder: string): void => {
    for (const entry of readdirSync(path.join(dir, folder), { withFileTypes: true })) {
      const file = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.name === ".git") continue;
      if (entry.isDirectory()) visit(file);
      else files[file] = describeFile(path.join(dir, file));
    }
  };
  visit("");
  return files;
}

/** Every file of a commit, described as on disk; submodules as `submodule`. */
export function filesInCommit(gitDir: string, commit: string): Record<string, string> {
  const git = (args: readonly string[], input = ""): string =>
    execFileSync("git", ["--git-dir", gitDir, ...args], { env: GIT_ENVIRONMENT, input, maxBuffer: Number.POSITIVE_INFINITY }).toString("latin1");
  const entries = Buffer.from(git(["ls-tree", "-r", "-z", commit]), "latin1")
    .toString("utf8")
    .split("\0")
    .map((entry) => /^(\d+) \w+ (\w+)\t([^]*)$/.exec(entry))
    .flatMap((match) => (match === null ? [] : [{ mode: match[1] ?? "", oid: match[2] ?? "", file: match[3] ?? "" }]));
  // All in one process: `oid blob size`, a line break, the contents, a line break.
  let blobs = git(["cat-file", "--batch"], entries.flatMap(({ mode, oid }) => (mode === "160000" ? [] : [`${oid}\n`])).join(""));
  return Object.fromEntries(
    entries.map(({ mode, file }) => {
      if (mode === "160000") return [file, "submodule"];
      const [head = "", size = ""] = /^\w+ blob (\d+)\n/.exec(blobs) ?? [];
      const end = head.length + Number(size);
      const text = blobs.slice(head.length, end);
      blobs = blobs.slice(end + 1);
      return [file, mode === "120000" ? `-> ${text}` : `${mode === "100755" ? "x:" : ""}${text}`];
    }),
  );
}

/** Where Countersign may write in a git folder: objects, its own refs, its own worktrees' entries. */
const ITS_OWN =
  /^(?:modules\/[^/]+\/)?(?:objects|refs\/heads\/countersign|refs\/countersign|worktrees\/task-[^/]*)(?:\/|$)/;

/** Every other file of a git folder with its bytes, and the time of the index: equal before and after, or something leaked. */
export function fingerprint(gitDir: string): Record<string, string> {
  const marks: Record<string, string> = {};
  const visit = (folder: string): void => {
    for (const name of readdirSync(path.join(gitDir, folder))) {
      const file = folder === "" ? name : `${folder}/${name}`;
      const full = path.join(gitDir, file);
      if (ITS_OWN.test(file)) continue;
      if (statSync(full).isDirectory()) visit(file);
      else {
        const time = name === "index" ? ` ${statSync(full, { bigint: true }).mtimeNs}` : "";
        marks[file] = `${createHash("sha256").update(readFileSync(full)).digest("hex")}${time}`;
      }
    }
  };
  visit("");
  return marks;
}
