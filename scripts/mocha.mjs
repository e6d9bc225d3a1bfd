// Runs bundled test files in a process of its own, so that a test that takes the process down is still counted as
// a failure. Takes one JSON argument: files, grep, reporter, timeoutMs, retries, and where to write counts and times.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { watch } from './testTimes.mjs';

const TIMEOUT_MS = 20_000; // real git and real processes, on two cores
const LINGERING_MS = 5_000;

process.setSourceMapsEnabled(true);
// Mocha notices a rejection that nobody handles only as an exception.
process.on('unhandledRejection', (reason) => {
  throw reason;
});

const { files, grep, reporter, timeoutMs = TIMEOUT_MS, retries = 0, countsFile } = JSON.parse(process.argv[2]);
const mocha = new Mocha({ timeout: timeoutMs, retries, reporter, forbidOnly: Boolean(process.env.CI), ...(grep === undefined ? {} : { grep }) });
for (const file of files) mocha.addFile(file);

const runner = mocha.run((failures) => {
  const { passes, pending } = runner.stats;
  writeCounts({ passed: passes, failed: failures, skipped: pending });
  process.exitCode = failures > 0 ? 1 : 0;
  // Only fires when something else keeps the process alive: a leak that would hang a user's process as well.
  setTimeout(() => {
    console.error(`The tests are over, but these keep the process alive: ${process.getActiveResourcesInfo().join(', ')}`);
    writeCounts({ passed: passes, failed: failures + 1, skipped: pending });
    process.exit(1);
  }, LINGERING_MS).unref();
});

const times = watch(runner);
// A second try hides nothing: what failed at first is said.
runner.on('retry', (test, error) => console.error(`    tried again: ${test.fullTitle()}: ${error.message}`));

function writeCounts(counts) {
  writeFileSync(countsFile, JSON.stringify({ ...counts, times }));
}
