// Checks that package-lock.json installs on every platform and names no registry; `--write` repairs it.
// npm leaves out the platform packages that its registry could not serve on the day, and `npm ci` then refuses
// the lock. What it needs to pass over a package of another platform can be told from the package's name.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FILE = path.resolve(import.meta.dirname, '../package-lock.json');
const PLATFORM = /(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-([a-z]+\d*[a-z]*)(?:-(\w+))?$/;
const LIBC = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

const lock = JSON.parse(readFileSync(FILE, 'utf8'));
if (process.argv.includes('--write')) {
  for (const { name, version, dev } of unlisted()) lock.packages[`node_modules/${name}`] = entryFor(name, version, dev);
  for (const entry of Object.values(lock.packages)) delete entry.resolved;
  lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
}

const problems = unlisted().map(({ name }) => `${name} is missing, \`npm ci\` would refuse the lock`);
for (const [folder, entry] of Object.entries(lock.packages)) {
  if (entry.version === undefined) problems.push(`${folder} has no version`);
  if (entry.resolved !== undefined) problems.push(`${folder} names the registry it came from`);
}
for (const problem of problems) console.error(`lock: ${problem}; run \`npm run lock\``);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Platform packages with an exact version that the lock does not list. */
function unlisted() {
  return Object.values(lock.packages).flatMap((entry) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name, version]) => /^\d/.test(version) && PLATFORM.test(name))
      .filter(([name]) => lock.packages[`node_modules/${name}`]?.version === undefined)
      .map(([name, version]) => ({ name, version, dev: entry.dev })),
  );
}

function entryFor(name, version, dev) {
  const [, os, cpu, abi] = PLATFORM.exec(name);
  const libc = os === 'linux' && abi in LIBC ? { libc: [LIBC[abi]] } : {};
  return { version, cpu: [cpu], ...(dev ? { dev: true } : {}), ...libc, license: 'MIT', optional: true, os: [os] };
}
