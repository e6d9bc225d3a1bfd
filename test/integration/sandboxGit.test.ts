import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { openWorkspace } from "../../src/adapters/git/gitWorkspace";
import { ProcessCommandRunner } from "../../src/adapters/process/processCommandRunner";
import { sandboxOf, territoryOf } from "../../src/composition/commandSandbox";
import type { TaskBase } from "../../src/core/domain/workspace";
import { aRepository, GIT_ENVIRONMENT, type Repo } from "../builders/repoBuilder";
import { needsSandbox } from "../builders/sandboxBench";
import { tempFolder } from "../builders/tempFolder";
import { RecordingLogger } from "../fakes/recordingLogger";

const NEVER = new AbortController().signal;

/** What a command would have the host's git run: it leaves a file where the test looks. */
describe("git on the host after a command in the sandbox", () => {
  const folder = tempFolder();
  before(async function () {
    await needsSandbox(this);
  });

  interface Planted {
    readonly repo: Repo;
    readonly base: TaskBase;
    readonly proof: string;
    readonly run: (command: string) => Promise<string>;
    readonly commit: (message: string) => Promise<string>;
    readonly everything: (commit: string) => Promise<void>;
  }

  async function planted(shadow = false): Promise<Planted> {
    const repo = aRepository(path.join(folder(), "my repo"), { "a.txt": "one\n", "README.md": "# Größe\n" });
    if (shadow) execFileSync("rm", ["-rf", path.join(repo.dir, ".git")]);
    const logger = new RecordingLogger();
    const workspace = await openWorkspace(repo.dir, { cacheDir: path.join(folder(), "cache"), logger, environment: { ...process.env, ...GIT_ENVIRONMENT } });
    const base = await workspace.createBase("planted-aaaa" as Parameters<typeof workspace.createBase>[0], NEVER);
    const territory = territoryOf(workspace, path.join(repo.dir, ".countersign", "plans"));
    const sandbox = sandboxOf({ territory, logger }, () => ({ sandbox: "auto", network: undefined }));
    const runner = new ProcessCommandRunner({ logger, environment: process.env, sandbox });
    return {
      repo,
      base,
      proof: path.join(folder(), "proof"),
      run: async (command) => {
        const spec = { command, cwd: base.worktree, timeoutMs: 20_000, outputFile: null, excerptBytes: 16_384, purpose: "agent" } as const;
        const { output, exitCode } = await runner.run(spec, NEVER);
        return `${output}[${exitCode}]`;
      },
      commit: (message) => workspace.commitAttempt(base, message, []),
      everything: async (commit) => {
        await workspace.changes(base, base.commit, commit);
        await workspace.diff(base, base.commit, commit);
        const room = await workspace.openCleanRoom(base, commit, NEVER);
        const restore = await room.checkpoint();
        await restore();
        await room.close();
        await workspace.restoreWorktree(base, NEVER);
        await workspace.accept("planted-aaaa" as Parameters<typeof workspace.accept>[0], { from: base.commit, to: commit, onConflict: "mark" });
      },
    };
  }

  const SETTINGS = (proof: string): readonly (readonly [string, string])[] => [
    ["a hook", `mkdir -p "$(git rev-parse --git-common-dir)/hooks"; printf '#!/bin/sh\\ntouch ${proof}\\n' > "$(git rev-parse --git-common-dir)/hooks/post-checkout"; chmod +x "$(git rev-parse --git-common-dir)/hooks/post-checkout"`],
    ["core.hooksPath", `mkdir hooks; printf '#!/bin/sh\\ntouch ${proof}\\n' > hooks/post-checkout; cp hooks/post-checkout hooks/reference-transaction; chmod +x hooks/*; git config core.hooksPath "$PWD/hooks"`],
    ["core.fsmonitor", `git config core.fsmonitor "touch ${proof};"`],
    ["an alias", `git config alias.ls-files "!touch ${proof}"`],
    ["a filter", `echo '* filter=f' > .gitattributes; git config filter.f.clean "touch ${proof}; cat"; git config filter.f.smudge "touch ${proof}; cat"`],
    ["a diff driver", `echo '* diff=d' > .gitattributes; git config diff.d.textconv "touch ${proof}; cat"; git config diff.d.command "touch ${proof}; true"`],
    ["a merge driver", `echo '* merge=m' > .gitattributes; git config merge.m.driver "touch ${proof}; true"`],
    ["settings of the worktree alone", `git config extensions.worktreeConfig true; git config --worktree core.fsmonitor "touch ${proof};"`],
    ["settings of the user", `git config --global core.fsmonitor "touch ${proof};"`],
    ["attributes beside the repository", `echo '* filter=f' > "$(git rev-parse --git-common-dir)/info/attributes"`],
    ["another git folder", `git init -q evil; git -C evil config core.fsmonitor "touch ${proof};"; rm -f .git; echo "gitdir: $PWD/evil/.git" > .git`],
  ];

  for (const [n, [name]] of SETTINGS("").entries()) {
    it(`is not led astray by ${name}`, async () => {
      const { repo, base, proof, run, commit, everything } = await planted();
      const config = (): string => readFileSync(path.join(repo.dir, ".git", "config"), "utf8");
      const before = config();
      const [, plant = ""] = SETTINGS(proof)[n] ?? [];
      await run(`${plant}; echo two > a.txt; echo done`);
      await everything(await commit("an attempt"));
      // What the user does next.
      repo.git("status");
      execFileSync("git", ["-C", base.worktree, "status"], { stdio: "ignore" });
      assert.ok(!existsSync(proof), "something was run on the host");
      assert.equal(config(), before);
    });
  }

  it("is not led astray by a repository inside the worktree, in later attempts either", async () => {
    const { base, proof, run, commit, everything, repo } = await planted();
    const nest = "git init -q sub && cd sub && echo '* filter=f' > .gitattributes && echo x > x && git -c user.name=a -c user.email=a@b add . && git -c user.name=a -c user.email=a@b commit -qm sub";
    assert.match(await run(`${nest}; echo '[submodule "sub"]\\n path = sub\\n url = ./sub' > .gitmodules; echo done`), /done\n\[0\]$/);
    await commit("first");
    await run(`cd sub && git config core.fsmonitor 'touch ${proof};' && git config filter.f.clean 'touch ${proof}; cat' && git config core.hooksPath "$PWD" && git config alias.status '!touch ${proof}' && echo y > x; echo done`);
    await everything(await commit("second"));
    repo.git("status");
    execFileSync("git", ["-C", base.worktree, "add", "--dry-run", "."], { stdio: "ignore" });
    assert.ok(!existsSync(proof));
  });

  it("reads the repository inside, where it is the user's and where it is a shadow", async () => {
    for (const shadow of [false, true]) {
      const { run } = await planted(shadow);
      assert.match(await run("echo two > a.txt; git status --porcelain && git diff --stat && git log --oneline | wc -l"), /^ M a.txt\n a.txt \| 2 \+-\n[^]*\n\d+\n\[0\]$/);
      assert.match(await run("git commit -qam planted"), /Read-only file system[^]*\[128\]$/);
      execFileSync("rm", ["-rf", ...["my repo", "cache"].map((name) => path.join(folder(), name))]);
    }
  });
});
