// The main job on somebody else's repository: an npm package's source, its own tests as a guard, the real adapter and
// SDK against the fake API, then diff, accept, and the package's tests once more. Exits with 1 when anything is off.
//   npm run bench -- thirdparty [--keep]
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { setup } from "../../scripts/setup.mjs";
import { bundle } from "./bundle.mjs";

const PACKAGE = "minimist@1.2.8";
const TESTS = ["run", "--silent", "tests-only"];
const TESTS_BEFORE = 153;
const TESTS_AFTER = 164;
/** Its coverage tool (nyc 10) keeps files in the home folder, which no sandboxed command may write: here they run by a policy. */
const ALLOWED = ["npm ci *", "npm install *", "npm run *", "npm run tests-only", "npm run lint", "node -p *", "node -e *", "node_modules/.bin/tape *", "npx tape *"];
const CHANGED = ["index.js", "test/object_methods.js"];
const TASK = `A flag named like a method of every object crashes the parser

\`minimist(['--toString', 'x'])\` throws "TypeError: (aliases[key] || []).forEach is not a function"; so do --valueOf, --hasOwnProperty and the like. Such flags shall be parsed like any other, in every form: with a value, with =, negated, repeated, dotted, and as options of the caller. No inherited method may be written to. __proto__ and constructor stay ignored.`;

const ROOT = path.resolve(import.meta.dirname, "../..");
const CLI = path.join(ROOT, "dist/cli.cjs");
const SCRIPT = path.join(ROOT, "test/fixtures/thirdParty/script.json");
const KEY = "sk-ant-no-key-at-all";

await setup();
const { startScriptApi } = createRequire(import.meta.url)(await bundle("scriptApi"));
const root = mkdtempSync(path.join(realpathSync(tmpdir()), "countersign-third-party-"));
const repo = path.join(root, "repo");
const api = await startScriptApi(SCRIPT, KEY);
const env = { ...process.env, ANTHROPIC_BASE_URL: api.url, ANTHROPIC_API_KEY: KEY, COUNTERSIGN_CACHE_DIR: path.join(root, "cache") };
delete env.ANTHROPIC_AUTH_TOKEN;
try {
  step(`fetch ${PACKAGE}, with its dev dependencies, and make it a repository`);
  fetchPackage();
  assert.equal(testCount(), TESTS_BEFORE, "the package's own tests before the run");
  const before = gitState();

  step('countersign run "…" --category PREP, against the fake API on 127.0.0.1');
  const started = performance.now();
  assert.equal(await cli(["run", TASK, "--category", "PREP", ...ALLOWED.flatMap((prefix) => ["--allow", prefix])], "inherit"), 0, "the exit code of run");
  const seconds = (performance.now() - started) / 1000;
  assert.deepEqual(gitState(), before, "index, branches, stash and reflog of the user's repository");
  const [task] = JSON.parse(await output(["tasks", "--json"]));
  const shown = JSON.parse(await output(["show", task.id, "--json"]));
  assert.equal(shown.status, "review");

  step(`countersign diff ${task.id}`);
  const diff = await output(["diff", task.id]);
  console.log(diff);
  assert.deepEqual([...diff.matchAll(/^diff --git a\/(\S+)/gm)].map(([, file]) => file), CHANGED);

  step(`countersign accept ${task.id}`);
  assert.equal(await cli(["accept", task.id], "inherit"), 0, "the exit code of accept");
  const status = git("status", "--porcelain", "--untracked-files=all").trimEnd().split("\n");
  assert.deepEqual(status, [` M ${CHANGED[0]}`, `?? ${CHANGED[1]}`], "what git status shows afterwards");

  step(`npm ${TESTS.join(" ")}, in the user's own tree`);
  assert.equal(testCount(), TESTS_AFTER, "the package's tests after the run");
  report(shown, seconds);
} finally {
  await api.close();
  if (process.argv.includes("--keep")) console.log(`kept: ${root}`);
  else rmSync(root, { recursive: true, force: true });
}

function fetchPackage() {
  mkdirSync(repo);
  const [{ filename }] = JSON.parse(npm(["pack", PACKAGE, "--json", "--pack-destination", root], root));
  execFileSync("tar", ["-xzf", path.join(root, filename), "--strip-components=1", "-C", repo]);
  // What the package's own repository ignores; npm does not publish such files.
  writeFileSync(path.join(repo, ".gitignore"), "node_modules/\ncoverage/\n.nyc_output/\n");
  npm(["install", "--package-lock-only", "--ignore-scripts"], repo);
  assert.ok(existsSync(path.join(repo, "package-lock.json")));
  // The contract of the recorded conversation has no sealed checks.
  mkdirSync(path.join(repo, ".countersign"));
  writeFileSync(path.join(repo, ".countersign", ".gitignore"), "*\n");
  writeFileSync(path.join(repo, ".countersign", "settings.json"), JSON.stringify({ sealedChecks: false, sandbox: "off" }));
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("-c", "user.name=Somebody", "-c", "user.email=somebody@localhost", "commit", "--quiet", `--message=${PACKAGE}`);
  npm(["ci"], repo);
}

function npm(args, cwd) {
  return execFileSync("npm", [...args, "--no-audit", "--no-fund"], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** Runs the package's own tests; how many of them passed, none having failed. */
function testCount() {
  const tap = execFileSync("npm", TESTS, { cwd: repo, encoding: "utf8" });
  assert.doesNotMatch(tap, /^not ok/m);
  return Number(/^# pass +(\d+)$/m.exec(tap)?.[1]);
}

function git(...args) {
  return execFileSync("git", ["-C", repo, ...args], { encoding: "utf8" });
}

function gitState() {
  const branches = git("for-each-ref", "--format=%(refname) %(objectname)").split("\n").filter((line) => !line.includes("/countersign/"));
  return { branches, head: git("reflog"), stash: git("stash", "list"), index: git("ls-files", "--stage"), status: git("status", "--porcelain") };
}

/** Runs the command line; the API is served by this very process, so it must not block. */
function cli(args, stdout) {
  const child = spawn(process.execPath, [CLI, ...args, "--repo", repo], { cwd: root, env, stdio: ["ignore", stdout, "inherit"] });
  const chunks = [];
  child.stdout?.on("data", (chunk) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(stdout === "inherit" ? code : { code, text: Buffer.concat(chunks).toString("utf8") }));
  });
}

async function output(args) {
  const { code, text } = await cli(args, "pipe");
  assert.equal(code, 0, `the exit code of ${args[0]}`);
  return text;
}

function report({ usage, cost, attempts, sessions }, seconds) {
  const input = usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
  const refused = api.requests.filter(({ status }) => status !== 200).length;
  step("what it showed");
  console.log(`${PACKAGE}: passed after ${attempts.length} attempt, score ${attempts.at(-1).score}, ${attempts.at(-1).checks.length} checks green`);
  console.log(`${TESTS_BEFORE} tests before, ${TESTS_AFTER} after; ${CHANGED.join(", ")} changed; index, branches, stash, reflog untouched`);
  console.log(eventsOf("phaseEnded").map(({ phase, durationMs }) => `${phase} ${(durationMs / 1000).toFixed(1)} s`).join(", "));
  const steps = eventsOf("setupFinished").flatMap((event) => event.steps.map((done) => ({ ...done, place: event.place })));
  for (const { place, command, cached, durationMs } of steps) console.log(`set-up of ${place}: ${command}${cached ? ", from cache" : ""}, ${(durationMs / 1000).toFixed(1)} s`);
  console.log(`run ${seconds.toFixed(1)} s, ${api.requests.length} requests (${refused} refused), ${sessions.length} sessions`);
  console.log(`$${cost.usd.toFixed(4)} by the fake API's usage, ${input} tokens in (${Math.round((100 * usage.cacheRead) / input)} % from cache), ${usage.output} out`);
}

function eventsOf(kind) {
  const lines = readFileSync(path.join(repo, ".countersign/state/journal.ndjson"), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line)).filter((event) => event.kind === kind);
}

function step(text) {
  console.log(`\n=== ${text}`);
}
