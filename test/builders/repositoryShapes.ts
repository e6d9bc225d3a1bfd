// The shapes that a user's folder can have, each with what the user sees in it.
import { randomBytes } from "node:crypto";
import path from "node:path";
import { aRepository, Repo } from "./repoBuilder";

export interface Shape {
  /** The folder that is opened. */
  readonly open: string;
  /** The working tree's root. */
  readonly root: string;
  /** The git folders that must stay as they are; none for a folder without git. */
  readonly gitDirs: readonly string[];
  /** Every file that the base commit must hold, described as in `filesOnDisk`. */
  readonly sees: Readonly<Record<string, string>>;
  readonly head: string | null;
}

type Make = (folder: string) => Shape;

const FILES = { "a.txt": "one\ntwo\nthree\n", "src/b.txt": "b\n" };

function shapeOf(repo: Repo, sees: Readonly<Record<string, string>>, more: Partial<Shape> = {}): Shape {
  const head = ((): string | null => {
    try {
      return repo.git("rev-parse", "--verify", "-q", "HEAD");
    } catch {
      return null;
    }
  })();
  return { open: repo.dir, root: repo.dir, gitDirs: [path.join(repo.dir, ".git")], sees, head, ...more };
}

export const SHAPES: Readonly<Record<string, Make>> = {
  "a clean repository": (folder) => shapeOf(aRepository(path.join(folder, "r")), FILES),

  "staged, unstaged, untracked, deleted and ignored files": (folder) => {
    const repo = aRepository(path.join(folder, "r"), {
      ...FILES,
      "gone.txt": "x",
      "unstaged-gone.txt": "x",
      ".gitignore": "*.log\nout/\n",
    });
    repo.write("staged.txt", "staged\n");
    repo.git("add", "staged.txt");
    repo.write("a.txt", "staged version\n");
    repo.git("add", "a.txt");
    repo.write("a.txt", "what the user sees\n");
    repo.git("rm", "-q", "gone.txt");
    repo.remove("unstaged-gone.txt");
    repo.write("new/deep.txt", "untracked\n");
    repo.write("x.log", "ignored");
    repo.write("out/y", "ignored");
    repo.write(".countersign/plans/task-1/plan.md", "ours");
    return shapeOf(repo, {
      "a.txt": "what the user sees\n",
      "src/b.txt": "b\n",
      "staged.txt": "staged\n",
      "new/deep.txt": "untracked\n",
      ".gitignore": "*.log\nout/\n",
    });
  },

  "a subfolder": (folder) => {
    const repo = aRepository(path.join(folder, "r"));
    repo.write("src/.countersign/state/journal.ndjson", "ours");
    return shapeOf(repo, FILES, { open: path.join(repo.dir, "src") });
  },

  "a detached HEAD": (folder) => {
    const repo = aRepository(path.join(folder, "r"));
    repo.commit({ "later.txt": "later" });
    repo.git("checkout", "-q", "--detach", "HEAD~1");
    return shapeOf(repo, FILES);
  },

  "a repository without commits": (folder) => {
    const repo = aRepository(path.join(folder, "r"), {});
    repo.write("a.txt", "one\ntwo\nthree\n");
    repo.write("src/b.txt", "b\n");
    repo.git("add", "a.txt");
    return shapeOf(repo, FILES);
  },

  "an empty repository": (folder) => shapeOf(aRepository(path.join(folder, "r"), {}), {}),

  "a linked worktree": (folder) => {
    const main = aRepository(path.join(folder, "main"));
    main.git("worktree", "add", "-q", "-b", "side", path.join(folder, "linked"));
    const linked = new Repo(path.join(folder, "linked"));
    linked.write("new.txt", "new\n");
    return shapeOf(linked, { ...FILES, "new.txt": "new\n" }, { gitDirs: [path.join(main.dir, ".git")] });
  },

  "a submodule with changes of its own": (folder) => {
    const library = aRepository(path.join(folder, "library"), { "lib.txt": "lib\n" });
    const repo = aRepository(path.join(folder, "r"));
    repo.git("submodule", "--quiet", "add", library.dir, "lib");
    repo.git("commit", "-q", "-m", "submodule");
    repo.write("lib/lib.txt", "changed");
    repo.write("lib/more.txt", "more");
    const inside = new Repo(path.join(repo.dir, "lib"));
    inside.git("commit", "-q", "--allow-empty", "-m", "ahead");
    return shapeOf(repo, { ...FILES, lib: "submodule", ".gitmodules": repo.read(".gitmodules") });
  },

  "a folder inside of a submodule": (folder) => {
    const library = aRepository(path.join(folder, "library"), { "deep/lib.txt": "lib\n" });
    const outer = aRepository(path.join(folder, "r"));
    outer.git("submodule", "--quiet", "add", library.dir, "lib");
    const inside = new Repo(path.join(outer.dir, "lib"));
    inside.write("new.txt", "new");
    return shapeOf(
      inside,
      { "deep/lib.txt": "lib\n", "new.txt": "new" },
      { open: path.join(inside.dir, "deep"), gitDirs: [path.join(outer.dir, ".git")] },
    );
  },

  "untracked repositories inside": (folder) => {
    const repo = aRepository(path.join(folder, "r"));
    aRepository(path.join(repo.dir, "vendor/with commits"), { "v.txt": "v" });
    new Repo(path.join(repo.dir, "empty")).git("init", "-q");
    repo.write("empty/e.txt", "e");
    repo.write("vendor/mine.txt", "mine");
    return shapeOf(repo, { ...FILES, "vendor/mine.txt": "mine" });
  },

  "an unfinished merge": (folder) => {
    const repo = aRepository(path.join(folder, "r"));
    repo.git("checkout", "-q", "-b", "side");
    repo.commit({ "a.txt": "side\n" });
    repo.git("checkout", "-q", "main");
    repo.commit({ "a.txt": "main\n" });
    repo.failing("merge", "-q", "side");
    return shapeOf(repo, { ...FILES, "a.txt": repo.read("a.txt") });
  },

  "a file that is only intended to be added": (folder) => {
    const repo = aRepository(path.join(folder, "r"));
    repo.write("intended.txt", "intended\n");
    repo.git("add", "-N", "intended.txt");
    return shapeOf(repo, { ...FILES, "intended.txt": "intended\n" });
  },

  "a sparse checkout": (folder) => {
    const repo = aRepository(path.join(folder, "r"), { ...FILES, "far/away.txt": "far\n" });
    repo.git("sparse-checkout", "set", "--cone", "src");
    repo.write("src/new.txt", "new\n");
    repo.write("elsewhere/new.txt", "outside of the cone\n");
    return shapeOf(repo, {
      ...FILES,
      "far/away.txt": "far\n",
      "src/new.txt": "new\n",
      "elsewhere/new.txt": "outside of the cone\n",
    });
  },

  "a split index": (folder) => {
    const repo = aRepository(path.join(folder, "r"));
    repo.git("update-index", "--split-index");
    repo.write("staged.txt", "staged\n");
    repo.git("add", "staged.txt");
    // So much is new that git would write the shared part anew.
    const fresh = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`new/${at}.txt`, `${at}\n`]));
    for (const [file, text] of Object.entries(fresh)) repo.write(file, text);
    return shapeOf(repo, { ...FILES, ...fresh, "staged.txt": "staged\n" });
  },

  "names that need care": (folder) => {
    const files = {
      "with space.txt": "1",
      "ümläut/ß.txt": "2",
      "new\nline.txt": "3",
      '"quoted".txt': "4",
      ":(exclude)a": "5",
      "-dash": "6",
      "a*b?[c].txt": "7",
      "back\\slash": "8",
    };
    const repo = aRepository(path.join(folder, "ordner mit leerzeichen ü"), files);
    for (const name of Object.keys(files)) repo.write(`new/${name}`, "n");
    return shapeOf(repo, { ...files, ...Object.fromEntries(Object.keys(files).map((name) => [`new/${name}`, "n"])) });
  },

  "executable, linked and binary files": (folder) => {
    const repo = aRepository(path.join(folder, "r"));
    const binary = Buffer.concat([Buffer.from([0, 255, 13, 10, 0]), randomBytes(100)]);
    repo.write("run.sh", "#!/bin/sh\n", 0o755);
    repo.write("data.bin", binary);
    repo.link("outside", "/etc/passwd");
    repo.link("dangling", "nowhere/at/all");
    repo.link("folder", "src");
    const links = { outside: "-> /etc/passwd", dangling: "-> nowhere/at/all", folder: "-> src" };
    return shapeOf(repo, { ...FILES, "run.sh": "x:#!/bin/sh\n", "data.bin": binary.toString("latin1"), ...links });
  },

  "line endings that git converts": (folder) => {
    const repo = aRepository(path.join(folder, "r"), { ".gitattributes": "*.txt text\n", "a.txt": "one\ntwo\n" });
    repo.git("config", "core.autocrlf", "true");
    repo.git("config", "core.safecrlf", "true");
    repo.remove("a.txt");
    repo.git("checkout", "-q", "--", "a.txt");
    repo.write("new.txt", "new\r\n");
    return shapeOf(repo, { ".gitattributes": "*.txt text\n", "a.txt": "one\ntwo\n", "new.txt": "new\n" });
  },

  "a shallow clone": (folder) => {
    const origin = aRepository(path.join(folder, "origin"));
    origin.commit({ "c.txt": "c" });
    new Repo(folder).git("clone", "-q", "--depth=1", `file://${origin.dir}`, "r");
    const repo = new Repo(path.join(folder, "r"));
    repo.write("new.txt", "new");
    return shapeOf(repo, { ...FILES, "c.txt": "c", "new.txt": "new" });
  },

  "packed refs, a stash, hooks and reflogs": (folder) => {
    const repo = aRepository(path.join(folder, "r"));
    repo.write("a.txt", "stashed");
    repo.git("stash", "-q");
    repo.git("pack-refs", "--all");
    for (const hook of ["post-checkout", "pre-commit", "reference-transaction", "post-commit", "post-index-change"]) {
      repo.write(`.git/hooks/${hook}`, `#!/bin/sh\necho ran > "${repo.dir}/HOOK-${hook}"\n`, 0o755);
    }
    repo.git("config", "core.logAllRefUpdates", "always");
    repo.git("config", "commit.gpgSign", "true");
    repo.git("config", "user.useConfigOnly", "true");
    repo.git("config", "branch.autoSetupMerge", "always");
    return shapeOf(repo, FILES);
  },

  "a repository with SHA-256 names": (folder) => {
    const repo = new Repo(path.join(folder, "r"));
    repo.git("init", "-q", "--object-format=sha256");
    repo.commit(FILES);
    repo.write("new.txt", "new");
    return shapeOf(repo, { ...FILES, "new.txt": "new" });
  },

  "a folder without git": (folder) => {
    const plain = new Repo(path.join(folder, "plain"));
    for (const [file, text] of Object.entries(FILES)) plain.write(file, text);
    plain.write("node_modules/x/index.js", "generated");
    plain.write("deep/.venv/pyvenv.cfg", "generated");
    plain.write(".env", "SECRET=1");
    plain.write(".env.example", "SECRET=");
    plain.write("dist/index.html", "the work itself");
    plain.write(".countersign/state/journal.ndjson", "ours");
    return shapeOf(
      plain,
      { ...FILES, ".env.example": "SECRET=", "dist/index.html": "the work itself" },
      { gitDirs: [], head: null },
    );
  },

  "an empty folder": (folder) => shapeOf(new Repo(path.join(folder, "plain")), {}, { gitDirs: [], head: null }),

  "an ignored subfolder of a repository": (folder) => {
    const outer = aRepository(path.join(folder, "outer"), { ".gitignore": "scratch/\n" });
    const inner = new Repo(path.join(outer.dir, "scratch/project"));
    inner.write("a.txt", "one\ntwo\nthree\n");
    return shapeOf(inner, { "a.txt": "one\ntwo\nthree\n" }, { gitDirs: [path.join(outer.dir, ".git")], head: null });
  },
};
