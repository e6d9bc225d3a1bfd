// `npm test`: every check, then every test, then one plain line with the counts. A failed check counts as a failure.
//   npm test                          everything
//   npm test -- --grep "text"         only tests whose title matches
//   npm test -- test/unit/gate        only test files whose path contains this
//   npm test -- --tests-only          leave the checks out
// Tests run with the root of the package as working folder.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setup } from './setup.mjs';
import { missingSystemPackages, missingUsefulPackages } from './systemPackages.mjs';

const ROOT = path.resolve(import.meta.dirname, '..');
const { values: options, positionals: filters } = parseArgs({
  allowPositionals: true,
  options: {
    grep: { type: 'string', short: 'g' },
    reporter: { type: 'string', default: 'spec' },
    'tests-only': { type: 'boolean', default: false },
  },
});

const CHECKS = [
  ['types', 'node_modules/typescript/bin/tsc', '--noEmit'],
  ['lint', 'node_modules/oxlint/bin/oxlint', 'src', 'test', 'scripts'],
  ['layers', 'scripts/layers.mjs'],
  ['lock', 'scripts/lock.mjs'],
  ['licences', 'scripts/licences.mjs'],
];

await setup({ build: false });
for (const message of missingUsefulPackages()) console.error(`test: ${message}`);
const missing = missingSystemPackages();
for (const message of missing) console.error(`test: ${message}`);
if (missing.length > 0) process.exit(1);

const failedChecks = options['tests-only'] ? [] : CHECKS.filter(([name, ...command]) => !passes(name, command));
if (!passes('build', ['scripts/build.mjs'])) failedChecks.push(['build']);
const counts = await runTests();
conclude();

function passes(name, command) {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${name} (${seconds} s)`);
  return status === 0;
}

async function runTests() {
  const { bundleTests, testFiles } = await import('./testBundles.mjs');
  const files = testFiles(filters);
  const none = { passed: 0, failed: 0, skipped: 0 };
  if (files.length === 0) return none;
  // One temporary folder for all tests, with a space in its name; the cache folder too, lest they touch the user's.
  const temporary = mkdtempSync(path.join(realpathSync(tmpdir()), 'countersign tests '));
  const countsFile = path.join(temporary, 'counts.json');
  let built;
  try {
    built = await bundleTests(files);
    const request = { files: built.bundles, grep: options.grep, reporter: options.reporter, countsFile };
    spawnSync(process.execPath, ['scripts/mocha.mjs', JSON.stringify(request)], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, TMPDIR: temporary, XDG_CACHE_HOME: path.join(temporary, 'cache') },
    });
    if (existsSync(countsFile)) return JSON.parse(readFileSync(countsFile, 'utf8'));
    console.error('test: the test process ended before it could report');
  } catch (error) {
    console.error(`test: the tests could not be bundled: ${error.message}`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    // Coverage is computed from the bundles after this process; the next run removes them.
    if (built !== undefined && !process.env.NODE_V8_COVERAGE) rmSync(built.folder, { recursive: true, force: true });
  }
  return { ...none, failed: 1 };
}

function conclude() {
  const { passed, skipped } = counts;
  const failed = counts.failed + failedChecks.length;
  for (const [name] of failedChecks) console.error(`test: the check "${name}" failed`);
  if (passed + counts.failed === 0) console.error('test: no test ran');
  const skippedInCi = skipped > 0 && Boolean(process.env.CI);
  if (skippedInCi) console.error('test: skipped tests count as failures in CI');
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = failed > 0 || passed === 0 || skippedInCi ? 1 : 0;
}
