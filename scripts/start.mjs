// `npm start`: sets the checkout up, then runs the sample task, or the task that was given.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { setup } from './setup.mjs';

const CLI = path.resolve(import.meta.dirname, '../dist/cli.cjs');
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGWINCH'];
// A terminal sends Ctrl-C to the whole group and npm passes it on once more. Two of them mean "at once" to the
// command line, so repeats within this time are taken for one; no person presses twice that fast by intent.
const SAME_KEYSTROKE_MS = 150;

await setup();

const given = process.argv.slice(2);
const child = spawn(process.execPath, [CLI, ...(given.length === 0 ? ['sample'] : ['run', ...given])], {
  // npm changes to the package's folder; paths that a person gave are relative to where they stand.
  cwd: process.env.npm_lifecycle_event === 'start' ? process.env.INIT_CWD : process.cwd(),
  stdio: 'inherit',
  // In a group of its own no signal reaches it but those sent below. Windows would open a new console window.
  detached: process.platform !== 'win32',
});

const lastSent = new Map();
for (const signal of FORWARDED) {
  process.on(signal, () => {
    const now = performance.now();
    if (now - (lastSent.get(signal) ?? -Infinity) < SAME_KEYSTROKE_MS) return;
    lastSent.set(signal, now);
    // On Windows the console has told the child already.
    if (process.platform !== 'win32') child.kill(signal);
  });
}

child.on('error', (error) => {
  console.error(`start: cannot run ${CLI}: ${error.message}`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
});
