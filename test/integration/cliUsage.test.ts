// What a person sees who gives the command line something it cannot do: one sentence, exit code 1, nothing done.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { Bench, ensureBuilt, twoAtOnce, type Ended } from "../builders/cliRun";
import { aPassingScript } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const REFUSED: readonly (readonly [args: readonly string[], says: RegExp])[] = [
  [["run"], /What shall be done\? countersign run "add a --json flag"/],
  [["run", "  "], /What shall be done/],
  [["run", "add", "a", "flag"], /The task is one argument: put it in quotes/],
  [["frobnicate"], /There is no command "frobnicate"\. Commands: run, resume, .*cost/],
  [["run", "x", "--foo"], /Unknown option '--foo'\. "countersign help" lists what there is\.\n$/],
  [["run", "x", "--retries", "-1"], /'--retries' argument is ambiguous\. "countersign help"/],
  [["run", "x", "--record"], /--record <value>' argument missing\. "countersign help"/],
  [["run", "x", "--retries", "two"], /--retries is a whole number, not "two"/],
  [["run", "x", "--budget", "0"], /--budget is an amount in dollars above 0, not "0"/],
  [["run", "x", "--category", "prep"], /--category cannot be "prep"\. It is one of DISPATCH, PREP, YOURS/],
  [["run", "x", "--type", "swarm"], /--type cannot be "swarm"\. It is one of single_agent, multi_agent, mission/],
  [["run", "x", "--profile", "poem"], /--profile cannot be "poem"\. It is one of code, automation, data, report/],
  [["run", "x", "--role-model", "boss=m"], /role of --role-model cannot be "boss"\. It is one of planner/],
  [["run", "x", "--role-model", "planner"], /--role-model is ROLE=ID, not "planner"/],
  [["run", "x", "--model", "script:/nowhere.json"], /The script \/nowhere\.json cannot be read/],
  [["run", "x", "--model", "script:README.md"], /The script README\.md is no JSON/],
  [["run", "x", "--repo", "/nowhere"], /\/nowhere is no folder that can be opened\. Nothing was changed/],
  [["run", "x", "--repo", "README.md"], /README\.md is no folder that can be opened/],
  [["tasks", "--category", "PREP"], /--category does not belong to "tasks"/],
  [["tasks", "all"], /"tasks" takes no argument/],
  [["show"], /takes one task; "countersign tasks" lists them/],
  [["show", "nope"], /There is no task "nope"\. There are no tasks yet/],
  [["diff", "nope"], /There is no task "nope"/],
  [["accept"], /Which task\? countersign accept TASK \[FILE…\]/],
  [["accept", "nope"], /There is no task "nope"/],
  [["discard", "nope"], /There is no task "nope"/],
  [["undo", "nope"], /There is no task "nope"/],
  [["retry", "nope", "name it y"], /There is no task "nope"/],
  [["resume"], /There is no task to resume/],
  [["resume", "nope"], /There is no task "nope"/],
  [["cost", "hourly"], /The period of cost cannot be "hourly"\. It is one of daily, weekly, task/],
  [["cost", "task"], /Which task\? countersign cost task TASK/],
  [["cost", "daily", "x"], /"cost daily" takes no argument/],
  [["sample", "--keep", "."], /is not empty, and nothing was written\. Name an empty folder with --keep/],
];

describe("the command line, asked for what it cannot do", function () {
  this.timeout(40_000);
  before(ensureBuilt);
  const folder = tempFolder();

  it("says in a sentence what is wrong, on the error stream, and leaves nothing behind", async () => {
    const bench = new Bench(folder());
    const refusals = REFUSED.map(([args, says]) => async (): Promise<void> => {
      const ended = await bench.run(args);
      const about = `${args.join(" ")}: ${ended.err}`;
      assert.equal(ended.code, 1, about);
      assert.equal(ended.out, "", about);
      assert.match(ended.err, says, about);
      assert.match(ended.err, /^countersign: /, about);
      assert.doesNotMatch(ended.err, / {4}at /, about);
    });
    await twoAtOnce(refusals);
    assert.deepEqual(readdirSync(bench.repo.dir).toSorted(), [".git", "README.md"]);
    assert.equal(bench.repo.git("status", "--porcelain"), "");
  });

  it("names what to set when there is no model, and makes nothing", async () => {
    const bench = new Bench(folder());
    const ended = await bench.run(["run", "Greet"]);
    assert.equal(ended.code, 1);
    assert.equal(ended.out, "");
    for (const name of ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "script:FILE", "countersign sample"]) assert.ok(ended.err.includes(name), name);
    assert.ok(!bench.repo.has(".countersign"));
    // An empty variable is none.
    const empty = await bench.run(["run", "Greet"], { env: { ANTHROPIC_API_KEY: "", ANTHROPIC_AUTH_TOKEN: "", ANTHROPIC_BASE_URL: "" } });
    assert.match(empty.err, /No model is configured/);
  });

  it("names the wrong setting and its file", async () => {
    const bench = new Bench(folder());
    const wrong = async (text: string, says: RegExp): Promise<void> => {
      bench.repo.write(".countersign/settings.json", text);
      const ended = await bench.run(["run", "Greet"]);
      assert.equal(ended.code, 1);
      assert.match(ended.err, says);
    };
    await wrong("{", /settings\.json is no JSON: .*Correct or remove it/s);
    await wrong('{"maxretries": 1}', /settings\.json has a wrong setting: .*maxretries/);
    await wrong('{"phaseLimits": {"planning": 0}}', /settings\.json has a wrong setting: phaseLimits\.planning/);
  });

  it("refuses settings that the repository brings along", async () => {
    const bench = new Bench(folder());
    bench.repo.write(".countersign/settings.json", '{"setup": ["touch owned"]}');
    bench.repo.git("add", "--force", ".countersign/settings.json");
    const ended = await bench.run(["tasks"]);
    assert.equal(ended.code, 1);
    assert.match(ended.err, /files of its own under \.countersign\/ .* Nothing was run\./);
    bench.repo.git("rm", "--quiet", "--cached", ".countersign/settings.json");
    assert.equal((await bench.run(["tasks"])).code, 0);
  });

  it("helps, tells its version, and lists nothing as nothing", async () => {
    const bench = new Bench(folder());
    const outputs = new Map<string, Ended>();
    const asked = [["help"], ["--help"], ["run", "--help"], [], ["--version"], ["tasks"], ["tasks", "--json"], ["cost"]];
    await twoAtOnce(asked.map((args) => async () => void outputs.set(args.join(" "), await bench.run(args))));
    for (const [args, { code, err }] of outputs) assert.deepEqual([code, err], [0, ""], args);
    const out = (args: string): string => outputs.get(args)?.out ?? "";
    assert.match(out("help"), /countersign run "<task>"[^]*--approve-plan[^]*Exit codes: 0 passed · 1 error · 2 escalated/);
    for (const same of ["--help", "run --help", ""]) assert.equal(out(same), out("help"));
    assert.match(out("--version"), /^\d+\.\d+\.\d+\n$/);
    assert.match(out("tasks"), /No tasks yet\. Start one: node .*cli\.cjs.? run "<task>"/);
    assert.deepEqual(JSON.parse(out("tasks --json")), []);
    assert.match(out("cost"), /No model was called/);
    assert.deepEqual(readdirSync(bench.repo.dir).toSorted(), [".git", "README.md"]);
  });

  it("finds a task by the beginning of its id, and says when that is not enough", async () => {
    const bench = new Bench(folder());
    await bench.play(aPassingScript(), ["--category", "YOURS"]);
    await bench.play(aPassingScript(), ["--category", "YOURS"]);
    const both = await bench.run(["show", "gre"]);
    assert.match(both.err, /2 tasks start with "gre"\. Tasks: greet-\w{4}, greet-\w{4}\n/);
    assert.equal((await bench.shown(bench.taskId().slice(0, -1))).id, bench.taskId());
  });

  it("tells next steps that work as they stand, also from another folder with a space in its name", async () => {
    const bench = new Bench(path.join(folder(), "my work"));
    const ended = await bench.run(["run", "Greet", "--model", bench.model(aPassingScript()), "--repo", bench.repo.dir], { cwd: folder() });
    assert.equal(ended.code, 0, ended.err);
    const accept = /^ {2}(node .* accept .*?) {4}merge it into your working tree$/m.exec(ended.out)?.[1] ?? "";
    const environment = { PATH: process.env["PATH"], HOME: bench.home, COUNTERSIGN_CACHE_DIR: bench.cache };
    const accepted = spawnSync("sh", ["-c", accept], { cwd: folder(), encoding: "utf8", env: environment });
    assert.equal(accepted.status, 0, `${accept}\n${accepted.stderr}`);
    assert.equal(bench.repo.read("greeting.txt"), "hello\n");
  });
});
