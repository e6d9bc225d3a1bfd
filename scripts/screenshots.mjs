// `npm run screenshots`: pictures of every surface in light, dark and high contrast, wide and narrow, in screenshots/.
//   npm run screenshots -- dashboard     only surfaces whose name contains this; the list is test/ui/surfaces.ts
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setup } from './setup.mjs';

await setup({ build: false });
const { ROOT } = await import('./bundles.mjs');
const { missingForEditorTests, preparedEditor, run } = await import('./editorTests.mjs');
const { packageExtension } = await import('./package.mjs');
const { bundleTests, removeBundles } = await import('./testBundles.mjs');

const temporary = mkdtempSync(path.join(realpathSync(tmpdir()), 'countersign screenshots '));
try {
  const missing = missingForEditorTests();
  if (missing.length > 0) throw new Error(missing.join('\n'));
  const vsix = path.join(temporary, 'countersign.vsix');
  await packageExtension(vsix);
  const editor = preparedEditor({ vsix, extensions: path.join(temporary, 'extensions') });
  const { bundles } = await bundleTests(['test/ui/screenshots.ts']);
  const request = { out: path.join(ROOT, 'screenshots'), filters: process.argv.slice(2) };
  process.exitCode = run([bundles[0], JSON.stringify(request)], editor, temporary) ?? 1;
} catch (error) {
  console.error(`screenshots: ${error.message}`);
  process.exitCode = 1;
} finally {
  removeBundles();
  rmSync(temporary, { recursive: true, force: true });
}
