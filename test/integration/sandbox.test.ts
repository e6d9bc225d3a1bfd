import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import path from "node:path";
import { CountersignError } from "../../src/core/domain/errors";
import { aSandboxBench, useSandboxBench, write } from "../builders/sandboxBench";

/** Where this package itself lies below the temporary folder, it is there in the sandbox: that is left out. */
const NOT_OURS = `| grep -vxF '${path.relative("/tmp", process.cwd()).split(path.sep)[0] ?? ""}'`;

describe("CommandSandbox", () => {
  const bench = useSandboxBench();

  /** What a command finds where it may not write: the shell's words, and nothing on the disk. */
  const cannotWrite = async (file: string): Promise<void> => {
    const before = existsSync(file) ? readFileSync(file, "utf8") : null;
    assert.match(await bench.ask(`echo planted > '${file}'; echo "ended $?"`), /(?:Read-only file system|nonexistent|No such file|Permission denied)[^]*ended [12]/, file);
    assert.equal(existsSync(file) ? readFileSync(file, "utf8") : null, before, file);
  };

  it("lets a command write in its own worktree, in new folders too", async () => {
    assert.equal(await bench.ask("mkdir -p 'neu/ä b' && echo x > 'neu/ä b/c' && mv 'neu/ä b/c' d && cat d"), "x\n[0]");
    assert.equal(readFileSync(path.join(bench.worktree, "d"), "utf8"), "x\n");
  });

  it("works in a subfolder of the worktree, whose root it may write too", async () => {
    write(bench.worktree, { "packages/a/x": "" });
    assert.equal(await bench.ask("touch ../../here && basename $PWD", { cwd: path.join(bench.worktree, "packages/a") }), "a\n[0]");
    assert.ok(existsSync(path.join(bench.worktree, "here")));
  });

  it("keeps a command from writing anywhere else", async () => {
    const { root, home, cacheDir } = bench;
    const places = [
      path.join(root, "README.md"),
      path.join(root, "new.txt"),
      path.join(root, ".git", "config"),
      path.join(root, ".git", "hooks", "pre-commit"),
      path.join(root, ".git", "worktrees", "task-aaaa", "config.worktree"),
      path.join(root, ".git", "worktrees", "task-aaaa", "commondir"),
      path.join(root, ".git", "info", "attributes"),
      path.join(root, ".vscode", "settings.json"),
      path.join(root, ".countersign", "planted"),
      path.join(root, ".countersign", "plans", "task-aaaa", "plan.md"),
      path.join(bench.worktree, ".git"),
      path.join(bench.otherWorktree, "README.md"),
      path.join(bench.room, "README.md"),
      path.join(cacheDir, "planted"),
      path.join(cacheDir, "packages"),
      path.join(home, ".bashrc"),
      "/etc/planted",
      "/usr/local/bin/planted",
    ];
    for (const file of places) await cannotWrite(file);
  });

  it("keeps the pointer to the git folder where it is, whatever is done to it", async () => {
    const pointer = readFileSync(path.join(bench.worktree, ".git"), "utf8");
    assert.match(await bench.ask("rm -f .git; mv .git old; ln -sf /etc .git; ls -d .git"), /busy[^]*\.git\n\[0\]/i);
    assert.equal(readFileSync(path.join(bench.worktree, ".git"), "utf8"), pointer);
  });

  it("shows the user's working tree, but for Countersign's own folder", async () => {
    assert.equal(await bench.ask(`cat '${bench.root}/README.md'; ls -A '${bench.root}'`), "# Größe\n.countersign\n.git\n.vscode\nREADME.md\n[0]");
    assert.equal(await bench.ask(`find '${bench.root}/.countersign'`), `${bench.root}/.countersign\n[0]`);
  });

  it("shows no other worktree or clean room, even its name", async () => {
    assert.equal(await bench.ask(`find '${bench.cacheDir}' -maxdepth 3 -mindepth 3; ls '${path.dirname(bench.room)}'`), `${bench.worktree}\nls: cannot access '${path.dirname(bench.room)}': No such file or directory\n[2]`);
  });

  it("hides keys, tokens, browsers and editors of the home folder", async () => {
    const files = [".ssh/id_ed25519", ".aws/credentials", ".gnupg/key", ".config/gh/hosts.yml", ".config/gcloud/x", ".netrc", ".npmrc", ".docker/config.json", ".kube/config", ".git-credentials"];
    const others = [".mozilla/firefox/p/logins.json", ".config/google-chrome/Default/Cookies", ".config/Code/User/globalStorage/state.vscdb", ".local/share/keyrings/login.keyring", ".bash_history"];
    write(bench.home, Object.fromEntries([...files, ...others].map((file) => [file, "s3cret\n"])));
    write(bench.home, { "notes.txt": "no s3cret\n" });
    assert.equal(await bench.ask(`grep -rl s3cret '${bench.home}'`), `${bench.home}/notes.txt\n[0]`);
    assert.match(await bench.ask(`cat '${bench.home}/.netrc' && echo x > '${bench.home}/.ssh/x'`), /Read-only/);
  });

  it("hides them behind links as well", async () => {
    write(bench.home, { "dotfiles/npmrc": "s3cret\n", "dotfiles/ssh/key": "s3cret\n" });
    symlinkSync(path.join(bench.home, "dotfiles", "npmrc"), path.join(bench.home, ".npmrc"));
    symlinkSync("dotfiles/ssh", path.join(bench.home, ".ssh"));
    assert.equal(await bench.ask(`grep -rl s3cret '${bench.home}'`), "[1]");
  });

  it("does not follow a link out of the worktree to where it may not write", async () => {
    symlinkSync(bench.root, path.join(bench.worktree, "out"));
    symlinkSync("/etc", path.join(bench.worktree, "etc"));
    await cannotWrite(path.join(bench.worktree, "out", "planted"));
    await cannotWrite(path.join(bench.worktree, "etc", "planted"));
    assert.match(await bench.ask(`ln '${bench.root}/README.md' hard`), /[Cc]ross-device/);
  });

  it("refuses a working folder that a link leads out of the worktree", async () => {
    mkdirSync(path.join(bench.home, "elsewhere"));
    symlinkSync(path.join(bench.home, "elsewhere"), path.join(bench.worktree, "out"));
    await assert.rejects(bench.run("touch planted", { cwd: path.join(bench.worktree, "out") }), (error: unknown) => CountersignError.is(error, "process"));
    assert.ok(!existsSync(path.join(bench.home, "elsewhere", "planted")));
  });

  it("runs nothing in the user's tree, the home folder or what lies around them", async () => {
    for (const cwd of [bench.root, bench.home, path.dirname(bench.home), bench.cacheDir, "/"]) {
      await assert.rejects(bench.run("touch planted", { cwd }), (error: unknown) => CountersignError.is(error, "process"), cwd);
      assert.ok(!existsSync(path.join(cwd, "planted")));
    }
  });

  it("gives every command a temporary folder of its own", async () => {
    assert.equal(await bench.ask(`echo x > "$TMPDIR/a" && mktemp >/dev/null && ls /tmp ${NOT_OURS} | grep -c .`), "2\n[0]");
    assert.equal(await bench.ask(`ls -A /tmp /var/tmp /run ${NOT_OURS}`), "/run:\n\n/tmp:\n\n/var/tmp:\n[0]");
  });

  it("works for a repository below the temporary folder", async () => {
    const elsewhere = aSandboxBench("/tmp");
    try {
      assert.match(await elsewhere.ask(`git log --format=%s && touch x && ls '${elsewhere.root}' && ls -A /tmp ${NOT_OURS}`), /^First\nREADME.md\ncountersign-sandbox-\w+\n\[0\]$/);
    } finally {
      elsewhere.dispose();
    }
  });

  it("lets no socket on the disk be reached, wherever it is", async () => {
    const file = path.join(bench.home, "agent.sock");
    const heard: string[] = [];
    const server = createServer((socket) => {
      heard.push("a caller");
      socket.end("hello");
    });
    await once(server.listen(file), "listening");
    try {
      const call = `node -e "require('net').connect('${file}').on('data', (d) => console.log(String(d))).on('error', (e) => console.log(e.code))"`;
      assert.match(await bench.ask(call), /^E[A-Z]+\n\[0\]$/);
      assert.deepEqual(heard, []);
    } finally {
      server.close();
    }
  });

  it("opens no way to the journal and the plan folder through other processes", async () => {
    const journal = path.join(bench.root, ".countersign", "state", "journal.ndjson");
    const ways = [`/proc/${process.pid}/root`, `/proc/${process.ppid}/root`, "/proc/1/root", "/proc/self/root", "/proc/self/task/1/root", "/proc/*/root"];
    for (const way of ways) assert.match(await bench.ask(`for f in ${way}'${journal}'; do echo planted >> "$f"; done; cat ${way}'${journal}'; true`), /^(?!sealed|planted)/, way);
    assert.match(await bench.ask(`cd /proc/${process.pid}/cwd || cd /proc/${process.ppid}/cwd; echo "ended $?"`), /ended [12]/);
    assert.equal(await bench.ask(`ls -d /proc/[0-9]* | wc -l | sed 's/.*/& processes/; s/^[1-9] processes$/few/'`), "few\n[0]");
    assert.equal(readFileSync(journal, "utf8"), "sealed\n");
  });

  it("leaves nothing of its own in the worktree", async () => {
    await bench.ask("ls -la");
    assert.equal(await bench.ask("ls -A; git status --porcelain"), ".git\n.vscode\nREADME.md\n[0]");
  });

  it("lets git, node, npm and python work", async () => {
    write(bench.worktree, { "package.json": '{"scripts":{"test":"node --test t.cjs"}}', "t.cjs": 'require("node:test")("adds", () => {});', "t.py": "import tempfile,sys\nf=tempfile.TemporaryFile(); f.write(b'x'); print('py', sys.version_info[0])\n" });
    assert.match(await bench.ask("npm test"), /pass 1[^]*\[0\]$/);
    assert.equal(await bench.ask("python3 t.py"), "py 3\n[0]");
    assert.equal(await bench.ask("node -p 1+1"), "2\n[0]");
    assert.equal(await bench.ask("git status --porcelain && git diff --stat && git log --oneline | wc -l"), "?? package.json\n?? t.cjs\n?? t.py\n1\n[0]");
  });

  it("has no privileges, and cannot get any to change what is mounted", async () => {
    assert.equal(await bench.ask("grep -E 'CapEff|NoNewPrivs' /proc/self/status"), "CapEff:\t0000000000000000\nNoNewPrivs:\t1\n[0]");
    assert.doesNotMatch(await bench.ask(`mount -o remount,bind,rw '${bench.root}'; umount '${bench.root}/.countersign'; unshare -Urm sh -c "mount -o remount,bind,rw /; umount '${bench.root}/.countersign'; ls '${bench.root}/.countersign'; touch /etc/planted"; true`), /state/);
    assert.ok(!existsSync("/etc/planted"));
  });

  it("sees the processes of the command alone", async () => {
    // Whether the first of the pipe is there still, or the shell itself, is a matter of moments.
    assert.match(await bench.ask("ls -d /proc/[0-9]* | wc -l"), /^[2-5]\n\[0\]$/);
    assert.match(await bench.ask(`cat /proc/${process.pid}/environ; kill -9 ${process.pid}`), /No such (?:file|process)/i);
  });
});
