// Installs the VS Code that tests and `npm run editor` use: code-server, and the Node.js that it wants.
// It weighs half a gigabyte, so it lies in the cache folder, once for all clones of this machine; only Node's own
// modules may be imported here. COUNTERSIGN_EDITOR_CACHE names another folder for it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';

const SOURCE = path.resolve(import.meta.dirname, '../test/editor');
const RECIPE = ['package.json', 'package-lock.json', '.npmrc'];
const NODE_MAJOR = 24;
const UNUSED_FOR_MS = 30 * 24 * 60 * 60 * 1000;
const VSCODE = 'node_modules/code-server/lib/vscode';
/** Of the native modules those that VS Code misses: its log files, its terminals, its file watcher, its watchdog. */
const NATIVE = ['@vscode/spdlog', '@vscode/native-watchdog', '@parcel/watcher', 'node-pty'];
/** What the tests never start, and a third of the weight: the agent host, its sandbox, and Copilot. */
const UNUSED = [
  ...['@github/copilot-sdk', '@github/copilot-sdk-linux-x64', '@github/copilot-sdk-linux-arm64', '@microsoft/mxc-sdk'].map(inVscode),
  ...['@vscode/sqlite3', '@vscode/windows-process-tree'].map(inVscode),
  `${VSCODE}/extensions/copilot`,
];

/**
 * Installs what is not there yet, and returns the programs: `node`, `server` (VS Code's own server) and `codeServer`,
 * both scripts for that Node. Throws an error whose message tells a person what to do.
 */
export function editorSetup() {
  const home = editorHome();
  if (!existsSync(home)) install(home);
  const now = new Date();
  utimesSync(home, now, now);
  return {
    node: nodeOf(home),
    server: path.join(home, VSCODE, 'out/server-main.js'),
    codeServer: path.join(home, 'node_modules/code-server/out/node/entry.js'),
  };
}

export function editorIsInstalled() {
  return existsSync(editorHome());
}

/** One folder for each recipe and platform. It gets its name only when it is complete. */
function editorHome() {
  const hash = createHash('sha256').update(JSON.stringify([NATIVE, UNUSED, process.platform, process.arch]));
  for (const name of RECIPE) hash.update(readFileSync(path.join(SOURCE, name)));
  return path.join(cacheFolder(), hash.digest('hex').slice(0, 16));
}

function cacheFolder() {
  if (process.env.COUNTERSIGN_EDITOR_CACHE) return path.resolve(process.env.COUNTERSIGN_EDITOR_CACHE);
  const mac = process.platform === 'darwin' ? path.join(homedir(), 'Library/Caches') : undefined;
  return path.join(process.env.XDG_CACHE_HOME || mac || path.join(homedir(), '.cache'), 'countersign-test-editor');
}

function install(home) {
  if (process.platform === 'win32') throw new Error('code-server does not run on Windows; use WSL for these tests.');
  console.error(`setup: installing VS Code for tests (about 40 s, once): ${home}`);
  const folder = path.dirname(home);
  mkdirSync(folder, { recursive: true });
  removeAbandoned(folder, path.basename(home));
  const building = mkdtempSync(path.join(folder, `building-${process.pid}-`));
  try {
    for (const name of RECIPE) cpSync(path.join(SOURCE, name), path.join(building, name));
    fill(building);
    put(building, home);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

function fill(root) {
  npm(root, ['ci', '--ignore-scripts'], process.env);
  const headers = nodeHeaders(root);
  const node = nodeOf(root);
  const env = { ...process.env, ...headers.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` };
  try {
    // Its own lock lacks a package, which `npm ci` refuses.
    npm(path.join(root, VSCODE), ['install', '--omit=dev', '--ignore-scripts'], env);
    npm(path.join(root, VSCODE), ['rebuild', ...NATIVE], env);
    npm(path.join(root, VSCODE, 'extensions'), ['install', '--omit=dev', '--ignore-scripts'], env);
  } finally {
    headers.remove();
  }
  for (const name of [...UNUSED, `node_modules/${nodePackage()}/include`]) rmSync(path.join(root, name), { recursive: true, force: true });
}

/** Compilers are told of the headers through make, which splits paths at spaces: so by way of a link without any. */
function nodeHeaders(root) {
  const headers = path.join(root, 'node_modules', nodePackage());
  if (!existsSync(path.join(headers, 'include'))) return { env: {}, remove() {} };
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-node-'));
  symlinkSync(headers, path.join(folder, 'node'));
  return { env: { npm_config_nodedir: path.join(folder, 'node') }, remove: () => rmSync(folder, { recursive: true }) };
}

/** Another clone may have been faster. */
function put(building, home) {
  try {
    renameSync(building, home);
  } catch (error) {
    if (!existsSync(home)) throw error;
  }
}

/** Installations that were broken off, and those that no clone has used for a month. */
function removeAbandoned(folder, wanted) {
  for (const name of readdirSync(folder)) {
    const place = path.join(folder, name);
    const builder = /^building-(\d+)-/.exec(name)?.[1];
    const isUnused = builder === undefined ? name !== wanted && Date.now() - statSync(place).mtimeMs > UNUSED_FOR_MS : !isRunning(Number(builder));
    if (isUnused) rmSync(place, { recursive: true, force: true });
  }
}

function npm(cwd, args, env) {
  const { status, stdout, stderr, error } = spawnSync('npm', [...args, '--no-audit', '--no-fund'], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (status === 0) return;
  const output = error?.message ?? `${stdout}${stderr}`.trimEnd().split('\n').slice(-40).join('\n');
  throw new Error(
    `VS Code for tests could not be installed: "npm ${args.join(' ')}" failed in ${cwd}. Nothing was kept, the next run ` +
      `begins anew. It needs the npm registry, a C++ compiler, make and python3. npm said:\n${output}`,
  );
}

function nodeOf(root) {
  const packaged = path.join(root, 'node_modules', nodePackage(), 'bin/node');
  if (existsSync(packaged)) return packaged;
  if (Number.parseInt(process.versions.node, 10) === NODE_MAJOR) return process.execPath;
  throw new Error(`VS Code for tests needs Node.js ${NODE_MAJOR} here, this is ${process.versions.node}. Run with that version.`);
}

function nodePackage() {
  return `node-${process.platform}-${process.arch}`;
}

function inVscode(name) {
  return `${VSCODE}/node_modules/${name}`;
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === import.meta.filename) {
  try {
    const { codeServer } = editorSetup();
    console.log(`setup: VS Code for tests is at ${path.resolve(codeServer, '../../..')}`);
  } catch (error) {
    console.error(`setup: ${error.message}`);
    process.exitCode = 1;
  }
}
