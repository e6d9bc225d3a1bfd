// The programs that the tests need beside Node, and how to get them.
import { spawnSync } from 'node:child_process';

const NEEDED = [
  { program: 'git', atLeast: [2, 30], get: 'apt-get install git, brew install git, or git-scm.com' },
];

/** Without these some tests are skipped; where CI is set they are needed. */
const USEFUL = [
  { program: 'rg', atLeast: [13, 0], get: 'apt-get install ripgrep, or brew install ripgrep' },
];

/** One readable line for each program that is missing or too old. */
export function missingSystemPackages() {
  return missingOf(process.env.CI ? [...NEEDED, ...USEFUL] : NEEDED);
}

/** The same for programs without which some tests are skipped. */
export function missingUsefulPackages() {
  return process.env.CI ? [] : missingOf(USEFUL).map((message) => `${message}. Until then some tests are skipped.`);
}

function missingOf(programs) {
  return programs.flatMap(({ program, atLeast, get }) => {
    const found = versionOf(program);
    if (found !== undefined && compare(found, atLeast) >= 0) return [];
    return [`${program} ${atLeast.join('.')} or later is needed, found ${found?.join('.') ?? 'none'}. Get it with: ${get}`];
  });
}

function versionOf(program) {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  const version = status === 0 ? /(\d+)\.(\d+)/.exec(stdout) : null;
  return version === null ? undefined : version.slice(1).map(Number);
}

function compare(a, b) {
  return a[0] - b[0] || a[1] - b[1];
}
