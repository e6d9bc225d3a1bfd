// Runs the tests that need a real VS Code: those inside its extension host, then those in front of its window.
// Prepares both: the editor, the browser, and the packed extension installed as a user would.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './bundles.mjs';
import { editorIsInstalled, editorSetup } from './editorSetup.mjs';
import { chromiumProgram, missingForEditor } from './systemPackages.mjs';
import { bundleTests } from './testBundles.mjs';

const UI_TIMEOUT_MS = 90_000;
const HOST_ENTRY = 'test/host/run.ts';
const HOST_PROGRAM = 'test/editor/hostTests.ts';

/** Lines that say why tests in a real VS Code cannot run here; empty where they can. */
export function missingForEditorTests() {
  return missingForEditor(editorIsInstalled());
}

/** Counts of the host tests in `files`. `request` holds grep and reporter; `temporary` is the run's folder. */
export async function runHostTests(files, request, temporary) {
  const folder = path.join(temporary, 'host');
  mkdirSync(folder, { recursive: true });
  const countsFile = path.join(folder, 'counts.json');
  const { bundles } = await bundleTests([HOST_PROGRAM, HOST_ENTRY, ...files]);
  const [program, entry, ...tests] = bundles;
  const told = { ...request, entry, bundles: tests, folder, countsFile };
  run([program, JSON.stringify(told)], preparedEditor(null, 'host'), temporary);
  return countsIn(countsFile);
}

/** Counts of the UI tests in `files`, with the extension in `vsix` installed. */
export async function runUiTests(files, request, { temporary, vsix }) {
  const countsFile = path.join(temporary, 'ui-counts.json');
  const { bundles } = await bundleTests(files);
  const told = { ...request, files: bundles, timeoutMs: UI_TIMEOUT_MS, countsFile };
  const extensions = path.join(temporary, 'extensions');
  run(['scripts/mocha.mjs', JSON.stringify(told)], preparedEditor({ vsix, extensions }, 'ui'), temporary);
  return countsIn(countsFile);
}

/** What test/editor/programs.ts reads. `product` is the package to install and the folder to install it to, or null. */
export function preparedEditor(product, kind) {
  const { node, codeServer } = editorSetup();
  const results = path.join(ROOT, 'test-results');
  rmSync(path.join(results, kind), { recursive: true, force: true });
  if (product !== null) installExtension({ node, codeServer, ...product });
  return { node, codeServer, chromium: chromiumProgram() ?? null, extensions: product?.extensions ?? null, results };
}

function installExtension({ node, codeServer, vsix, extensions }) {
  const home = path.dirname(extensions);
  const args = [codeServer, `--config=${path.join(home, 'install.yaml')}`, `--user-data-dir=${path.join(home, 'install')}`, `--extensions-dir=${extensions}`, '--install-extension', vsix];
  const { status, stdout, stderr } = spawnSync(node, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (status !== 0) throw new Error(`the extension could not be installed in VS Code:\n${stdout}${stderr}`);
}

/** Runs a program that finds what `preparedEditor` returned. Returns its exit code. */
export function run(command, editor, temporary) {
  const env = { ...process.env, TMPDIR: temporary, XDG_CACHE_HOME: path.join(temporary, 'cache'), COUNTERSIGN_TEST_EDITOR: JSON.stringify(editor) };
  return spawnSync(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env }).status;
}

function countsIn(file) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  console.error('test: the tests in a real VS Code ended before they could report');
  return { passed: 0, failed: 1, skipped: 0 };
}
