// Whole runs over HTTP: the built command line, the real SDK, and a strict fake of the Messages API on 127.0.0.1 that
// fails in every way a real one does.
import { strict as assert } from "node:assert";
import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import type { ScriptInput } from "../../src/adapters/model/script";
import { Bench, ensureBuilt, type Shown } from "../builders/cliRun";
import { KEY, startScriptedApi, towards, type HttpFaults } from "../builders/httpRun";
import { quickSampleScript } from "../builders/quickSample";
import { aRepository, Repo } from "../builders/repoBuilder";
import { aPassingScript, answers, aPlan, calls, WRITE_HELLO, type ScriptBuilder } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";
import type { FakeModelApi, FakeModelApiOptions } from "../fakes/fakeModelApi";

const BRIEF = { "retry-after": "0.05" };

describe("countersign against the Messages API", function () {
  this.timeout(120_000);
  before(ensureBuilt);
  const folder = tempFolder();
  let api: FakeModelApi | null = null;
  afterEach(async () => {
    await api?.close();
    api = null;
  });

  async function start(script: ScriptBuilder | ScriptInput, faults?: HttpFaults, options?: FakeModelApiOptions): Promise<FakeModelApi> {
    api = await startScriptedApi(script, faults, options);
    return api;
  }

  /** The sample, in a repository. */
  function sample(name: string): Bench {
    const dir = path.join(folder(), name);
    cpSync(path.resolve("samples/tally"), dir, { recursive: true });
    const bench = new Bench(path.join(folder(), `${name} bench`), undefined, new Repo(dir));
    aRepository(dir, {});
    bench.repo.commit({});
    return bench;
  }

  /** What came out, without ids, money and times. */
  async function endOf(bench: Bench): Promise<object> {
    const shown: Shown = await bench.shown();
    return {
      status: shown.status,
      attempts: shown.attempts.map(({ score, passed, reasons, files, checks }) => ({ score, passed, reasons, files, checks: checks.map(({ id, green }) => [id, green]) })),
      turns: shown.sessions.map(({ role, attempt, turns, outcome }) => ({ role, attempt, turns, outcome })),
      diff: bench.repo.git("diff", shown.base, shown.branch),
    };
  }

  it("runs the sample through every fault to the same end, and replays its recording to that end too", async () => {
    const faults: HttpFaults = {
      at: {
        1: { fault: { status: 429, type: "rate_limit_error", message: "slow down", headers: BRIEF } },
        3: { fault: { status: 529, type: "overloaded_error", message: "Overloaded", headers: BRIEF } },
        6: { streamFault: { kind: "cutMidStream" } },
        9: { streamFault: { kind: "stallMidStream" } },
        12: { streamFault: { kind: "cutMidToolInput" } },
        14: { connection: "resetBeforeHeaders" },
        16: { streamFault: { kind: "errorEvent", type: "overloaded_error", message: "Overloaded" } },
        19: { streamFault: { kind: "truncatedJson" } },
        21: { fault: { status: 500, type: "api_error", message: "Internal", headers: BRIEF } },
      },
      always: { noisy: true, chunkBytes: 700 },
    };
    const { url } = await start(quickSampleScript(), faults);
    const live = sample("live");
    live.settings({ modelTimeout: 1 });
    const recording = path.join(folder(), "recorded.json");
    const task = "Add a Fibonacci command";
    const ended = await live.run(["run", task, "--record", recording], { env: { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: KEY } });
    assert.equal(ended.code, 0, ended.out + ended.err);
    for (const words of ["too many requests", "it is overloaded", "was lost mid-answer", "was silent for 1 s", "has a problem of its own"]) assert.ok(ended.out.includes(words), `${words}\n${ended.out}`);
    assert.match(ended.out, /↻ [^\n]+ Trying again in [\d.]+ s\./);
    const shown = await live.shown();
    assert.deepEqual(shown.attempts.map(({ score, passed }) => [score, passed]), [[62, false], [96, true]]);
    assert.ok((shown.usage["cacheRead"] ?? 0) > 0, "the prompt cache was used");
    assert.ok(shown.cost.usd > 0);
    const retried = live.events().filter(({ kind }) => kind === "modelRetried");
    // A connection that the server closed while it was idle is opened again without a word.
    assert.equal(retried.length, Object.keys(faults.at ?? {}).length - 1);
    assert.ok(!JSON.stringify(live.events()).includes(KEY) && !readFileSync(recording, "utf8").includes(KEY), "the key is nowhere");
    const replayed = sample("replayed");
    const again = await replayed.run(["run", task, "--model", `script:${recording}`]);
    assert.equal(again.code, 0, again.out + again.err);
    assert.deepEqual(await endOf(replayed), await endOf(live));
  });

  it("works with a server that knows neither caching nor structured output, with one repair turn", async () => {
    const prose = { text: "Here is my plan, in words." };
    const { url } = await start(aPassingScript().planner(prose, answers(aPlan())), {}, { compat: "noFeatures", keys: [] });
    const bench = new Bench(folder());
    const ended = await bench.run(["run", "Greet", "--profile", "automation"], { env: { ANTHROPIC_BASE_URL: `${url}/v1/`, ANTHROPIC_AUTH_TOKEN: "any" } });
    assert.equal(ended.code, 1, "no key is let in where none is known");
    assert.match(ended.out, /the key or token is not valid there/);
    await api?.close();
    const local = await start(aPassingScript().planner(prose, answers(aPlan())), {}, { compat: "noFeatures" });
    const resumed = await bench.run(["resume", "--model", "local-model-7b"], { env: towards(local) });
    assert.equal(resumed.code, 0, resumed.out + resumed.err);
    const shown = await bench.shown();
    assert.deepEqual([shown.sessions.at(-1)?.outcome, shown.models["generator"]], ["completed", "local-model-7b"]);
    const asked = local.requests.filter(({ status }) => status === 200);
    assert.ok(asked.every(({ body }) => body["output_config"] === undefined && body["thinking"] === undefined && body["model"] === "local-model-7b"));
    assert.match(JSON.stringify(asked[1]?.body["messages"]), /Your last message cannot be used/);
    assert.match(resumed.out, /Cost \$0\.00 \+ unknown \(5 calls of models without a known price\)|Cost [^\n]*unknown/);
    assert.ok(shown.cost.unpricedCalls > 0);
  });

  it("works with a server that does not tell what it cached, and with whole messages instead of streams", async () => {
    const { url } = await start(aPassingScript(), { always: { whole: true } }, { compat: "noCacheUsage" });
    const bench = new Bench(folder());
    const ended = await bench.run(["run", "Greet", "--profile", "automation"], { env: { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: KEY } });
    assert.equal(ended.code, 0, ended.out + ended.err);
    assert.equal((await bench.shown()).usage["cacheRead"], 0);
  });

  it("goes on with another model after one that is not known, thoughts left behind", async () => {
    const thinking = aPassingScript().generator(1, { ...calls(WRITE_HELLO), thinking: "I think." });
    const { version, sessions } = thinking.build();
    const cut = sessions.map((session) => (session.role === "generator" ? { ...session, turns: session.turns.slice(0, 1) } : session));
    const first = await start({ version, sessions: cut });
    const bench = new Bench(folder());
    const failed = await bench.run(["run", "Greet", "--profile", "automation"], { env: towards(first) });
    assert.equal(failed.code, 1, failed.out);
    await api?.close();
    const second = await start(thinking);
    const resumed = await bench.run(["resume", "--role-model", "generator=claude-opus-5-5"], { env: towards(second) });
    assert.equal(resumed.code, 0, resumed.out + resumed.err);
    assert.deepEqual(second.requests.map(({ status, body }) => [status, body["model"]]).slice(0, 2), [[200, "claude-opus-5-5"], [200, "claude-opus-5-5"]]);
  });

  const endings = [
    ["an invalid key", { fault: { status: 401, type: "authentication_error", message: "invalid x-api-key" } }, 1, "failed", /the key or token is not valid there\. Check ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN/, /resume greet-\w{4} {4}go on where it stopped/],
    ["a spend limit", { fault: { status: 429, type: "rate_limit_error", message: "monthly limit", errorCode: "spend_limit_reached" } }, 3, "paused", /reached a spend limit or has no credit left\. Raise it there, then resume/, /resume greet-\w{4} {4}go on once the limit is raised there/],
    ["a model that is not there", { fault: { status: 404, type: "not_found_error", message: "model: claude-opus-5-5" } }, 1, "failed", /the model claude-opus-5-5 is not known there, or the base URL is wrong/, /resume greet-\w{4} {4}go on/],
    ["a key without the right", { fault: { status: 403, type: "permission_error", message: "no" } }, 1, "failed", /this key may not do that/, /resume/],
    ["a page of a proxy", { page: "<html>Sign in</html>" }, 1, "failed", /answered with text\/html and no message: is the base URL right\?/, /resume/],
  ] as const;
  for (const [name, reply, code, status, says, next] of endings) {
    it(`ends with words of its own on ${name}, and is resumed to the end`, async () => {
      const bad = await start(aPassingScript(), { always: reply });
      const bench = new Bench(folder());
      const ended = await bench.run(["run", "Greet", "--profile", "automation"], { env: towards(bad) });
      assert.equal(ended.code, code, ended.out + ended.err);
      assert.match(ended.out, says);
      assert.match(ended.out.slice(ended.out.indexOf("\nNext\n")), next);
      assert.ok(!ended.out.includes(KEY));
      assert.equal((await bench.shown()).status, status);
      assert.equal(bad.requests.length, 1, "what cannot get better is not asked for again");
      await api?.close();
      const resumed = await bench.run(["resume"], { env: towards(await start(aPassingScript())) });
      assert.equal(resumed.code, 0, resumed.out + resumed.err);
    });
  }
});
