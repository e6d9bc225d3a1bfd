import { strict as assert } from "node:assert";
import { isSourceFile, isTestFile } from "../../src/core/domain/sourceFile";

const SOURCES = ["src/a.ts", "a.js", "bin/tool", "greet", "lib/x.py", "src/latest.ts", "src/contest.go", "src/testing.rs", "app/views/index.html", "src/style.css", "main.c", "scripts/deploy.sh", "src/inspector.ts"];
const TESTS = ["test/a.js", "tests/x.py", "src/__tests__/a.ts", "src/a.test.ts", "src/a.spec.tsx", "a_test.go", "test_a.py", "pkg/conftest.py", "src/FooTest.java", "spec/a_spec.rb", "test/helpers/run.js", "testdata/in.txt", "a-test.mjs"];
const OTHERS = ["README.md", "docs/a.js", "LICENSE", "CHANGELOG", "package.json", "package-lock.json", "Cargo.toml", "Cargo.lock", "go.sum", "Makefile", "Dockerfile", ".gitignore", ".github/workflows/ci.yml", "data/a.csv", "logo.png", "vite.config.ts", "types.d.ts", "notes.txt", ".eslintrc.js"];

describe("isSourceFile", () => {
  it("knows what does the work", () => assert.deepEqual(SOURCES.filter((path) => !isSourceFile(path)), []));
  it("leaves tests, documents, data and settings out", () => assert.deepEqual([...TESTS, ...OTHERS].filter(isSourceFile), []));
});

describe("isTestFile", () => {
  it("knows tests and their helpers by their names", () => {
    assert.deepEqual(TESTS.filter((path) => !isTestFile(path)), []);
    assert.deepEqual([...SOURCES, ...OTHERS].filter(isTestFile), []);
  });
});
