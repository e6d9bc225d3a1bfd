// `npm test`: every check, then every test, then one plain line with the counts. A failed check counts as a failure.
//   npm test                          everything
//   npm test -- --grep "text"         only tests whose title matches
//   npm test -- test/unit/gate        only test files whose path contains this (test/host, test/ui: a real VS Code)
//   npm test -- --tests-only          leave the checks out
//   npm test -- --times               what each test file costs, too
// Tests run with the root of the package as working folder.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setup } from './setup.mjs';
import { missingSystemPackages, missingUsefulPackages } from './systemPackages.mjs';

const ROOT = path.resolve(import.meta.dirname, '..');
/** Few enough that a process stays small: a large one takes long to start git. */
const FILES_A_PROCESS = 10;
const NONE = { passed: 0, failed: 0, skipped: 0 };
const { values: options, positionals: filters } = parseArgs({
  allowPositionals: true,
  options: {
    grep: { type: 'string', short: 'g' },
    reporter: { type: 'string', default: 'spec' },
    'tests-only': { type: 'boolean', default: false },
    times: { type: 'boolean', default: false },
  },
});

const CHECKS = [
  ['types', 'node_modules/typescript/bin/tsc', '--noEmit'],
  ['types of the page', 'node_modules/typescript/bin/tsc', '--noEmit', '--project', 'webview-ui'],
  ['lint', 'node_modules/oxlint/bin/oxlint', 'src', 'test', 'scripts', 'webview-ui'],
  ['layers', 'scripts/layers.mjs'],
  ['lock', 'scripts/lock.mjs'],
  ['licences', 'scripts/licences.mjs'],
];

await setup({ build: false });
for (const message of missingUsefulPackages()) console.error(`test: ${message}`);
const missing = missingSystemPackages();
for (const message of missing) console.error(`test: ${message}`);
if (missing.length > 0) process.exit(1);
// They need what setup installs.
const { bundleTests, removeBundles, testFiles } = await import('./testBundles.mjs');
const { editorJobs, missingForEditorTests } = await import('./editorTests.mjs');
const { runJobs } = await import('./testJobs.mjs');
const { tableOf } = await import('./testTimes.mjs');

const files = { node: testFiles('node', filters), host: testFiles('host', filters), ui: testFiles('ui', filters) };
// One temporary folder for all tests, with a space in its name; the cache folder too, lest they touch the user's.
const temporary = mkdtempSync(path.join(realpathSync(tmpdir()), 'countersign tests '));
const vsix = path.join(temporary, 'countersign.vsix');
const failedChecks = options['tests-only'] ? [] : CHECKS.filter(([name, ...command]) => !passes(name, command));
if (!passes('build', ['scripts/build.mjs'])) failedChecks.push(['build']);
const isPacked = options['tests-only'] && files.ui.length === 0 ? true : passes('package', ['scripts/package.mjs', '--out', vsix]);
if (!isPacked) failedChecks.push(['package']);
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
  const request = { grep: options.grep, reporter: options.reporter };
  const inEditor = [...files.host, ...files.ui];
  const lacking = inEditor.length === 0 ? [] : missingForEditorTests();
  try {
    // The windows first: they are the longest, and what is left runs beside them.
    const jobs = [
      ...(lacking.length > 0 ? [] : await prepared('the tests in VS Code', inEditor, () => editorJobs(files, request, { temporary, vsix }))),
      ...(await prepared('the tests', files.node, () => nodeJobs(request))),
    ];
    const results = await runJobs(jobs);
    if (options.times) console.log(tableOf(results.map(({ times }) => times)));
    return sum(lacking.length > 0 ? [...results, skipped(lacking)] : results);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    // Coverage is computed from the bundles after this process; the next run removes them.
    if (!process.env.NODE_V8_COVERAGE) removeBundles();
  }
}

/** The jobs; one that is over, with a failure, where they cannot be made. */
async function prepared(what, selected, make) {
  if (selected.length === 0) return [];
  try {
    return await make();
  } catch (error) {
    console.error(`test: ${what} could not run: ${error.message}`);
    return [{ counts: { ...NONE, failed: 1 } }];
  }
}

/** Batches of files, so that one process does not hold all and no core is idle. */
async function nodeJobs(request) {
  const { bundles } = await bundleTests(files.node);
  const count = Math.ceil(bundles.length / FILES_A_PROCESS);
  return Array.from({ length: count }, (_, batch) => {
    const folder = path.join(temporary, `node ${batch + 1}`);
    mkdirSync(folder);
    const countsFile = path.join(folder, 'counts.json');
    const told = { ...request, files: bundles.slice(batch * FILES_A_PROCESS, (batch + 1) * FILES_A_PROCESS), countsFile };
    const env = { ...process.env, TMPDIR: folder, XDG_CACHE_HOME: path.join(folder, 'cache') };
    return { name: `the tests, part ${batch + 1} of ${count}`, command: ['scripts/mocha.mjs', JSON.stringify(told)], env, countsFile };
  });
}

/** Nobody knows how many tests are in a file that cannot run, so each counts as one. */
function skipped(lacking) {
  const count = files.host.length + files.ui.length;
  for (const message of lacking) console.error(`test: ${message}`);
  console.error(`test: ${count} test files need a real VS Code and were skipped`);
  return { ...NONE, skipped: count };
}

function sum(parts) {
  const total = (key) => parts.reduce((so, part) => so + part[key], 0);
  return { passed: total('passed'), failed: total('failed'), skipped: total('skipped') };
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
