// Kills the sample run, -9, at every event boundary of its life, one process after the other, and compares the end
// with an undisturbed run.
import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bundled } from "../builders/bundled";
import { quickSampleScript } from "../builders/quickSample";
import { tempFolder } from "../builders/tempFolder";

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** More processes than events: the chain has stopped making progress. */
const MOST_PROCESSES = 600;

describe("a run killed at every event boundary", function () {
  // Hundreds of processes; a chain that hangs is ended by this and not by luck.
  this.timeout(900_000);
  const folder = tempFolder();

  it("ends like an undisturbed one", async () => {
    const program = await bundled(folder(), "program.ts", ['import "test/fakes/killedRun";']);
    cpSync(path.resolve("node_modules/sql.js/dist/sql-wasm.wasm"), path.join(folder(), "sql-wasm.wasm"));
    // A verification that was cut off begins anew: its checks run hundreds of times.
    const scripted = { program, script: path.join(folder(), "script.json") };
    writeFileSync(scripted.script, JSON.stringify(quickSampleScript()));
    const undisturbed = sampleIn(folder(), "undisturbed");
    assert.equal(await runToTheEnd(scripted, undisturbed, ""), 1);
    const killed = sampleIn(folder(), "killed");
    const processes = await runToTheEnd(scripted, killed, path.join(folder(), "seen"));
    assert.ok(processes > 150, `only ${processes} processes were killed`);
    assert.deepEqual(endOf(killed), endOf(undisturbed));
  });
});

interface Scripted {
  readonly program: string;
  readonly script: string;
}

async function runToTheEnd({ program, script }: Scripted, repo: string, seen: string): Promise<number> {
  for (let processes = 1; processes <= MOST_PROCESSES; processes += 1) {
    const end = await child(program, [repo, script, seen]);
    if (end.signal === "SIGKILL") continue;
    assert.equal(end.code, 0, `process ${processes} ended with ${end.code}: ${end.output}`);
    return processes;
  }
  assert.fail(`the run did not end after ${MOST_PROCESSES} kills`);
}

function child(program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const started = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const take = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
    };
    started.stdout.on("data", take);
    started.stderr.on("data", take);
    started.once("error", reject);
    // Commands of a killed process may hold its pipes open for a moment: the exit counts, not the end of output.
    started.once("exit", (code, signal) => resolve({ code, signal, output }));
  });
}

/** A copy of the sample in a repository of its own. */
function sampleIn(folder: string, name: string): string {
  const repo = path.join(folder, name);
  cpSync(path.resolve("samples/tally"), repo, { recursive: true });
  git(repo, "init", "--quiet", "--initial-branch=main");
  git(repo, "add", "--all");
  git(repo, "-c", "user.name=T", "-c", "user.email=t@localhost", "commit", "--quiet", "--message=start");
  // A verification that was cut off begins anew: with every check run twice and every change taken back, 250 processes
  // would spend most of their time on that.
  mkdirSync(path.join(repo, ".countersign"));
  writeFileSync(path.join(repo, ".countersign/settings.json"), JSON.stringify({ rerunChecks: false, revertProbe: "never" }));
  return repo;
}

function git(repo: string, ...args: readonly string[]): string {
  const run = spawnSync("git", ["-C", repo, ...args], { encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout;
}

/** What a user sees of a run when it is over, without ids, times, money and paths. */
function endOf(repo: string): object {
  const journal = readFileSync(path.join(repo, ".countersign/state/journal.ndjson"), "utf8");
  const events = journal.split("\n").filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>);
  const numbers = events.map((event) => event["seq"]);
  assert.deepEqual(numbers, numbers.map((_, index) => index + 1), "the journal has gaps");
  const last = (kind: string): Record<string, unknown> => events.findLast((event) => event["kind"] === kind) ?? {};
  const created = last("taskCreated")["request"] as { readonly id: string };
  const branch = `countersign/${created.id}`;
  return {
    frozen: events.filter((event) => event["kind"] === "contractFrozen").map((event) => event["hash"]),
    decisions: lastOfEach(events, ["attemptRejected", "attemptAccepted"]),
    ended: events.slice(-2).map((event) => event["kind"]),
    diff: git(repo, "diff", "main", branch, "--", ".", ":(exclude).countersign"),
    status: git(repo, "status", "--porcelain"),
    worktrees: git(repo, "worktree", "list").trim().split("\n").length,
    handoffs: unique(
      git(repo, "ls-files", "--others", "--ignored", "--exclude-standard", ".countersign/plans")
        .split("\n")
        .map((file) => file.replace(created.id, "ID"))
        .filter((file) => /^\.countersign\/plans\/ID\/[^/]+$|verification/.test(file))
        // What an earlier round has found out about the base, a process remembers, and one that begins anew finds out again.
        .map((file) => file.replace(/(\/verification\/base-\d+)\/.*/, "$1")),
    ),
  };
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}

function lastOfEach(events: readonly Record<string, unknown>[], kinds: readonly string[]): object {
  const decided = events.filter((event) => kinds.includes(String(event["kind"])));
  return Object.fromEntries(decided.map((event) => [`${String(event["kind"])} ${String(event["attempt"])}`, event["decision"]]));
}
