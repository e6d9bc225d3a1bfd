import { strict as assert } from "node:assert";
import { EngineBench } from "../builders/engineBench";
import { aContractOf, aPass, aScript, answers, calls, HELLO, writes, WRITE_HELLO, type CheckInput, type ToolCallInput } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const VERIFY = "#!/bin/sh\n[ \"$(tail -n 1 \"$1\")\" = \"Total,3\" ] && echo DATA VERIFIED\n";
const DEPLOY = "#!/bin/sh\nif [ \"$1\" != --dry-run ]; then echo x > deployed.txt; fi\necho planned\n";
const CSV = "month,units\n2026-01,1\n2026-02,2\nTotal,3\n";

/** That a file parses or destroys nothing says too little of a change alone. */
const CHECKS: readonly CheckInput[] = [
  { run: HELLO, alsoCovers: ["C4", "C5", "C6"] },
  { kind: "recalculate", path: "data.csv", rules: ["sum Total"] },
  { kind: "dateRange", path: "data.csv", from: "2026-01-01", to: "2026-02-28" },
  { kind: "syntax", path: "tool.js" },
  { kind: "syntax", path: "conf.yaml" },
  { kind: "destructiveCommands", path: "clean.sh" },
  { run: "sh verify.sh data.csv", outputMatches: ["^DATA VERIFIED$"], verifiesData: true },
  { run: "sh deploy.sh --dry-run", outputMatches: ["^planned$"], dryRun: true },
];

const GOOD: readonly ToolCallInput[] = [WRITE_HELLO, writes("data.csv", CSV), writes("tool.js", "console.log(1);\n"), writes("conf.yaml", "a: 1\n"), writes("clean.sh", "rm -rf build\n"), writes("deploy.sh", DEPLOY)];
const BAD: readonly ToolCallInput[] = [
  WRITE_HELLO,
  writes("data.csv", "month,units\n2026-01,1\n2026-03,2\nTotal,4\nDATA VERIFIED\nTotal,3\n"),
  writes("tool.js", "console.log(1;\n"),
  writes("conf.yaml", "a: [1\n"),
  writes("clean.sh", 'rm -rf "$1"\n'),
  writes("deploy.sh", DEPLOY.replace("!= --dry-run", "= --dry-run")),
];

async function resultsOf(folder: string, work: readonly ToolCallInput[]): Promise<readonly string[]> {
  const script = aScript().planner().negotiator(answers(aContractOf(CHECKS))).generator(1, calls(...work)).evaluator(1, answers(aPass(CHECKS.length)));
  const bench = await EngineBench.open(folder, script, { "verify.sh": VERIFY });
  await bench.create({ profile: "data" });
  await bench.harness.run(await bench.view(), new AbortController().signal);
  const [attempt] = (await bench.view()).attempts;
  await bench.close();
  return (attempt?.checks ?? []).map(({ reason }) => reason);
}

describe("built-in checks, in a whole run", () => {
  const folder = tempFolder();

  it("are green for work that is right", async () => assert.deepEqual(await resultsOf(folder(), GOOD), ["", "", "", "", "", "", "", ""]));

  it("are red for work that is not, each with its reason", async () => {
    const reasons = await resultsOf(folder(), BAD);
    assert.deepEqual(reasons.map((reason) => reason.replace(/YAML: .*/, "YAML: …")), [
      "",
      "data.csv:4: Total has 4, and 3 is right",
      "data.csv:3: 2026-03 is not within 2026-01-01 and 2026-02-28",
      "tool.js does not parse (exit code 1, expected 0)",
      "conf.yaml is no valid YAML: …",
      "clean.sh:1 destroys without asking: rm -rf \"$1\"",
      "what proves it stands in data.csv, which the attempt wrote",
      "the dry run changed deployed.txt",
    ]);
  });
});
