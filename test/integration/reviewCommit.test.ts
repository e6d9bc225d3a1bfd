// Committing accepted work as the user would, with their hooks and settings, and nothing else that is staged.
import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { CountersignError } from "../../src/core/domain/errors";
import { EngineBench } from "../builders/engineBench";
import { aRepository, Repo } from "../builders/repoBuilder";
import { aPassingScript, calls, runs, writes, WRITE_HELLO } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const FILES = { "README.md": "# Greetings\n", "story.txt": "one\ntwo\nthree\nfour\nfive\n", "old.txt": "old\n", ".gitignore": "*.log\n" };
const work = aPassingScript().generator(
  1,
  calls(WRITE_HELLO, writes("story.txt", "ONE\ntwo\nthree\nfour\nFIVE\n"), runs("rm old.txt"), writes("it's new.txt", "new\n")),
);
const NEVER = new AbortController().signal;

describe("Harness.commitAccepted", function () {
  this.timeout(60_000);
  const folder = tempFolder();
  let bench: EngineBench;
  afterEach(() => bench.close());

  async function inReview(files: Readonly<Record<string, string>> | Repo = FILES): Promise<Repo> {
    bench = await EngineBench.inReview(folder(), work, files);
    return bench.repo;
  }

  const commit = async (message = "Greet\n\n#1 stays", signal = NEVER): ReturnType<EngineBench["harness"]["commitAccepted"]> =>
    bench.harness.commitAccepted(await bench.view(), message, signal);

  function hook(name: string, script: string): void {
    writeFileSync(path.join(bench.repo.dir, ".git/hooks", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  it("commits what was accepted, by whoever the user is, and leaves what else is staged staged", async () => {
    const repo = await inReview();
    repo.write("mine.txt", "mine\n");
    repo.write("README.md", "# Mine\n");
    repo.git("add", "mine.txt");
    repo.write("mine.txt", "mine, and more\n");
    await bench.accept();
    const before = repo.git("rev-parse", "HEAD");
    const { commit: made, view } = await commit();
    assert.equal(repo.git("rev-parse", "HEAD"), made);
    assert.equal(repo.git("rev-parse", "HEAD^"), before);
    assert.equal(repo.git("log", "-1", "--format=%an <%ae>%n%B"), "Ada <ada@example.org>\nGreet\n\n#1 stays");
    assert.equal(repo.git("show", "--name-status", "--no-renames", "--format=", "HEAD"), "A\tgreeting.txt\nA\tit's new.txt\nD\told.txt\nM\tstory.txt");
    assert.equal(repo.git("status", "--porcelain"), "M README.md\nAM mine.txt", "trimmed: README.md is changed and not staged");
    assert.equal(view.committed, made);
    const event = (await bench.events()).at(-1);
    assert.deepEqual(event?.kind === "changesCommitted" ? event.files : null, ["greeting.txt", "it's new.txt", "old.txt", "story.txt"]);
  });

  it("commits only the hunks and files that were accepted, and the rest when that is", async () => {
    const repo = await inReview();
    const [first] = await bench.hunks("story.txt");
    await bench.decide("story.txt", { accept: [first!.id] });
    const { commit: one } = await commit();
    assert.equal(repo.git("show", "--name-only", "--format=", one), "story.txt");
    assert.equal(repo.git("show", `${one}:story.txt`), "ONE\ntwo\nthree\nfour\nfive");
    await bench.accept();
    assert.equal((await bench.view()).committed, null);
    await commit();
    assert.equal(repo.git("status", "--porcelain"), "");
  });

  it("runs the user's hooks with their environment, and takes what they change in the index as git does", async () => {
    const repo = await inReview();
    await bench.accept();
    hook("pre-commit", 'git diff --cached --name-only > .git/seen; test "$(git config user.name)" = "" || exit 1');
    hook("commit-msg", 'echo "Signed-off-by: Ada" >> "$1"');
    await commit();
    assert.equal(repo.read(".git/seen"), "greeting.txt\nit's new.txt\nold.txt\nstory.txt\n");
    assert.match(repo.git("log", "-1", "--format=%B"), /#1 stays\n+Signed-off-by: Ada$/);
  });

  it("says what a hook that refuses has said, and leaves files and index as they were", async () => {
    const repo = await inReview();
    repo.write("mine.txt", "mine\n");
    repo.git("add", "mine.txt");
    await bench.accept();
    const before = [repo.git("status", "--porcelain"), repo.git("rev-parse", "HEAD"), repo.git("ls-files", "-s")];
    hook("pre-commit", 'echo "greeting.txt: too short"; echo "1 problem" >&2; exit 1');
    await assert.rejects(commit(), (error) => {
      assert.ok(CountersignError.is(error, "git"));
      assert.match(error.message, /refused\. Your files and what you have staged are as they were\.[^]*greeting\.txt: too short\n[^]*1 problem/);
      return true;
    });
    assert.deepEqual([repo.git("status", "--porcelain"), repo.git("rev-parse", "HEAD"), repo.git("ls-files", "-s")], before);
    assert.equal((await bench.view()).committed, null);
    repo.remove(".git/hooks/pre-commit");
    await commit();
    assert.equal(repo.git("status", "--porcelain"), "A  mine.txt");
  });

  it("signs as the user does, and says it where that fails", async () => {
    const repo = await inReview();
    await bench.accept();
    repo.git("config", "commit.gpgSign", "true");
    repo.git("config", "gpg.program", path.join(repo.dir, ".git/no-such-gpg"));
    await assert.rejects(commit(), (error) => CountersignError.is(error, "git") && /no-such-gpg/.test(error.message));
    assert.equal(repo.git("ls-files", "greeting.txt"), "");
    const gpg = path.join(repo.dir, ".git/gpg");
    writeFileSync(gpg, '#!/bin/sh\ncat > /dev/null\necho "[GNUPG:] SIG_CREATED " >&2\necho "-----BEGIN PGP SIGNATURE-----"\n', { mode: 0o755 });
    repo.git("config", "gpg.program", gpg);
    await commit();
    assert.match(repo.git("cat-file", "commit", "HEAD"), /gpgsig -----BEGIN PGP SIGNATURE-----/);
  });

  it("does not commit conflict markers", async () => {
    const repo = await inReview();
    repo.write("story.txt", "uno\ntwo\nthree\nfour\nfive\n");
    await bench.accept();
    await assert.rejects(commit(), (error) => CountersignError.is(error, "conflict") && /story\.txt still has conflict markers/.test(error.message));
    repo.write("story.txt", "uno, ONE\ntwo\nthree\nfour\nFIVE\n");
    await commit();
    assert.equal(repo.git("show", "HEAD:story.txt"), "uno, ONE\ntwo\nthree\nfour\nFIVE");
  });

  it("makes the first commit of a repository without one", async () => {
    const repo = aRepository(path.join(folder(), "unborn"), {});
    for (const [file, text] of Object.entries(FILES)) repo.write(file, text);
    await inReview(repo);
    await bench.accept();
    await commit();
    assert.equal(repo.git("ls-tree", "-r", "--name-only", "HEAD"), "greeting.txt\nit's new.txt\nstory.txt");
  });

  it("says when there is nothing to commit, nothing was accepted, or there is no repository", async () => {
    const repo = await inReview();
    const refused = (code: string, text: RegExp) => (error: unknown) => CountersignError.is(error) && error.code === code && text.test(error.message);
    await assert.rejects(commit(), refused("conflict", /Nothing of task .* was accepted/));
    await bench.accept();
    await assert.rejects(commit(" \n"), refused("badRequest", /needs a message/));
    repo.git("add", "-A");
    repo.git("commit", "-q", "-m", "by hand");
    await assert.rejects(commit(), refused("conflict", /nothing to commit/));
    await bench.close();
    const plain = new Repo(path.join(folder(), "plain"));
    plain.write("README.md", "# Greetings\n");
    bench = await EngineBench.inReview(path.join(folder(), "second"), work.generator(1, calls(WRITE_HELLO)), plain);
    await bench.accept();
    await assert.rejects(commit(), refused("notAllowed", /no git repository: there is nothing to commit to/));
  });

  it("can be cancelled while a hook runs, and nothing is left behind", async () => {
    const repo = await inReview();
    await bench.accept();
    const before = repo.git("ls-files", "-s");
    const controller = new AbortController();
    hook("pre-commit", "echo began > .git/hook-began; exec sleep 60");
    const committing = commit("Greet", controller.signal);
    committing.catch(() => undefined);
    while (!repo.has(".git/hook-began")) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await assert.rejects(committing, (error) => CountersignError.is(error, "cancelled"));
    assert.equal(repo.git("ls-files", "-s"), before);
    assert.ok(!repo.has(".git/index.lock"), "git removes its lock when it is ended");
  });
});
