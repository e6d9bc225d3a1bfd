// Enforces the layers: shared ← core ← {adapters, vscode} ← composition ← extension.ts / cli (vscode not into composition), and webview-ui → shared.
// Types count like values: a type that leaks is a dependency that a reader has to follow.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { findCycles } from './cycles.mjs';
import { importsOf } from './imports.mjs';

/** Which layers a layer may import. */
const MAY_IMPORT = {
  shared: ['shared'],
  core: ['shared', 'core'],
  adapters: ['shared', 'core', 'adapters'],
  vscode: ['shared', 'core', 'vscode'],
  composition: ['shared', 'core', 'adapters', 'composition'],
  cli: ['shared', 'core', 'adapters', 'composition', 'cli'],
  extension: ['shared', 'core', 'adapters', 'composition', 'vscode'],
  'webview-ui': ['shared', 'webview-ui'],
};
const FILES_OUTSIDE_FOLDERS = { 'src/extension.ts': 'extension', 'src/types.d.ts': 'shared' };
const KNOWS_VSCODE = ['vscode', 'extension'];
const RUNS_IN_BROWSER = ['shared', 'webview-ui'];
/** A headless core computes; whatever touches the world stands behind a port. */
const NOT_IN_CORE =
  'fs child_process worker_threads cluster module net http https http2 tls dgram sql.js @anthropic-ai/sdk simple-git'
    .split(' ');
const SOURCE = /\.[cm]?[jt]sx?$/;
const SUFFIXES = ['', '.ts', '.tsx', '.d.ts', '.mts', '.js', '.mjs', '/index.ts', '/index.tsx'];

/** Every violation under `root`, as one readable line each, and how many files were looked at. */
export function checkLayers(root) {
  const files = ['src', 'webview-ui'].flatMap((folder) => sourcesIn(root, folder));
  const violations = [];
  const graph = new Map();
  for (const file of files) {
    const targets = new Set();
    graph.set(file, targets);
    const layer = layerOf(file);
    if (layer === undefined) violations.push(`${file}: belongs to no layer`);
    const { imports, error } = importsOf(file, readFileSync(path.join(root, file), 'utf8'));
    if (error !== undefined) violations.push(`${file}: does not parse: ${error}`);
    for (const { specifier, line } of imports) {
      const target = specifier === null ? undefined : resolveIn(root, file, specifier);
      if (target !== undefined) targets.add(target);
      const problem = problemWith(layer, specifier, target);
      if (problem !== undefined) violations.push(`${file}:${line}: ${problem}`);
    }
  }
  for (const cycle of findCycles(graph)) violations.push(`import cycle: ${cycle.join(' → ')}`);
  return { violations, fileCount: files.length };
}

function problemWith(layer, specifier, target) {
  if (layer === undefined) return undefined;
  if (specifier === null) return 'names a module that only running it would tell; use a literal';
  if (!specifier.startsWith('.')) return problemWithPackage(layer, specifier);
  if (target === undefined) return `"${specifier}" does not exist`;
  if (target === 'package.json') return undefined;
  const targetLayer = layerOf(target);
  if (targetLayer === undefined) return `"${specifier}" lies outside of the layers`;
  return MAY_IMPORT[layer].includes(targetLayer) ? undefined : `${layer} must not import ${targetLayer} (${target})`;
}

function problemWithPackage(layer, specifier) {
  const name = packageName(specifier);
  const says = `${layer} must not import ${name}`;
  if (path.isAbsolute(specifier) || specifier.startsWith('#')) return `"${specifier}" must be a package or a relative path`;
  if (name === 'vscode') return KNOWS_VSCODE.includes(layer) ? undefined : says;
  if ((layer === 'core' || RUNS_IN_BROWSER.includes(layer)) && NOT_IN_CORE.includes(name)) return says;
  const isBuiltin = builtinModules.includes(name) || specifier.startsWith('node:');
  return RUNS_IN_BROWSER.includes(layer) && isBuiltin ? `${says}: it runs in a browser too` : undefined;
}

/** `node:fs/promises` → `fs`, `@anthropic-ai/sdk/core/error` → `@anthropic-ai/sdk`. */
function packageName(specifier) {
  const parts = specifier.replace(/^node:/, '').split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function layerOf(file) {
  const [top, folder, ...rest] = file.split('/');
  if (top === 'webview-ui') return 'webview-ui';
  if (top !== 'src') return undefined;
  return rest.length === 0 ? FILES_OUTSIDE_FOLDERS[file] : folder in MAY_IMPORT ? folder : undefined;
}

/** The file that a relative specifier means, from the root, with forward slashes; undefined where there is none. */
function resolveIn(root, file, specifier) {
  if (!specifier.startsWith('.')) return undefined;
  const base = path.posix.join(path.posix.dirname(file), specifier);
  const isFile = (candidate) =>
    existsSync(path.join(root, candidate)) && statSync(path.join(root, candidate)).isFile();
  const candidates = [...SUFFIXES.map((suffix) => base + suffix), base.replace(/\.([cm]?)js(x?)$/, '.$1ts$2')];
  return candidates.find(isFile);
}

function sourcesIn(root, folder) {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter((file) => !file.includes('node_modules/'))
    .toSorted();
}

// The root can be given, so that the test can plant violations in a tree of its own.
if (path.resolve(process.argv[1]) === import.meta.filename) {
  const { violations, fileCount } = checkLayers(path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..')));
  for (const violation of violations) console.error(violation);
  if (fileCount === 0) console.error('layers: no source file found');
  else console.log(`layers: ${fileCount} files, ${violations.length} violations`);
  process.exitCode = fileCount === 0 || violations.length > 0 ? 1 : 0;
}
