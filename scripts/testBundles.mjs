// Bundles the test files that match, each into one file of a flat folder at the root of the package.
import { mkdirSync, readdirSync, rmSync, existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT, common } from './bundles.mjs';

/** Where the tests of each kind lie: in Node.js, inside the extension host, and in front of a VS Code. */
const SUITES = { node: ['test/unit', 'test/ports', 'test/integration'], host: ['test/host'], ui: ['test/ui'] };
const PREFIX = '.test-build-';

/** The test files of a kind whose path contains one of the filters; all where there is none. */
export function testFiles(kind, filters) {
  return SUITES[kind].filter((suite) => existsSync(path.join(ROOT, suite)))
    .flatMap((suite) => readdirSync(path.join(ROOT, suite), { recursive: true }).map((name) => path.posix.join(suite, name)))
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter.replace(/^\.\//, ''))))
    .toSorted();
}

/** A folder for each run: two runs in one checkout must not mix. */
const FOLDER = path.join(ROOT, `${PREFIX}${process.pid}`);

/** The bundles of these files, in the same order. They are there until `removeBundles`. */
export async function bundleTests(files) {
  const { build } = await import('esbuild');
  removeAbandoned();
  mkdirSync(FOLDER, { recursive: true });
  const names = files.map((file) => file.replace(/^test\//, '').replaceAll('/', '-').replace(/\.ts$/, ''));
  await build({
    ...common,
    entryPoints: files.map((file, index) => ({ in: file, out: names[index] })),
    outdir: FOLDER,
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'error',
  });
  return { bundles: names.map((name) => path.join(FOLDER, `${name}.cjs`)) };
}

export function removeBundles() {
  rmSync(FOLDER, { recursive: true, force: true });
}

/** A run that was killed could not clean up. */
function removeAbandoned() {
  for (const name of readdirSync(ROOT).filter((entry) => entry.startsWith(PREFIX))) {
    if (!isRunning(Number(name.slice(PREFIX.length)))) rmSync(path.join(ROOT, name), { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
