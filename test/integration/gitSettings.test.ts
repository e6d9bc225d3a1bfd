import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { GitWorkspace } from "../../src/adapters/git/gitWorkspace";
import { CountersignError } from "../../src/core/domain/errors";
import type { TaskBase } from "../../src/core/domain/workspace";
import { NEVER, TASK, workspaceFor } from "../builders/gitBench";
import { aRepository, filesInCommit, filesOnDisk, GIT_ENVIRONMENT, type Repo } from "../builders/repoBuilder";
import { tempFolder } from "../builders/tempFolder";

const LOUD = { clean: "tr A-Z a-z", smudge: "tr a-z A-Z" };

/** What an agent without a sandbox does to git's settings, and what the host's git makes of it. */
describe("git on the host after a command without a sandbox", () => {
  const folder = tempFolder();
  let repo: Repo;
  let workspace: GitWorkspace;
  let base: TaskBase;
  let proof: string;

  const environment = (): NodeJS.ProcessEnv => ({ ...GIT_ENVIRONMENT, HOME: path.join(folder(), "home"), PATH: `${path.join(folder(), "bin")}:${process.env["PATH"]}` });
  const run = (command: string): string => execFileSync("sh", ["-c", command], { cwd: base.worktree, env: environment(), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const commit = (): Promise<string> => workspace.commitAttempt(base, "an attempt", []);

  async function start(before: (repo: Repo) => void = () => undefined): Promise<void> {
    repo = aRepository(path.join(folder(), "r"), { "a.txt": "one\n", "loud.up": "quiet\n", "tools/strip.sh": "cat\n" });
    for (const name of ["home", "bin"]) mkdirSync(path.join(folder(), name), { recursive: true });
    before(repo);
    proof = path.join(folder(), "proof");
    workspace = await workspaceFor(folder(), repo.dir, { environment: environment() });
    base = await workspace.createBase(TASK, NEVER);
  }

  /** Everything that the host does with a commit; returns what stood in the clean room. */
  async function everything(attempt: string): Promise<Record<string, string>> {
    await workspace.changes(base, base.commit, attempt);
    await workspace.diff(base, base.commit, attempt);
    const room = await workspace.openCleanRoom(base, attempt, NEVER);
    const restore = await room.checkpoint();
    writeFileSync(path.join(room.dir, "a.txt"), "left by a check\n");
    await restore();
    const files = filesOnDisk(room.dir);
    await room.close();
    await workspace.restoreWorktree(base, NEVER);
    await workspace.accept(TASK, { from: base.commit, to: attempt, onConflict: "mark" });
    return files;
  }

  const touch = (): string => `touch '${proof}'`;
  const PLANTS: Readonly<Record<string, () => string>> = {
    "a hook": () => `hooks="$(git rev-parse --git-common-dir)/hooks"; mkdir -p "$hooks"; for name in post-checkout pre-commit reference-transaction; do printf '#!/bin/sh\\n${touch()}\\n' > "$hooks/$name"; chmod +x "$hooks/$name"; done`,
    "core.hooksPath": () => `mkdir hooks; printf '#!/bin/sh\\n${touch()}\\n' > hooks/post-checkout; chmod +x hooks/*; git config core.hooksPath "$PWD/hooks"`,
    "core.fsmonitor": () => `git config core.fsmonitor "${touch()};"`,
    "a filter of its own": () => `echo '* filter=f' > .gitattributes; git config filter.f.clean "${touch()}; cat"; git config filter.f.smudge "${touch()}; cat"; git config filter.f.required true`,
    "a filter process": () => `echo '* filter=f' > .gitattributes; git config filter.f.process "${touch()}"`,
    "a filter of the user's settings": () => `echo '* filter=f' > .gitattributes; git config --global filter.f.smudge "${touch()}; cat"`,
    "a filter of the worktree's settings": () => `echo '* filter=f' > .gitattributes; git config extensions.worktreeConfig true; git config --worktree filter.f.clean "${touch()}; cat"`,
    "a filter in an included file": () => `echo '* filter=f' > .gitattributes; git config -f included filter.f.smudge "${touch()}; cat"; git config include.path "$PWD/included"`,
    "attributes elsewhere": () => `echo '* filter=f' > "$HOME/attributes"; git config core.attributesFile "$HOME/attributes"; git config filter.f.clean "${touch()}; cat"`,
    "diff and merge drivers": () => `echo '* diff=d merge=d' > .gitattributes; git config diff.d.textconv "${touch()}; cat"; git config diff.d.command "${touch()}"; git config diff.external "${touch()}"; git config merge.d.driver "${touch()}"`,
    "programs for signing, paging and asking": () => `git config commit.gpgSign true; git config gpg.program "${touch()}"; git config core.pager "${touch()}"; git config core.editor "${touch()}"; git config core.askPass "${touch()}"; git config core.sshCommand "${touch()}"`,
    "another git folder": () => `git init -q evil; git -C evil config core.fsmonitor "${touch()};"; rm -f .git; echo "gitdir: $PWD/evil/.git" > .git`,
    "the git folder of another worktree of its own": () => `git worktree add -q --detach ../stray; cp ../stray/.git .git; git config core.fsmonitor "${touch()};"`,
  };
  for (const [name, plant] of Object.entries(PLANTS)) {
    it(`is not led astray by ${name}`, async () => {
      await start();
      run(plant());
      writeFileSync(path.join(base.worktree, "a.txt"), "two\n");
      rmSync(proof, { force: true });
      const attempt = await commit();
      const files = await everything(attempt);
      assert.ok(!existsSync(proof), "something was run");
      assert.deepEqual(files, filesInCommit(base.gitDir, attempt));
      assert.equal(files["a.txt"], "two\n");
      assert.equal(repo.read("a.txt"), "two\n");
    });
  }

  it("runs the user's own filters in every checkout, as they were before the task", async () => {
    await start((own) => {
      for (const [what, command] of Object.entries(LOUD)) own.git("config", `filter.loud.${what}`, command);
      own.commit({ ".gitattributes": "*.up filter=loud\n" });
      own.write("loud.up", "STILL LOUD\n");
    });
    assert.equal(readFileSync(path.join(base.worktree, "loud.up"), "utf8"), "STILL LOUD\n");
    writeFileSync(path.join(base.worktree, "more.up"), "MORE\n");
    const attempt = await commit();
    assert.equal(filesInCommit(base.gitDir, attempt)["more.up"], "more\n");
    assert.equal((await everything(attempt))["more.up"], "MORE\n");
    assert.equal(repo.read("more.up"), "MORE\n");
  });

  it("refuses to go on with a filter of the user's that was changed, and goes on when it is put back", async () => {
    await start((own) => {
      for (const [what, command] of Object.entries(LOUD)) own.git("config", `filter.loud.${what}`, command);
      own.commit({ ".gitattributes": "*.up filter=loud\n" });
    });
    const isRefused = (error: unknown): boolean => CountersignError.is(error, "notAllowed") && error.message.startsWith("Git's setting filter.loud was changed after this task had begun");
    run(`git config filter.loud.clean "${touch()}; cat"; echo two > a.txt; echo X > x.up`);
    await assert.rejects(commit(), isRefused);
    run(`git config filter.loud.clean '${LOUD.clean}'`);
    const attempt = await commit();
    run(`git config filter.loud.smudge "${touch()}; cat"`);
    await assert.rejects(workspace.openCleanRoom(base, attempt, NEVER), isRefused);
    await assert.rejects(workspace.accept(TASK, { from: base.commit, to: attempt, onConflict: "mark" }), isRefused);
    assert.equal(repo.read("a.txt"), "one\n");
    run(`git config filter.loud.smudge '${LOUD.smudge}'`);
    await everything(attempt);
    assert.equal(repo.read("a.txt"), "two\n");
    assert.ok(!existsSync(proof));
  });

  it("refuses attributes that were put beside the repository", async () => {
    await start();
    run(`echo '*.txt working-tree-encoding=UTF-7' >> "$(git rev-parse --git-common-dir)/info/attributes"; echo two > a.txt`);
    await assert.rejects(commit(), (error: unknown) => CountersignError.is(error, "notAllowed") && /info\/attributes was changed/.test(error.message));
  });

  it("runs tools that people know, whenever they were installed", async () => {
    const lfs = (how: string): string => `git config ${how} filter.lfs.clean 'git-lfs clean -- %f'; git config ${how} filter.lfs.smudge 'git-lfs smudge -- %f'; git config ${how} filter.lfs.required true`;
    for (const when of ["before", "during"] as const) {
      await start((own) => {
        const program = path.join(folder(), "bin", "git-lfs");
        writeFileSync(program, '#!/bin/sh\ncase "$1" in clean) sed s/^/pointer-to-/;; smudge) sed s/^pointer-to-//;; esac\n');
        chmodSync(program, 0o755);
        if (when === "before") execFileSync("sh", ["-c", lfs("--global")], { env: environment() });
        own.commit({ ".gitattributes": "*.big filter=lfs\n" });
      });
      if (when === "during") run(lfs("--local"));
      writeFileSync(path.join(base.worktree, "x.big"), "large\n");
      const attempt = await commit();
      assert.equal(filesInCommit(base.gitDir, attempt)["x.big"], "pointer-to-large\n");
      assert.equal((await everything(attempt))["x.big"], "large\n");
      assert.equal(repo.read("x.big"), "large\n");
      for (const name of readdirSync(folder())) rmSync(path.join(folder(), name), { recursive: true });
    }
  });

  it("runs no filter of the user's that is a file of the checkout, which an agent can rewrite", async () => {
    for (const command of ["sh tools/strip.sh", "./tools/strip.sh", "tools/strip.sh %f", "python3 -m strip", "npx strip", "sed -f tools/strip.sed", "cat | sh -c 'sh tools/strip.sh'"]) {
      await start((own) => {
        own.git("config", "filter.strip.clean", command);
        own.write(".gitattributes", "*.txt filter=strip\n");
        own.git("config", "filter.strip.required", "false");
      });
      run(`printf '#!/bin/sh\\n${touch()}\\ncat\\n' > tools/strip.sh; chmod +x tools/strip.sh; echo "open('${proof}','w')" > strip.py; echo two > a.txt`);
      const attempt = await commit();
      await (await workspace.openCleanRoom(base, attempt, NEVER)).close();
      assert.ok(!existsSync(proof), command);
      assert.equal(filesInCommit(base.gitDir, attempt)["a.txt"], "two\n");
      for (const name of readdirSync(folder())) rmSync(path.join(folder(), name), { recursive: true });
    }
  });

  it("lets no object stand for another", async () => {
    await start();
    run("echo two > a.txt");
    const attempt = await commit();
    run(`git replace "$(git rev-parse ${attempt}:a.txt)" "$(echo planted | git hash-object -w --stdin)"`);
    assert.equal((await everything(attempt))["a.txt"], "two\n");
    assert.equal(await workspace.fileAt(base, attempt, "a.txt"), "two\n");
  });

  it("fetches nothing from where only an agent has said it is", async () => {
    await start();
    run("echo two > a.txt");
    const attempt = await commit();
    run(
      `git config core.repositoryFormatVersion 1; git config extensions.partialClone evil; git config remote.evil.url "ext::sh -c touch% '${proof}'"; ` +
        `git config remote.evil.promisor true; git config protocol.ext.allow always; blob="$(git rev-parse ${attempt}:a.txt)"; rm -f "$(git rev-parse --git-common-dir)/objects/$(echo $blob | cut -c1-2)/$(echo $blob | cut -c3-)"`,
    );
    await assert.rejects(workspace.openCleanRoom(base, attempt, NEVER), (error: unknown) => CountersignError.is(error, "git"));
    assert.ok(!existsSync(proof));
  });

  it("names what was changed, and not what people change while they wait", async () => {
    await start();
    run("git config filter.f.clean cat; git config core.hooksPath hooks; git config alias.st status; git remote add origin /nowhere; git config user.name Eve");
    assert.deepEqual(await workspace.changedSettings(base), ["core.hookspath", "filter.f.clean"]);
  });
});
