// Bundles the test files that match, each into one file of a flat folder at the root of the package.
import { mkdirSync, readdirSync, rmSync, existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT, common } from './bundles.mjs';

const SUITES = ['test/unit', 'test/ports', 'test/integration'];
const PREFIX = '.test-build-';

/** The test files whose path contains one of the filters; all where there is none. */
export function testFiles(filters) {
  return SUITES.filter((suite) => existsSync(path.join(ROOT, suite)))
    .flatMap((suite) => readdirSync(path.join(ROOT, suite), { recursive: true }).map((name) => path.posix.join(suite, name)))
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter.replace(/^\.\//, ''))))
    .toSorted();
}

/** Returns the folder, which the caller removes. A folder for each run: two runs in one checkout must not mix. */
export async function bundleTests(files) {
  const { build } = await import('esbuild');
  removeAbandoned();
  const folder = path.join(ROOT, `${PREFIX}${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const names = files.map((file) => file.replace(/^test\//, '').replaceAll('/', '-').replace(/\.ts$/, ''));
  await build({
    ...common,
    entryPoints: files.map((file, index) => ({ in: file, out: names[index] })),
    outdir: folder,
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'error',
  });
  return { folder, bundles: names.map((name) => path.join(folder, `${name}.cjs`)) };
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
