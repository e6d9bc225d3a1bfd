import { strict as assert } from "node:assert";
import { forcingLine, linesBrought, type LinePlace } from "../../src/core/domain/forcedPass";
import { differsForTests, isCheckScript, partlyRestored, protectedKind, scriptsIn } from "../../src/core/domain/protection";
import { reachesOf } from "../../src/core/engine/inspections/checkReach";
import { aCommandCheck, aContract } from "../builders/contractBuilder";

describe("protectedKind", () => {
  const kinds: readonly (readonly [string, ReturnType<typeof protectedKind>])[] = [
    ["test/sums.test.js", "test"], ["src/sums.spec.ts", "test"], ["tests/helper.py", "test"], ["pkg/sums_test.go", "test"], ["src/__snapshots__/a.snap", "test"],
    [".mocharc.json", "config"], ["jest.config.ts", "config"], ["packages/a/vitest.config.mts", "config"], ["conftest.py", "config"], ["tests/conftest.py", "config"],
    ["pytest.ini", "config"], ["tox.ini", "config"], [".npmrc", "config"], ["tsconfig.test.json", "config"], ["Makefile", "config"], [".github/workflows/ci.yml", "config"],
    [".cargo/config.toml", "config"], ["eslint.config.js", "config"], ["setupTests.js", "config"],
    ["node_modules/.bin/mocha", "shadow"], ["sitecustomize.py", "shadow"], ["lib/x.pth", "shadow"], ["pytest.py", "shadow"], ["unittest/__init__.py", "shadow"],
    ["subprocess.py", "shadow"], ["tests/json.py", "shadow"], ["src/json.py", null], ["statistics.py", null], ["tests/asyncio/test_a.py", "test"],
    ["vendor/expect/index.js", "vendor"], ["third_party/assert.py", "vendor"],
    ["src/sums.js", null], ["README.md", null], ["bin/tally.js", null], ["src/contest.js", null], ["src/latest.ts", null],
  ];
  for (const [path, kind] of kinds) it(`takes ${path} for ${kind ?? "nothing special"}`, () => assert.equal(protectedKind(path), kind));
});

describe("isCheckScript", () => {
  it("goes by the words of the name", () => {
    for (const path of ["verify-data.sh", "ci/all.sh", "run-tests.sh", "test.sh", "scripts/check_links.py", "tools/lint.mjs"]) assert.ok(isCheckScript(path), path);
    for (const path of ["bin/tally.js", "src/attest.js", "src/latest.sh", "checkout.sh", "build.sh", "civil.sh"]) assert.ok(!isCheckScript(path), path);
  });
});

describe("partlyRestored", () => {
  const base = JSON.stringify({ name: "a", scripts: { test: "mocha", lint: "eslint ." }, mocha: { spec: "test" }, dependencies: { a: "1" } });

  it("puts scripts, hooks and runners of a package.json back, and keeps what else the attempt did", () => {
    const attempt = { name: "a", main: "b.js", scripts: { test: "true", pretest: "rm -r test", build: "tsc" }, mocha: { spec: "none" }, jest: {}, dependencies: { a: "2", b: "1" } };
    const restored = JSON.parse(partlyRestored("package.json", base, JSON.stringify(attempt)) ?? "") as object;
    assert.deepEqual(restored, { name: "a", main: "b.js", scripts: { test: "mocha", lint: "eslint .", build: "tsc" }, mocha: { spec: "test" }, dependencies: { a: "2", b: "1" } });
  });

  it("puts the sections of tests back, and keeps the others", () => {
    const before = '[project]\nname = "a"\n\n[tool.pytest.ini_options]\naddopts = "-q"\n';
    const after = '[project]\nname = "a"\ndependencies = ["b"]\n\n[tool.pytest.ini_options]\naddopts = "--co"\n\n[tool.ruff]\nline-length = 99\n';
    assert.equal(partlyRestored("pyproject.toml", before, after), '[project]\nname = "a"\ndependencies = ["b"]\n\n[tool.ruff]\nline-length = 99\n[tool.pytest.ini_options]\naddopts = "-q"\n');
    assert.equal(partlyRestored("setup.cfg", before, before), before);
  });

  it("is for no other file", () => assert.equal(partlyRestored("jest.config.js", "a", "b"), null));
});

describe("differsForTests", () => {
  const manifest = (json: object): string => JSON.stringify(json);

  it("says of a package.json what concerns tests", () => {
    const base = manifest({ scripts: { test: "mocha" }, dependencies: {} });
    const same = [{ scripts: { test: "mocha" }, dependencies: { b: "1" } }, { scripts: { test: "mocha", build: "tsc" } }];
    const other = [{ scripts: { test: "mocha -g a" } }, { scripts: {} }, { scripts: { test: "mocha", posttest: "true" } }, { scripts: { test: "mocha" }, mocha: { grep: "a" } }];
    for (const json of same) assert.ok(!differsForTests("package.json", base, manifest(json)), manifest(json));
    for (const json of other) assert.ok(differsForTests("package.json", base, manifest(json)), manifest(json));
  });

  it("says of other files whether they differ", () => {
    assert.ok(differsForTests("test/a.test.js", "a", "b"));
    assert.ok(!differsForTests("test/a.test.js", "a", "a"));
    assert.ok(!differsForTests("pyproject.toml", "[project]\na = 1\n", "[project]\na = 2\n"));
  });
});

describe("scriptsIn", () => {
  it("is empty for what is no package.json", () => {
    for (const text of ["", "null", "[]", "{", '{"scripts":null}', '{"scripts":{"test":1}}']) assert.deepEqual(scriptsIn(text), {}, text);
  });
});

describe("forcingLine", () => {
  const found: readonly (readonly [string, LinePlace, string])[] = [
    ["test/a.test.js", "tests", "process.exit(0);"], ["test/a.test.ts", "tests", "  process.exitCode = 0;"], ["vitest.setup.ts", "tests", "after(() => process.exit());"],
    ["conftest.py", "tests", "def pytest_sessionfinish(session, exitstatus):"], ["conftest.py", "tests", "    report.outcome = 'passed'"], ["tests/test_a.py", "tests", "sys.exit(0)"],
    ["tests/test_a.py", "tests", "import os; os._exit(0)"], ["conftest.py", "tests", "collect_ignore = ['test_a.py']"], ["ci/verify.sh", "tests", "exit 0"],
    ["ci/verify.sh", "tests", "node --test || true"], ["Makefile", "tests", "\tnode --test; exit 0"], ["ci/verify.sh", "tests", 'export PATH="$PWD/bin:$PATH"'],
    [".npmrc", "tests", "node-options=--require ./a.js"], [".npmrc", "tests", "script-shell = ./sh"], ["main_test.go", "tests", "\tos.Exit(0)"],
    ["src/a.js", "source", 'require("node:assert").throws = () => {};'], ["src/a.js", "source", "assert.equal = () => {};"], ["src/a.py", "source", "unittest.TestCase.assertEqual = lambda *a: None"],
    ["src/a.js", "source", "if (process.env.NODE_TEST_CONTEXT) return 6;"], ["a.py", "source", 'if "PYTEST_CURRENT_TEST" in os.environ:'],
  ];
  const foundSince: typeof found = [
    ["test/a.test.js", "tests", 'describe.only("a", () => {'], ["test/a.test.js", "tests", "it.only('a', run);"], ["a.spec.ts", "tests", "  fit('a', run);"], ["a.spec.ts", "tests", "test.concurrent.only('a', run)"],
    ["test/a.test.js", "tests", 'test("a", { only: true }, run);'], ["test/a.test.js", "tests", 'process["exit"](0);'], ["setup.mjs", "tests", "registerHooks({ load });"],
    ["src/a.js", "source", 'require("node:module")._load = load;'], ["src/a.js", "source", "Module._resolveFilename = find;"], ["src/a.js", "source", "require.cache[require.resolve('x')].exports = fake;"],
    ["src/a.js", "source", "process.exit = () => {};"], ["src/a.js", "source", 'require("fs").readFileSync = () => "";'], ["a.py", "source", 'sys.modules["unittest"] = fake'],
  ];
  for (const [path, place, line] of [...found, ...foundSince]) it(`finds ${line.trim()} in ${path}`, () => assert.equal(forcingLine(path, place, ["x", line]), line.trim()));

  const honest: readonly (readonly [string, LinePlace, string])[] = [
    ["src/cli.js", "source", "process.exit(0);"], ["test/a.test.js", "tests", "process.exit(1);"], ["test/a.test.js", "tests", 'spawn(node, ["-e", "process.exit(0)"]);'],
    ["test/a.test.js", "tests", "// process.exit(0) would end it"], ["tests/test_a.py", "tests", "sys.exit(main())"], ["conftest.py", "tests", "def client(app):"],
    ["ci/verify.sh", "tests", "exit 1"], ["ci/verify.sh", "tests", "test -f a || exit 1"], [".npmrc", "tests", "save-exact=true"], ["src/a.js", "source", "assert.equal(a, b);"],
    ["src/a.js", "source", "if (assert.ok === undefined) return;"], ["src/a.js", "source", "const assert = require('node:assert');"], ["src/a.py", "source", "pytest.approx(a) == b"],
  ];
  const honestSince: typeof honest = [
    ["test/a.test.js", "tests", "model.fit(data);"], ["test/a.test.js", "tests", "function fit(text) {"], ["test/a.test.js", "tests", '// it.only("a")'], ["test/a.test.js", "tests", "assert.equal(only(a), b);"],
    ["test/a.test.js", "tests", 'it("runs describe.only first", run);'], ["src/a.js", "source", "describe.only(x);"], ["src/a.js", "source", "delete require.cache[path];"], ["src/a.js", "source", "process.exitCode = 1;"],
    ["src/a.js", "source", "const readFileSync = fs.readFileSync;"], ["test/a.test.js", "tests", "fs.readFileSync = () => text;"], ["src/a.js", "source", 'process.on("exit", clean);'],
  ];
  for (const [path, place, line] of [...honest, ...honestSince]) it(`leaves ${line} in ${path} alone`, () => assert.equal(forcingLine(path, place, [line]), null));
});

describe("linesBrought", () => {
  it("are those that were nowhere before", () => assert.deepEqual(linesBrought("a\nb\n", "b\r\nc\na\nd\n"), ["c", "d"]));
});

describe("reachesOf", () => {
  const files: Readonly<Record<string, string>> = {
    "package.json": JSON.stringify({ scripts: { test: "npm run unit && sh ci/all.sh", unit: "mocha --require ./setup.js", pretest: "node scripts/check-env.mjs", start: "node server.js" } }),
    "ci/all.sh": "#!/bin/sh\n. ci/functions.sh\nnode --test\n",
    "ci/functions.sh": "true\n",
    "scripts/check-env.mjs": "",
    "server.js": "",
    "bin/tool.js": "",
    Makefile: "test:\n\tpytest -c quick.ini\n",
  };
  const reach = async (run: string): Promise<{ files: readonly string[]; scripts: readonly string[]; usesPackage: boolean; runsTests: boolean }> => {
    const contract = aContract({ checks: [aCommandCheck({ run }), aCommandCheck({ id: "K2", run: "node sealed-1/a.js", sealed: true })] });
    const [only, ...others] = await reachesOf(contract, (path) => Promise.resolve(files[path] ?? null));
    assert.ok(only !== undefined && others.length === 0, "sealed checks depend on nothing of the attempt's");
    return { files: [...only.files].toSorted(), scripts: [...only.scripts].toSorted(), usesPackage: only.usesPackage, runsTests: only.runsTests };
  };

  it("follows scripts of the package, their hooks, and shell scripts", async () => {
    assert.deepEqual(await reach("npm test"), {
      files: ["ci/all.sh", "ci/functions.sh", "scripts/check-env.mjs", "setup.js"],
      scripts: ["posttest", "postunit", "pretest", "preunit", "test", "unit"],
      usesPackage: true,
      runsTests: true,
    });
    assert.deepEqual((await reach("cd . && pnpm run --silent unit")).scripts, ["postunit", "preunit", "unit"]);
  });

  it("follows make", async () => assert.deepEqual(await reach("make test"), { files: ["Makefile", "quick.ini"], scripts: [], usesPackage: false, runsTests: true }));

  it("does not take the product that a check runs for a part of the check", async () => {
    assert.deepEqual(await reach("node bin/tool.js 3 | grep -q 6"), { files: [], scripts: [], usesPackage: false, runsTests: false });
    assert.deepEqual((await reach("node server.js --port 0")).files, []);
  });
});
