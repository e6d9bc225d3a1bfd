// Secrets in a whole run: in the request, in files, in commands' output, in what models say and in a contract.
import { strict as assert } from "node:assert";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { printTaskReport } from "../../src/core/reports/taskReport";
import { marksIn } from "../../src/core/secrets/marks";
import { EngineBench } from "../builders/engineBench";
import { aContractOf, aPass, aPassingScript, aSelfEvaluation, answers, calls, HELLO, reads, runs, WRITE_HELLO } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

// Put together here, so that no file of ours holds one.
const BODY = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xYzAcEgI";
const TOKEN = `ghp_${BODY.slice(0, 36)}`;
const DATABASE = `hunter2${BODY.slice(0, 6)}`;
const NPM = `npm_${BODY.slice(2, 38)}`;
const ALL = [TOKEN, DATABASE, NPM];

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [path.join(entry.parentPath, entry.name)] : []));
}

describe("secrets in a run", function () {
  this.timeout(60_000);
  const folder = tempFolder();
  let bench: EngineBench;
  afterEach(() => bench.close());

  it("are in nothing that is kept or sent, and marks say so; the work itself keeps them", async () => {
    const config = `url = "postgres://app:${DATABASE}@db/app"\ntoken = "${TOKEN}"\n`;
    const contract = aContractOf([{ run: `cat config.toml && printf 'npm_%s\\n' ${NPM.slice(4)} && ${HELLO}` }]);
    const quote = { source: "file:config.toml", quote: 'token = "[redacted: GitHub token]"' };
    const findings = [{ criterion: "C1", met: true, evidence: [{ source: "check:K1", quote: "" }, quote], comment: `It prints ${NPM}.` }];
    const script = aPassingScript()
      .negotiator(answers(contract))
      .generator(1, calls(reads("config.toml")), calls(runs("cat config.toml"), WRITE_HELLO), answers(aSelfEvaluation({ summary: `I kept ${TOKEN}.` })))
      .evaluator(1, answers(aPass(1, { findings })));
    bench = await EngineBench.open(folder(), script, { "README.md": "# Greetings\n", "config.toml": config });
    await bench.create({ description: `Greet. The token is ${TOKEN}.` });
    const view = await bench.run("passed");

    const kept = filesBelow(path.join(bench.repo.dir, ".countersign"));
    assert.ok(kept.length > 8);
    for (const file of kept) {
      const text = readFileSync(file, "latin1");
      for (const secret of ALL) assert.ok(!text.includes(secret), `${file} holds ${secret}`);
    }
    const sent = JSON.stringify(bench.requests.map(({ messages, system }) => ({ system, users: messages.filter(({ role }) => role === "user") })));
    for (const secret of ALL) assert.ok(!sent.includes(secret), `a model was sent ${secret}`);
    assert.deepEqual(marksIn(sent).toSorted(), ["[redacted: GitHub token]", "[redacted: npm token]", "[redacted: password in an address]"]);

    const places = view.redactions.map(({ where }) => where);
    assert.ok(places.includes("the task's record") && places.includes("verification/attempt-1/K1.log") && places.some((where) => where.startsWith("sessions/generator-1")), places.join());
    assert.equal(new Set(places).size, places.length);
    const report = printTaskReport({ view, events: await bench.events(), plan: null, now: "2026-01-05T12:00:00.000Z", version: "0", hasLogs: false });
    assert.match(report, /## Secrets left out[^]*verification\/attempt-1\/K1\.log[^]*npm token/);

    assert.equal(view.attempts.at(-1)?.files.length, 1, "the file with the secrets is as it was");
    await bench.accept();
    assert.equal(readFileSync(path.join(bench.repo.dir, "config.toml"), "utf8"), config);
  });

  it("make a contract come back: a check would run with the mark in its place", async () => {
    const bad = aContractOf([{ run: `grep -q ${TOKEN} out.txt || ${HELLO}` }]);
    const script = aPassingScript().negotiator(answers(bad), answers(aContractOf([HELLO])));
    bench = await EngineBench.open(folder(), script);
    await bench.create();
    const view = await bench.run("passed");
    assert.match(view.refusal?.problems.join() ?? "", /K1 holds what looks like a secret \(GitHub token\)/);
    assert.equal(view.contract?.contract.checks[0]?.kind === "command" && view.contract.contract.checks[0].run, HELLO);
  });
});
