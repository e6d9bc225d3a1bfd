// Bundles the programs into dist/. Run as a script it always builds; setup calls `buildIfStale`.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ASSETS, HEAVY_PACKAGES, LAZY, PROGRAMS, ROOT, STAND_INS, common, packageOf } from './bundles.mjs';
import { WEBVIEW_FILES, bundleWebview } from './webview.mjs';

const DIST = path.join(ROOT, 'dist');
const STAMP = path.join(DIST, '.sources');
const SHEBANG = '#!/usr/bin/env node\n';
// Node 22 and later keep compiled code between runs; 20 lacks the call. It serves the lazily loaded bundles.
const COMPILE_CACHE = "require('node:module').enableCompileCache?.();";

/** Builds unless dist/ was built from exactly these sources. Returns whether it built. */
export async function buildIfStale() {
  const stamp = sourcesHash();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp && outputsExist()) return false;
  await build(stamp);
  return true;
}

export async function build(stamp = sourcesHash()) {
  const esbuild = await import('esbuild');
  const entries = Object.entries({ ...PROGRAMS, ...LAZY });
  const present = entries.filter(([source]) => existsSync(path.join(ROOT, source)));
  for (const [source] of entries.filter((entry) => !present.includes(entry))) {
    console.error(`build: ${source} does not exist yet, skipped`);
  }
  const bundles = present.map(([source, name]) => bundle(esbuild, source, name));
  const results = await Promise.all([...bundles, bundleWebview(esbuild, DIST)]);
  assertPackagesListed(results.map((result) => result.metafile));
  mkdirSync(path.join(DIST, 'webview'), { recursive: true });
  for (const file of results.flatMap((result) => result.outputFiles)) writeAtomically(file.path, file.contents);
  for (const [from, to] of Object.entries(ASSETS)) {
    writeAtomically(path.join(DIST, to), readFileSync(path.join(ROOT, from)));
  }
  writeAtomically(STAMP, stamp);
}

async function bundle(esbuild, source, name) {
  const isCli = name === 'cli';
  const result = await esbuild.build({
    ...common,
    entryPoints: { [name]: source },
    outdir: DIST,
    write: false,
    metafile: true,
    sourcemap: 'linked',
    external: ['vscode'],
    plugins: [lazyModules()],
    inject: STAND_INS[name] ?? [],
    // esbuild would leave `import()` of a bundle alone; as a require it starts faster and works in every host.
    supported: { 'dynamic-import': false },
    banner: { js: (isCli ? SHEBANG + COMPILE_CACHE : '') + common.banner.js },
    logLevel: 'warning',
  });
  if (source in PROGRAMS) assertNothingHeavy(source, result.metafile);
  return { ...result, outputFiles: result.outputFiles.map(requiringEditorOnce) };
}

const EDITOR_REQUIRE = 'require("vscode")';

/** Every module requires `vscode` by itself, and each time the extension host looks up who asks: one look will do. */
function requiringEditorOnce({ path: file, text, contents }) {
  if (!file.endsWith('.cjs') || !text.includes(EDITOR_REQUIRE)) return { path: file, contents };
  return { path: file, contents: `const __vscode = ${EDITOR_REQUIRE}; ${text.replaceAll(EDITOR_REQUIRE, '__vscode')}` };
}

/** Turns `import()` of a lazy module into a require of its bundle, and refuses a static import of one. */
function lazyModules() {
  const lazy = new Map(Object.entries(LAZY).map(([source, name]) => [path.join(ROOT, source), name]));
  return {
    name: 'lazy-modules',
    setup(api) {
      api.onResolve({ filter: /^\.{1,2}\// }, async (args) => {
        if (args.pluginData === 'resolved' || args.kind === 'entry-point') return undefined;
        const { resolveDir, kind, importer } = args;
        const found = await api.resolve(args.path, { resolveDir, kind, importer, pluginData: 'resolved' });
        const name = lazy.get(found.path);
        if (name === undefined) return undefined;
        if (kind === 'dynamic-import') return { path: `./${name}.cjs`, external: true };
        return { errors: [{ text: `${args.path} is loaded lazily: use "await import()" or "import type"` }] };
      });
    },
  };
}

function assertNothingHeavy(source, metafile) {
  const heavy = Object.keys(metafile.inputs).find((input) => HEAVY_PACKAGES.includes(packageOf(input)));
  if (heavy !== undefined) {
    throw new Error(`${source} would parse ${packageOf(heavy)} at start-up; reach it through a module of LAZY`);
  }
}

/** Whatever is shipped must be in `dependencies`: from there come the licence list and the audits. */
function assertPackagesListed(metafiles) {
  const lock = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')).packages;
  for (const input of metafiles.flatMap((metafile) => Object.keys(metafile.inputs))) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
    if (folder !== undefined && lock[folder]?.dev !== undefined) {
      throw new Error(`${folder} ends up in a bundle but is a dev dependency: move it to "dependencies"`);
    }
  }
}

/** Others may be running the file that is being replaced. */
function writeAtomically(file, contents) {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  if (file.endsWith('cli.cjs')) chmodSync(temporary, 0o755);
  renameSync(temporary, file);
}

function outputsExist() {
  if (![...Object.values(ASSETS), ...WEBVIEW_FILES].every((name) => existsSync(path.join(DIST, name)))) return false;
  return Object.entries({ ...PROGRAMS, ...LAZY }).every(
    ([source, name]) => existsSync(path.join(DIST, `${name}.cjs`)) || !existsSync(path.join(ROOT, source)),
  );
}

/** Over contents and not times: a checkout or a copy changes every time. */
function sourcesHash() {
  const hash = createHash('sha256');
  const sources = ['src', 'webview-ui']
    .flatMap((folder) => readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const others = ['package.json', 'package-lock.json', 'scripts/build.mjs', 'scripts/bundles.mjs', 'scripts/webview.mjs'];
  for (const file of [...sources.toSorted(), ...others.map((name) => path.join(ROOT, name))]) {
    hash.update(`${path.relative(ROOT, file)}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await build();
    console.log('build: dist/ is up to date');
  } catch (error) {
    console.error(`build: ${error.message}`);
    process.exitCode = 1;
  }
}
