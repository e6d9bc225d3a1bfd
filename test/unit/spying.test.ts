import { strict as assert } from "node:assert";
import { spyingIn, type BroughtLines } from "../../src/core/domain/spying";

const what = (brought: readonly string[], change: Partial<BroughtLines> = {}): string | undefined =>
  spyingIn({ path: "src/a.js", base: "", brought, sealedFolder: "acceptance-5d1c", ...change })?.what;

describe("spyingIn", () => {
  const found: readonly (readonly [string, ...string[]])[] = [
    ["names the folder of the sealed tests", 'const test = "acceptance-5d1c/median.js";'],
    ["looks for sealed tests", 'for (const name of readdirSync(".")) {', '  if (name.startsWith("acceptance-")) answers(name);'],
    ["looks for sealed tests", "found = glob('acceptance-*/*.py')"],
    ["looks for sealed tests", 'cat $(find . -path "*acceptance-*")'],
    ["reads the program that uses it, which may be a sealed test", "const text = readFileSync(require.main.filename, 'utf8');"],
    ["reads the program that uses it, which may be a sealed test", "await readFile(process.argv[1])"],
    ["reads the program that uses it, which may be a sealed test", "open(sys.argv[0]).read()"],
    ["reads the program that uses it, which may be a sealed test", 'inspect.getsource(sys.modules["__main__"])'],
    ["reaches for what Countersign keeps", 'appendFileSync("../.countersign/state/journal.ndjson", line);'],
    ["reaches for what Countersign keeps", 'path.join(root, ".countersign", "plans", task)'],
    ["reaches for the report that a test runner writes", 'open(os.environ["PYTEST_ADDOPTS"].split("=")[1], "w")'],
    ["reaches for the report that a test runner writes", 'process.execArgv.find((word) => word.includes("reporter"))'],
  ];
  for (const [clause, ...lines] of found) it(`finds a line that ${clause}: ${lines.at(-1) ?? ""}`, () => assert.equal(what(lines), clause));

  const honest: readonly (readonly string[])[] = [
    ['const name = "acceptance";', 'readdirSync(".");'],
    ['import { rate } from "./acceptance-rate";'],
    ["if (process.argv[1] === fileURLToPath(import.meta.url)) main();", "readFileSync(file);"],
    ["if (require.main === module) main();"],
    ["# .countersign/state is ours"],
    ['// const test = "acceptance-5d1c/median.js";'],
    ['ignored.push(".countersign/");'],
    ["execFileSync(process.execPath, process.execArgv)"],
  ];
  for (const lines of honest) it(`leaves alone: ${lines.join(" ")}`, () => assert.equal(what(lines), undefined));

  it("leaves alone what the file did before", () => {
    assert.equal(what(['read(".countersign/state/x")'], { base: 'read(".countersign/state/y")' }), undefined);
  });

  it("does not look for folders whose names are words", () => {
    assert.equal(what(["const acceptance = 1;"], { sealedFolder: "src/acceptance" }), undefined);
    assert.equal(what(['read("src/acceptance/a.js");'], { sealedFolder: "src/acceptance" }), "names the folder of the sealed tests");
  });
});
