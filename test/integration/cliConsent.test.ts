// Where no sandbox confines commands: what runs unasked, what is refused, and what a person is asked at a terminal.
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Bench, ensureBuilt, RunningCli, type Ended } from "../builders/cliRun";
import { couldNotRun } from "../builders/couldNotRun";
import { pathWithoutSandbox } from "../builders/noSandbox";
import { aPassingScript, aScript, calls, HELLO, runs, WRITE_HELLO } from "../builders/scriptBuilder";
import { Repo } from "../builders/repoBuilder";
import { tempFolder } from "../builders/tempFolder";

describe("countersign run without a sandbox", function () {
  this.timeout(60_000);
  before(ensureBuilt);
  const folder = tempFolder();
  let bench: Bench;
  let env: { readonly PATH: string };
  beforeEach(() => {
    bench = new Bench(folder());
    env = { PATH: pathWithoutSandbox(path.join(bench.folder, "programs")) };
  });

  const decisions = (): readonly string[] =>
    bench.events().flatMap((event) => (event.kind === "commandDecided" ? [`${String(event["decision"])} ${String(event["by"])} ${String(event["command"])}`] : []));
  const agentRuns = (command: string) => aScript().singleAgent(calls(WRITE_HELLO, runs(command)), { text: "Done." });
  const dispatched = (command: string, args: readonly string[] = []): Promise<Ended> => bench.play(agentRuns(command), ["--category", "DISPATCH", ...args], { env });

  it("refuses a command where nobody can be asked, says what allows it, and lets the session go on", async () => {
    const ended = await dispatched("touch made");
    assert.equal(ended.code, 0, ended.err + ended.out);
    assert.match(ended.out, /No sandbox: bubblewrap is not installed\./);
    assert.equal(ended.out.split("No sandbox:").length, 2, "it is said once");
    assert.match(ended.out, /not run: touch made · Nobody could be asked\. .*--allow 'touch made' allows it/);
    assert.deepEqual(decisions(), ["refused nobody touch made"]);
    const transcript = bench.handoff(`sessions/${String(bench.event("sessionStarted")["session"])}.ndjson`);
    assert.match(transcript, /not allowed by the user: Nobody could be asked/);
    assert.equal(bench.event("toolFinished")["ok"], false);
    assert.ok(!existsSync(path.join((await bench.shown()).worktree, "made")));
  });

  it("runs what --allow covers, and nothing that only begins like it", async () => {
    const ended = await bench.play(aScript().singleAgent(calls(runs("touch made"), runs("touch made; touch more")), { text: "Done." }), ["--category", "DISPATCH", "--allow", "touch made"], { env });
    assert.equal(ended.code, 0, ended.err);
    assert.deepEqual(decisions(), ["allowed policy touch made", "refused nobody touch made; touch more"]);
    const { worktree } = await bench.shown();
    assert.deepEqual([existsSync(path.join(worktree, "made")), existsSync(path.join(worktree, "more"))], [true, false]);
  });

  it("makes a check that is refused red with the reason, so that no contract rests on it", async () => {
    const ended = await bench.play(aPassingScript(), [], { env });
    assert.notEqual(ended.code, 0);
    const red = bench.events().find((event) => event.kind === "checkFinished")?.["result"] as { readonly green: boolean; readonly unstartable: boolean; readonly reason: string };
    assert.deepEqual([red.green, red.unstartable], [false, true]);
    assert.match(red.reason, /not run, as it is not allowed: Nobody could be asked/);
    assert.ok(!bench.kinds().includes("contractFrozen"));
  });

  it("passes a task whose checks are allowed", async () => {
    const ended = await bench.play(aPassingScript(), ["--allow", HELLO], { env });
    assert.equal(ended.code, 0, ended.err + ended.out);
    assert.deepEqual(new Set(decisions()), new Set([`allowed policy ${HELLO}`]));
  });

  it("takes the sandbox that a person has switched off for none, and says so", async () => {
    bench.settings({ sandbox: "off" });
    const ended = await bench.play(agentRuns("touch made"), ["--category", "DISPATCH"]);
    assert.match(ended.out, /The sandbox is off: /);
    assert.deepEqual(decisions(), ["refused nobody touch made"]);
  });

  it("refuses what is denied in a sandbox, too, and says nothing of those that are not", async () => {
    const ended = await bench.play(aScript().singleAgent(calls(runs("env touch made"), runs("true")), { text: "Done." }), ["--category", "DISPATCH", "--deny", "touch"]);
    assert.equal(ended.code, 0, ended.err);
    assert.deepEqual(decisions(), ["refused policy env touch made"]);
    assert.ok(!bench.kinds().includes("protectionNoted") || ended.out.includes("No sandbox"));
  });

  it("refuses entries that mean nothing before anything is run", async () => {
    for (const flag of ["--allow", "--deny"]) {
      const ended = await dispatched("true", [flag, "a; b"]);
      assert.deepEqual([ended.code, existsSync(path.join(bench.repo.dir, ".countersign/state/journal.ndjson"))], [1, false]);
      assert.match(ended.err, /"a; b" means nothing.*\nNothing was run\./);
    }
  });

  it("runs the bundled sample without a question, and says that there is no sandbox", async function () {
    this.timeout(240_000);
    const repo = path.join(bench.folder, "tally");
    const ended = await bench.run(["sample", "--keep", repo], { cwd: bench.folder, env });
    assert.equal(ended.code, 0, ended.err + ended.out);
    assert.match(ended.out, /No sandbox: /);
    const events = new Bench(folder(), undefined, new Repo(repo)).events();
    const decided = events.filter(({ kind }) => kind === "commandDecided");
    assert.ok(decided.length > 10);
    assert.deepEqual([...new Set(decided.map((event) => `${String(event["decision"])} ${String(event["by"])}`))], ["allowed own"]);
  });

  describe("at a terminal", () => {
    before(function () {
      if (!existsSync("/usr/bin/script")) couldNotRun(this, "there is no script(1), which makes a terminal");
    });

    /** In a terminal of its own. */
    function start(command: string): RunningCli {
      const model = bench.model(agentRuns(command));
      const line = [process.execPath, path.resolve("dist/cli.cjs"), "run", "Greet", "--category", "DISPATCH", "--model", model].map((word) => `'${word}'`).join(" ");
      const child = spawn("/usr/bin/script", ["-qec", line, "/dev/null"], { cwd: bench.repo.dir, env: { ...env, HOME: bench.home, TERM: "dumb", COUNTERSIGN_CACHE_DIR: bench.cache, COUNTERSIGN_SCRIPT_DELAY_MS: "0" }, stdio: ["pipe", "pipe", "pipe"] });
      return new RunningCli(child);
    }

    it("asks with what the command may touch, and keeps an answer for the workspace out of the repository", async () => {
      const first = start("touch made && rm -f more");
      await first.until(/\[n\] refuse: /);
      assert.match(first.printed, /An agent wants to run, without a sandbox:\s+touch made && rm -f more\s+- touch made: writes: made\s+- rm -f more: writes: more/);
      assert.ok(!first.printed.includes("[e]"), "no entry is offered for a chain");
      first.say("w\n");
      assert.equal((await first.ended).code, 0, first.printed);
      assert.deepEqual(decisions(), ["allowed workspace touch made && rm -f more"]);
      const kept = path.join(bench.home, ".config/countersign/approvals");
      const [file = ""] = readdirSync(kept);
      assert.ok(readFileSync(path.join(kept, file), "utf8").includes("touch made && rm -f more"));
      assert.equal(bench.repo.git("status", "--porcelain"), "");
      const second = start("touch made && rm -f more");
      assert.equal((await second.ended).code, 0, second.printed);
      assert.ok(!second.printed.includes("[n] refuse"), second.printed);
    });

    it("refuses on a no, and asks again for what is no answer", async () => {
      const running = start("touch made");
      await running.until(/\[n\] refuse: /);
      running.say("perhaps\n");
      await running.until(/Please answer/);
      running.say("n\n");
      assert.equal((await running.ended).code, 0, running.printed);
      assert.deepEqual(decisions(), ["refused person touch made"]);
    });
  });
});

describe("countersign doctor", function () {
  this.timeout(30_000);
  before(ensureBuilt);
  const folder = tempFolder();

  interface Report {
    readonly well: boolean;
    readonly findings: readonly { readonly about: string; readonly state: string; readonly text: string; readonly remedy: readonly string[] }[];
  }

  it("says what is missing and what to install, with exit code 1, and shows no key", async () => {
    const bench = new Bench(folder());
    const env = { PATH: pathWithoutSandbox(path.join(bench.folder, "programs")), ANTHROPIC_API_KEY: "sk-ant-secret-0123456789" };
    const ended = await bench.run(["doctor", "--json"], { env });
    assert.equal(ended.code, 1, ended.err);
    const report = JSON.parse(ended.out) as Report;
    assert.equal(report.well, false);
    const of = (about: string) => report.findings.find((finding) => finding.about === about);
    assert.equal(of("Sandbox")?.state, "missing");
    assert.match(of("Sandbox")?.text ?? "", /bubblewrap is not installed\. Every command needs your permission/);
    assert.match(of("Model")?.text ?? "", /ANTHROPIC_API_KEY is set/);
    for (const about of ["Network", "Command policy", "Folder", "git", "ripgrep", "Node.js", "Journal", "Disk", "Sealed checks"]) assert.ok(of(about) !== undefined, about);
    const words = await bench.run(["doctor"], { env });
    assert.match(words.out, /✘ Sandbox +bubblewrap is not installed/);
    assert.ok(!`${ended.out}${words.out}${words.err}`.includes("sk-ant-secret"));
    assert.ok(!existsSync(path.join(bench.repo.dir, ".countersign")), "looking makes nothing in the folder");
  });

  it("counts a deny entry that means nothing, and a folder that is not there, as missing", async () => {
    const bench = new Bench(folder());
    const config = new Repo(path.join(bench.home, ".config/countersign"));
    config.write("policy.json", JSON.stringify({ deny: ["a; b"] }));
    const ended = await bench.run(["doctor", "--json"], { env: { ANTHROPIC_API_KEY: "k" } });
    assert.equal(ended.code, 1);
    const policy = (JSON.parse(ended.out) as Report).findings.find(({ about }) => about === "Command policy");
    assert.equal(policy?.state, "missing");
    assert.match(policy?.text ?? "", /"a; b" means nothing/);
    const nowhere = await bench.run(["doctor", "--repo", path.join(bench.folder, "nowhere")]);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.out, /✘ Folder/);
  });
});
