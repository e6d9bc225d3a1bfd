// `npm run editor`: the real VS Code that the tests use, with the extension freshly packed and installed, for a person.
//   npm run editor                a copy of the sample repository, removed at the end
//   npm run editor -- FOLDER      your own folder, as it is
// Prints an address for a browser and runs until Ctrl-C.
import { mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setup } from './setup.mjs';

const given = process.argv[2] === undefined ? null : path.resolve(process.env.INIT_CWD ?? '', process.argv[2]);

await setup({ build: false });
const { preparedEditor } = await import('./editorTests.mjs');
const { packageExtension } = await import('./package.mjs');
const { bundleTests, removeBundles } = await import('./testBundles.mjs');

const temporary = mkdtempSync(path.join(realpathSync(tmpdir()), 'countersign editor '));
try {
  await main();
} catch (error) {
  console.error(`editor: ${error.message}`);
  process.exitCode = 1;
} finally {
  removeBundles();
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
}

async function main() {
  if (given !== null && !statSync(given, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`there is no folder ${given}`);
  const asked = interrupted();
  const vsix = path.join(temporary, 'countersign.vsix');
  await packageExtension(vsix);
  process.env.COUNTERSIGN_TEST_EDITOR = JSON.stringify(preparedEditor({ vsix, extensions: path.join(temporary, 'extensions') }));
  const { bundles } = await bundleTests(['test/editor/openEditor.ts']);
  const { openEditor } = createRequire(import.meta.url)(bundles[0]);
  const editor = await openEditor(temporary, given);
  console.log(`editor: VS Code with Countersign, on ${given ?? 'a copy of the sample repository'}:\n\n  ${editor.url}\n`);
  console.log(`editor: Ctrl-C ends it${given === null ? ' and removes the copy' : ''}.`);
  try {
    await Promise.race([asked, editor.failure()]);
  } finally {
    await editor.stop();
  }
}

/** A terminal sends Ctrl-C to npm, too, which passes it on: the second one changes nothing. */
function interrupted() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve);
  });
}
