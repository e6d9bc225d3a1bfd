// `npm run package`: makes countersign-<version>.vsix from dist/, with nothing in it that the editor does not need.
//   npm run package -- --out FILE     writes it somewhere else
// What goes in stands in `stage`: a folder is filled and packed, so that no ignore list can let something slip in.
// Nothing here uses the network. The bundles are the ones of dist/, with their white space taken out.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { buildIfStale } from './build.mjs';
import { ASSETS, LAZY, PROGRAMS, ROOT } from './bundles.mjs';
import { WEBVIEW_FILES } from './webview.mjs';

const MAX_BYTES = 1_500_000;
const LARGEST_SHOWN = 6;
export const DOCUMENTS = ['LICENSE', 'CHANGELOG.md', 'SECURITY.md', 'THIRD_PARTY.md', 'docs/chainFiles.md'];
/** In the manifest these speak to npm or to us, not to the editor. */
const NOT_FOR_THE_EDITOR = ['scripts', 'devDependencies', 'dependencies', 'allowScripts', 'files', 'bin'];
/** Bundles of the command line. */
const COMMAND_LINE = ['cli', 'policy'];
const LEFT_BEHIND = ['node_modules', 'coverage', '.countersign', '.git'];

/** Writes the package to `out` and returns its size in bytes and the files in it, largest first. */
export async function packageExtension(out) {
  await buildIfStale();
  const temporary = mkdtempSync(path.join(tmpdir(), 'countersign-package-'));
  const folder = path.join(temporary, 'extension');
  try {
    mkdirSync(folder);
    await stage(folder);
    await pack(folder, out);
    return { bytes: statSync(out).size, files: sizesIn(folder) };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function stage(folder) {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  assertTypesMatch(manifest);
  for (const key of NOT_FOR_THE_EDITOR) delete manifest[key];
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
  writeFileSync(path.join(folder, 'README.md'), readmeForTheEditor(readme));
  for (const name of DOCUMENTS) cpSync(path.join(ROOT, name), path.join(folder, name));
  copy('samples', folder, (name) => !LEFT_BEHIND.includes(path.basename(name)));
  copy('media', folder, (name) => !isOnlyInReadme(name, readme));
  copy('dist', folder, isShipped);
  await shrinkScripts(path.join(folder, 'dist'));
}

function copy(name, folder, filter) {
  cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true, filter: (source) => filter(path.relative(ROOT, source).replaceAll(path.sep, '/')) });
}

/** dist/ may hold what earlier sources were built to. The command line is for npm, maps are for us. */
function isShipped(name) {
  const bundles = Object.values({ ...PROGRAMS, ...LAZY }).filter((bundle) => !COMMAND_LINE.includes(bundle));
  const known = ['webview', ...WEBVIEW_FILES, ...bundles.map((bundle) => `${bundle}.cjs`), ...Object.values(ASSETS)];
  return name === 'dist' || known.some((file) => name === `dist/${file}`);
}

/** The editor and the marketplace show the page without the files around it: its pictures and links would be broken. */
export function readmeForTheEditor(readme) {
  const withoutPictures = readme.replaceAll(/!\[[^\]]*\]\((?!https:)[^)]*\)\n*|<img\b[^>]*\bsrc="(?!https:)[^>]*>\n*/g, '');
  return withoutPictures.replaceAll(/\[([^\]]*)\]\((?!https:|#)[^)]*\)/g, '$1');
}

function isOnlyInReadme(name, readme) {
  return !readme.includes(name) ? false : !textsThatNamePictures().some((text) => text.includes(name.replace(/^media\//, '')));
}

function textsThatNamePictures() {
  const pages = readdirSync(path.join(ROOT, 'media'), { recursive: true }).filter((name) => name.endsWith('.md'));
  return ['package.json', ...pages.map((name) => path.join('media', name))].map((name) => readFileSync(path.join(ROOT, name), 'utf8'));
}

/** Names stay as they are: people read stacks. The licences stand in THIRD_PARTY.md. */
async function shrinkScripts(dist) {
  const { transform } = await import('esbuild');
  for (const name of readdirSync(dist).filter((entry) => entry.endsWith('.cjs'))) {
    const file = path.join(dist, name);
    const options = { minifyWhitespace: true, minifySyntax: true, legalComments: 'none', target: 'node20.19', logLevel: 'error' };
    const source = readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
    writeFileSync(file, (await transform(source, options)).code);
  }
}

async function pack(folder, packagePath) {
  const { createVSIX } = await import('@vscode/vsce');
  mkdirSync(path.dirname(packagePath), { recursive: true });
  // vsce has a list of its own of what to leave out; here everything is wanted.
  const ignoreFile = path.join(path.dirname(folder), 'ignore');
  writeFileSync(ignoreFile, '!**\n');
  // It prints a listing that says less than ours.
  const { log } = console;
  console.log = () => {};
  try {
    await createVSIX({ cwd: folder, packagePath, ignoreFile, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
  } finally {
    console.log = log;
  }
}

/** With older types the code could call what the oldest editor lacks. */
function assertTypesMatch({ engines, devDependencies }) {
  const types = devDependencies['@types/vscode'];
  if (engines.vscode !== `^${types}`) throw new Error(`engines.vscode is ${engines.vscode}, but @types/vscode is ${types}; make them the same`);
}

function sizesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => ({ name: name.replaceAll(path.sep, '/'), file: path.join(folder, name) }))
    .filter(({ file }) => statSync(file).isFile())
    .map(({ name, file }) => ({ name, packed: deflateRawSync(readFileSync(file)).length, bytes: statSync(file).size }))
    .toSorted((a, b) => b.packed - a.packed);
}

async function main() {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const out = path.resolve(process.env.INIT_CWD ?? '', values.out ?? path.join(ROOT, `countersign-${version}.vsix`));
  const { bytes, files } = await packageExtension(out);
  const kilobytes = (count) => `${Math.round(count / 1000).toLocaleString('en')} kB`;
  console.log(`package: ${out}: ${kilobytes(bytes)}, ${files.length} files (at most ${kilobytes(MAX_BYTES)})`);
  for (const file of files.slice(0, LARGEST_SHOWN)) console.log(`  ${kilobytes(file.packed).padStart(8)} of ${kilobytes(file.bytes).padStart(8)}  ${file.name}`);
  if (bytes <= MAX_BYTES) return;
  throw new Error(`${kilobytes(bytes)} is too large: the largest files are listed above`);
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === import.meta.filename) {
  try {
    await main();
  } catch (error) {
    console.error(`package: ${error.message}`);
    process.exitCode = 1;
  }
}
