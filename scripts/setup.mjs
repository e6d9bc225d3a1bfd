// Brings a fresh or stale checkout to where it can run: dependencies as locked, dist/ from the current sources.
// Runs before anything is installed, so only Node's own modules may be imported at the top.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const OLDEST_NODE = [20, 19];
// At import, because scripts that import this one use newer features in their own first lines.
requireNode();
const ROOT = path.resolve(import.meta.dirname, '..');

/** Exits with a message where it cannot go on. */
export async function setup({ build = true } = {}) {
  installWhatIsLocked();
  if (!build) return;
  // Its imports exist only once the dependencies do.
  const { buildIfStale } = await import('./build.mjs');
  try {
    if (await buildIfStale()) console.error('setup: built dist/');
  } catch (error) {
    stop(`the build failed: ${error.message}`);
  }
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  stop(`Countersign needs Node.js ${OLDEST_NODE.join('.')} or later, this is ${process.versions.node}.`);
}

function installWhatIsLocked() {
  if (installedIsLocked()) return;
  console.error('setup: installing the dependencies (npm ci)');
  // One string and a shell: on Windows npm is a script. Development tools are needed whatever the environment says.
  const { status, error } = spawnSync('npm ci --include=dev --no-audit --no-fund', {
    cwd: ROOT,
    shell: true,
    stdio: ['ignore', process.stderr, 'inherit'],
  });
  if (status !== 0) stop(`npm ci failed${error ? `: ${error.message}` : ''}. Nothing was built; see its output above.`);
}

/** npm leaves a copy of the lock in node_modules, of what it really put there: that is the record to compare with. */
function installedIsLocked() {
  const installed = packagesOf('node_modules/.package-lock.json');
  const locked = packagesOf('package-lock.json');
  if (installed === undefined) return false;
  const same = (name) => locked[name]?.version === installed[name].version && existsSync(path.join(ROOT, name));
  const needed = Object.keys(locked).filter((name) => name !== '' && !locked[name].optional);
  return needed.every((name) => name in installed) && Object.keys(installed).every(same);
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function stop(message) {
  console.error(`setup: ${message}`);
  process.exit(1);
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === import.meta.filename) await setup();
