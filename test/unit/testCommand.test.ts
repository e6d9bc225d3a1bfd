import { strict as assert } from "node:assert";
import type { TestRunner } from "../../src/core/domain/testCountReaders";
import { testCommandOf } from "../../src/core/engine/testCommand";

const SCRIPTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "": {
    test: "node --test",
    unit: "npm run lint && mocha 'test/**/*.js'",
    "test:both": "jest && mocha",
    "test:own": "node scripts/test.mjs",
    "test:loop": "npm run test:loop",
    "test:e2e": "playwright test",
    lint: "eslint .",
    pretest: "npm run lint",
    nyc: "nyc --reporter=text mocha",
    deep: "npm run deeper",
    deeper: "cross-env NODE_ENV=test jest --ci",
  },
  "packages/a": { test: "vitest run" },
};

const found = (command: string): ReturnType<typeof testCommandOf> => testCommandOf(command, (folder) => Promise.resolve(SCRIPTS[folder] ?? null));

describe("testCommandOf", () => {
  const rows: readonly (readonly [string, TestRunner])[] = [
    ["node --test", "node:test"],
    ["node --test test/a.test.js", "node:test"],
    ["node --import tsx --test=x", "node:test"],
    ["/usr/bin/node --test", "node:test"],
    ["npm test", "node:test"],
    ["npm t", "node:test"],
    ["npm --silent test -- --grep x", "node:test"],
    ["npm run unit", "mocha"],
    ["npm run nyc", "mocha"],
    ["npm run deep", "jest"],
    ["yarn unit", "mocha"],
    ["pnpm run unit", "mocha"],
    ["npm --prefix packages/a test", "vitest"],
    ["cd packages/a && npm test", "vitest"],
    ["pnpm -C packages/a test", "vitest"],
    ["CI=1 npm test 2>&1 | tail -n 5", "node:test"],
    ["env CI=1 npx mocha", "mocha"],
    ["npx --yes jest --ci", "jest"],
    ["bash -c 'npm test'", "node:test"],
    ["timeout 60 npx vitest run", "vitest"],
    ["node_modules/.bin/mocha", "mocha"],
    ["node node_modules/mocha/bin/mocha.js", "mocha"],
    ["npx c8 mocha", "mocha"],
    ["pytest -q", "pytest"],
    ["python -m pytest", "pytest"],
    ["python3.12 -m pytest tests", "pytest"],
    ["python3 -m unittest discover", "unittest"],
    ["uv run pytest", "pytest"],
    ["poetry run python -m pytest", "pytest"],
    ["coverage run -m pytest", "pytest"],
    ["go test ./...", "go test"],
    ["go test -json ./...", "go test"],
    ["cargo test --workspace", "cargo test"],
    ["cargo +nightly test", "cargo test"],
    ["cargo nextest run", "cargo test"],
    ["make build; pytest", "pytest"],
    ["(cd . && go test ./...)", "go test"],
  ];
  for (const [command, runner] of rows) {
    it(`knows ${command}`, async () => {
      const { reportsItsOwnWay: _, ...rest } = (await found(command)) ?? { runner: null, several: false };
      assert.deepEqual(rest, { runner, several: false });
    });
  }

  it("knows a run that is asked for another report", async () => {
    for (const command of ["node --test --test-reporter=dot", "pytest -q", "npx mocha -R min", "npx jest --json"]) assert.equal((await found(command))?.reportsItsOwnWay, true, command);
    for (const command of ["node --test test/reporter.js", "npm test", "npx mocha -r setup.js"]) assert.equal((await found(command))?.reportsItsOwnWay, undefined, command);
  });

  for (const command of ["npm test --workspaces", "pnpm -r test", "npx turbo run test", "lerna run test", "npm run test:both", "go test ./a && cargo test"]) {
    it(`knows that ${command} is several runs`, async () => assert.deepEqual(await found(command), { runner: null, several: true }));
  }

  it("knows a package's tests whatever runs them", async () => {
    assert.deepEqual(await found("npm run test:own"), { runner: null, several: false });
    assert.deepEqual(await found("npm run test:e2e"), { runner: null, several: false });
  });

  it("comes back from scripts that call themselves", async () => assert.deepEqual(await found("npm run test:loop"), { runner: null, several: false }));

  for (const command of ["node bin/tally.js test", "npm run lint", "npm install", "npm run nothing", "echo npm test", "git commit -m 'node --test'", "cargo build", "go vet ./...", "python -m http.server", "test -f a.js", "grep -r pytest .", "(", ""]) {
    it(`takes "${command}" for no test command`, async () => assert.equal(await found(command), null));
  }
});
