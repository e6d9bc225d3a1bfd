// The programs that the tests need beside Node, and how to get them.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const NEEDED = [
  { program: 'git', atLeast: [2, 30], get: 'apt-get install git, brew install git, or git-scm.com' },
];

/** Without these some tests are skipped; where CI is set they are needed. */
const USEFUL = [
  { program: 'rg', atLeast: [13, 0], get: 'apt-get install ripgrep, or brew install ripgrep' },
  // Commands run in its sandbox; the tests of that are skipped without it, too.
  ...(process.platform === 'linux' ? [{ program: 'bwrap', atLeast: [0, 4], get: 'apt-get install bubblewrap' }] : []),
];

/** Where a browser may be, the first one found counts. COUNTERSIGN_CHROMIUM names another. */
const BROWSERS = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const GET_BROWSER = 'apt-get install chromium, or brew install --cask chromium';
/** They compile the native modules of the VS Code for tests, once. */
const COMPILERS = [
  { program: 'g++', get: 'apt-get install g++, or xcode-select --install' },
  { program: 'make', get: 'apt-get install make, or xcode-select --install' },
  { program: 'python3', get: 'apt-get install python3, or brew install python3' },
];

/** One readable line for each program that the tests in a real VS Code lack; compilers only until it is installed. */
export function missingForEditor(editorIsInstalled) {
  const browser = chromiumProgram() === undefined ? [`Chromium is needed for tests in a real VS Code. Get it with: ${GET_BROWSER}`] : [];
  const compilers = editorIsInstalled ? [] : COMPILERS.filter(({ program }) => onPath(program) === undefined);
  return [...browser, ...compilers.map(({ program, get }) => `${program} is needed to install VS Code for tests. Get it with: ${get}`)];
}

/** The browser's path, or undefined. */
export function chromiumProgram() {
  const named = process.env.COUNTERSIGN_CHROMIUM;
  return (named ? [named] : BROWSERS).map(onPath).find((found) => found !== undefined);
}

function onPath(program) {
  const folders = path.isAbsolute(program) ? [''] : (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => path.join(folder, program)).find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

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
