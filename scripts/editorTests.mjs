// The tests that need a real VS Code: those inside its extension host, then those in front of its window.
// Prepares both: the editor, the browser, and the packed extension installed as a user would.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './bundles.mjs';
import { editorIsInstalled, editorSetup } from './editorSetup.mjs';
import { chromiumProgram, missingForEditor } from './systemPackages.mjs';
import { bundleTests } from './testBundles.mjs';

const UI_TIMEOUT_MS = 90_000;
/** A window draws when it likes: a test in front of one may try twice before it counts as failed. */
const UI_RETRIES = 1;
const HOST_ENTRY = 'test/host/run.ts';
const HOST_PROGRAM = 'test/editor/hostTests.ts';

/** Lines that say why tests in a real VS Code cannot run here; empty where they can. */
export function missingForEditorTests() {
  return missingForEditor(editorIsInstalled());
}

/**
 * Jobs for `runJobs` of the files in `host` and `ui`. `request` holds grep and reporter, `temporary` is the run's folder,
 * `vsix` the packed extension. All host tests are one job, every UI file is one.
 */
export async function editorJobs({ host, ui }, request, { temporary, vsix }) {
  const editor = preparedEditor(ui.length === 0 ? null : { vsix, extensions: path.join(temporary, 'extensions') });
  const { bundles } = await bundleTests([HOST_PROGRAM, HOST_ENTRY, ...host, ...ui]);
  const [program, entry, ...tests] = bundles;
  const jobIn = (folderName, name, command) => {
    const folder = path.join(temporary, folderName);
    mkdirSync(folder);
    const countsFile = path.join(folder, 'counts.json');
    return { name, command: command({ folder, countsFile }), env: environment(editor, folder), countsFile };
  };
  const jobs = ui.map((file, index) =>
    jobIn(`ui ${index + 1}`, file, ({ countsFile }) => {
      const told = { ...request, files: [tests[host.length + index]], timeoutMs: UI_TIMEOUT_MS, retries: UI_RETRIES, countsFile };
      return ['scripts/mocha.mjs', JSON.stringify(told)];
    }),
  );
  if (host.length === 0) return jobs;
  const ofHost = jobIn('host', 'test/host', (made) => [program, JSON.stringify({ ...request, entry, bundles: tests.slice(0, host.length), ...made })]);
  return [ofHost, ...jobs];
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
