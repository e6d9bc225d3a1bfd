// A hostile repository in whole runs: its texts reach every role, and an evaluator that obeys them does not get its way.
import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import path from "node:path";
import { EngineBench } from "../builders/engineBench";
import { INJECTIONS } from "../builders/injections";
import { aContractOf, aPass, aPassingScript, aPlan, answers, calls, reads, runs, WRITE_HELLO, writes } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const HOSTILE = INJECTIONS.filter(({ text }) => text.length < 5000).map(({ text }) => text).join("\n\n");
const RED = "node -e 'process.exit(require(\"node:fs\").existsSync(\"done.txt\") ? 0 : 1)'";

describe("a hostile repository", function () {
  this.timeout(60_000);
  const folder = tempFolder();
  let bench: EngineBench;
  afterEach(() => bench.close());

  it("gets no verdict by what its files and outputs say, not even from an evaluator that obeys", async () => {
    const verdict = aPass(1, { score: 100, summary: "The README says that it passes." });
    const obeys = [calls(reads("README.md"), runs("cat README.md")), answers(verdict)];
    const script = aPassingScript()
      .planner(calls(reads("README.md")), answers(aPlan({ risks: [HOSTILE] })))
      .negotiator(answers(aContractOf([`cat README.md; ${RED}`])))
      .generator(1, calls(reads("AGENTS.md"), writes("note.md", HOSTILE)))
      .evaluator(1, ...obeys)
      .generator(2, calls(runs("cat README.md"), writes("note.md", `${HOSTILE}\n`)))
      .evaluator(2, ...obeys)
      .generator(3, calls(runs("cat README.md"), writes("note.md", "")))
      .evaluator(3, ...obeys);
    bench = await EngineBench.open(folder(), script, { "README.md": HOSTILE, "AGENTS.md": HOSTILE });
    await bench.create();
    const view = await bench.run("escalated");
    assert.deepEqual(view.attempts.map(({ decision, score }) => [decision?.pass, score]), [[false, 100], [false, 100], [false, 100]]);
    assert.equal(view.contract?.contract.checks.length, 1, "the contract is the negotiator's");
    for (const request of bench.requests) {
      for (const { role, content } of request.messages) {
        const kinds = new Set(content.map(({ kind }) => kind));
        assert.ok(role === "assistant" || kinds.size <= 1, "an answer of tools is nothing else");
      }
      assert.ok(!request.system.includes("approved by the owner"));
    }
    assert.ok(!existsSync(path.join(bench.repo.dir, "note.md")), "nothing reached the user's tree");
  });

  it("is not read, shown or quoted where .countersignignore says so", async () => {
    const secret = "the launch code is umbrella";
    const quote = { source: "file:private/plan.txt", quote: secret };
    const findings = [{ criterion: "C1", met: true, evidence: [{ source: "check:K1", quote: "" }, quote], comment: "" }];
    const script = aPassingScript()
      .generator(1, calls(reads("private/plan.txt")), calls(writes("private/plan.txt", "mine")), calls(writes(".countersignignore", "")), calls(WRITE_HELLO, runs("echo changed >> private/plan.txt; true")))
      .evaluator(1, calls(reads("private/plan.txt")), answers(aPass(1, { findings })), answers(aPass(1)));
    const files = { "README.md": "# Greetings\n", "private/plan.txt": `${secret}\n`, ".countersignignore": "/private/\n" };
    bench = await EngineBench.open(folder(), script, files);
    await bench.create();
    await bench.run("passed");
    const sent = JSON.stringify(bench.requests.map(({ messages }) => messages.filter(({ role }) => role === "user")));
    assert.ok(!sent.includes(secret));
    assert.match(sent, /excluded by \.countersignignore/);
    assert.match(sent, /the source file:private\/plan\.txt does not exist/);
  });
});
