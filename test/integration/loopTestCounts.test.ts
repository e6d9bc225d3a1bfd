import { strict as assert } from "node:assert";
import { EngineBench } from "../builders/engineBench";
import { aContractOf, aPass, aScript, answers, calls, HELLO, writes, WRITE_HELLO, type ToolCallInput } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const PACKAGE = (script: string): string => JSON.stringify({ name: "greetings", private: true, scripts: { test: script } });
const TESTS = ["one", "two", "three"].map((name) => `test("${name}", () => undefined);\n`);
const SUITE = `import test from "node:test";\n${TESTS.join("")}`;
const REPOSITORY = { "package.json": PACKAGE("node --test"), "test/a.test.mjs": SUITE };

/** One change that is made, and the suite as a guard; `cheat` is what the generator does besides. */
async function attempt(folder: string, cheat: readonly ToolCallInput[], files: Readonly<Record<string, string>> = REPOSITORY): Promise<EngineBench> {
  const script = aScript()
    .planner()
    .negotiator(answers(aContractOf([HELLO], ["npm test"])))
    .generator(1, calls(WRITE_HELLO, ...cheat))
    .evaluator(1, answers(aPass(2)));
  const bench = await EngineBench.open(folder, script, files);
  await bench.create();
  await bench.harness.run(await bench.view(), new AbortController().signal);
  return bench;
}

async function resultsOf(bench: EngineBench): Promise<Readonly<Record<string, string>>> {
  const { attempts } = await bench.view();
  return Object.fromEntries((attempts[0]?.checks ?? []).map(({ checkId, green, reason }) => [checkId, green ? "green" : reason]));
}

describe("checks that run tests", () => {
  const folder = tempFolder();

  it("count the tests of the base and of the attempt, and let honest work pass", async () => {
    const bench = await attempt(folder(), [writes("test/b.test.mjs", SUITE)]);
    const { baseChecks, attempts } = await bench.view();
    assert.equal(baseChecks[1]?.tests?.ran, 3);
    assert.deepEqual(attempts[0]?.checks[1]?.tests, { runner: "node:test", ran: 6, passed: 6, failed: 0, skipped: 0 });
    assert.equal(attempts[0]?.decision?.pass, true, attempts[0]?.decision?.reasons.join("\n"));
    await bench.close();
  });

  const cheats: readonly (readonly [string, readonly ToolCallInput[], string])[] = [
    ["a deleted test", [writes("test/a.test.mjs", `import test from "node:test";\n${TESTS.slice(1).join("")}`)], "fewer tests ran than before the work: 2, 3 on the base commit"],
    ["a skipped test", [writes("test/a.test.mjs", SUITE.replace('test("two", ', 'test("two", { skip: true }, '))], "fewer tests ran than before the work: 2, 3 on the base commit"],
    ["a test file that ends early", [writes("test/a.test.mjs", SUITE.replace('test("one"', 'process.exit(0);\ntest("one"'))], "fewer tests ran than before the work: 1, 3 on the base commit"],
    ["a script that runs nothing", [writes("package.json", PACKAGE("exit 0"))], "the runner ended early or printed no summary; on the base commit 3 tests ran"],
    ["a script that only says so", [writes("package.json", PACKAGE("echo 3 tests passed"))], "the runner ended early or printed no summary; on the base commit 3 tests ran"],
    ["a script that runs nothing and hides failures", [writes("package.json", PACKAGE("node --test || true")), writes("test/a.test.mjs", SUITE.replace("=> undefined", "=> { throw new Error(); }"))], "it reports success although 1 test failed"],
    ["a script that runs another, empty folder", [writes("package.json", PACKAGE("node --test-reporter=tap --test nothing || true"))], "the runner ended early or printed no summary; on the base commit 3 tests ran"],
  ];
  for (const [what, cheat, reason] of cheats) {
    it(`are red for ${what}`, async () => {
      const bench = await attempt(folder(), cheat);
      assert.deepEqual(await resultsOf(bench), { K1: "green", K2: reason });
      assert.notEqual((await bench.view()).status, "review");
      await bench.close();
    });
  }

  it("are red on the base commit, too, where no test runs", async () => {
    const bench = await attempt(folder(), [], { "package.json": PACKAGE("node --test empty"), "empty/README.md": "# None\n" });
    const refused = (await bench.events()).find(({ kind }) => kind === "contractRefused");
    assert.ok(refused?.kind === "contractRefused");
    assert.match(refused.problems.join("\n"), /Check K2 .* is red on the base commit/);
    await bench.close();
  });
});
