// Runs the tests that need a real VS Code: those inside its extension host, then those in front of its window.
// Prepares both: the editor, the browser, and the packed extension installed as a user would.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { ROOT } from './bundles.mjs';
import { editorIsInstalled, editorSetup } from './editorSetup.mjs';
import { chromiumProgram, missingForEditor } from './systemPackages.mjs';
import { bundleTests } from './testBundles.mjs';

const UI_TIMEOUT_MS = 90_000;
/** A window draws when it likes: a test in front of one may try twice before it counts as failed. */
const UI_RETRIES = 1;
/** A server, its extension host and the browser's page, at the worst. */
const BYTES_A_WINDOW = 2 * 2 ** 30;
const MOST_WINDOWS = 3;
const HOST_ENTRY = 'test/host/run.ts';
const HOST_PROGRAM = 'test/editor/hostTests.ts';

/** Lines that say why tests in a real VS Code cannot run here; empty where they can. */
export function missingForEditorTests() {
  return missingForEditor(editorIsInstalled());
}

/**
 * Counts of the tests in `host` and `ui`, lists of files. `request` holds grep and reporter, `temporary` is the run's
 * folder, `vsix` the packed extension. The host tests are one job, every UI file is one; some jobs run side by side.
 */
export async function runEditorTests({ host, ui }, request, { temporary, vsix }) {
  const editor = preparedEditor(ui.length === 0 ? null : { vsix, extensions: path.join(temporary, 'extensions') });
  const { bundles } = await bundleTests([HOST_PROGRAM, HOST_ENTRY, ...host, ...ui]);
  const [program, entry, ...tests] = bundles;
  const folderOf = (name) => {
    const folder = path.join(temporary, name);
    mkdirSync(folder);
    return { folder, countsFile: path.join(folder, 'counts.json') };
  };
  const jobs = ui.map((file, index) => () => {
    const { folder, countsFile } = folderOf(`ui ${index + 1}`);
    const told = { ...request, files: [tests[host.length + index]], timeoutMs: UI_TIMEOUT_MS, retries: UI_RETRIES, countsFile };
    return { command: ['scripts/mocha.mjs', JSON.stringify(told)], name: file, folder, countsFile };
  });
  if (host.length > 0) {
    jobs.unshift(() => {
      const { folder, countsFile } = folderOf('host');
      const told = { ...request, entry, bundles: tests.slice(0, host.length), folder, countsFile };
      return { command: [program, JSON.stringify(told)], name: 'test/host', folder, countsFile };
    });
  }
  return await inParallel(jobs.map((job) => () => countsOf(job(), editor, jobs.length === 1)));
}

async function countsOf({ command, name, folder, countsFile }, editor, isAlone) {
  const child = spawn(process.execPath, command, { cwd: ROOT, stdio: ['ignore', isAlone ? 'inherit' : 'pipe', isAlone ? 'inherit' : 'pipe'], env: environment(editor, folder) });
  // Side by side they would talk at the same time: each says everything when it is over.
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk));
  await new Promise((resolve) => child.once('close', resolve));
  process.stdout.write(Buffer.concat(said));
  if (existsSync(countsFile)) return JSON.parse(readFileSync(countsFile, 'utf8'));
  console.error(`test: ${name} ended before it could report`);
  return { passed: 0, failed: 1, skipped: 0 };
}

/** Starts the jobs in order, as many at once as the machine carries. */
async function inParallel(jobs) {
  const results = [];
  let next = 0;
  const work = async () => {
    while (next < jobs.length) {
      const index = next++;
      results[index] = await jobs[index]();
    }
  };
  const workers = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / BYTES_A_WINDOW), MOST_WINDOWS));
  await Promise.all(Array.from({ length: workers }, work));
  return results;
}

/** What test/editor/programs.ts reads. `product` is the package to install and the folder to install it to, or null. */
export function preparedEditor(product) {
  const { node, codeServer } = editorSetup();
  if (product !== null) installExtension({ node, codeServer, ...product });
  return { node, codeServer, chromium: chromiumProgram() ?? null, extensions: product?.extensions ?? null, results: path.join(ROOT, 'test-results') };
}

function installExtension({ node, codeServer, vsix, extensions }) {
  const home = path.dirname(extensions);
  const args = [codeServer, `--config=${path.join(home, 'install.yaml')}`, `--user-data-dir=${path.join(home, 'install')}`, `--extensions-dir=${extensions}`, '--install-extension', vsix];
  const { status, stdout, stderr } = spawnSync(node, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (status !== 0) throw new Error(`the extension could not be installed in VS Code:\n${stdout}${stderr}`);
}

/** Runs a program that finds what `preparedEditor` returned. Returns its exit code. */
export function run(command, editor, temporary) {
  return spawnSync(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: environment(editor, temporary) }).status;
}

function environment(editor, temporary) {
  return { ...process.env, TMPDIR: temporary, XDG_CACHE_HOME: path.join(temporary, 'cache'), COUNTERSIGN_TEST_EDITOR: JSON.stringify(editor) };
}
