// What is bundled, and how: shared by the build of the product and by the bundling of the tests.
// In every bundle `join(__dirname, '..')` is the root of the package, for dist/ and the test folder alike.
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '..');

/** Programs: what a person or the editor starts. */
export const PROGRAMS = {
  'src/cli/main.ts': 'cli',
  'src/extension.ts': 'extension',
};

/**
 * Modules that cost tens of milliseconds to parse. The programs may reach them only through `await import()`,
 * which the build turns into a require of the module's own bundle.
 * Code that both sides import exists twice then, so nothing may rely on `instanceof` or module state across them.
 */
export const LAZY = {
  'src/adapters/graph/graphWorker.ts': 'graphWorker',
  'src/adapters/model/anthropicModel.ts': 'anthropic',
  'src/adapters/sandbox/bridge.ts': 'bridge',
  'src/adapters/store/sqlDatabase.ts': 'sql',
  'src/cli/policyCommand.ts': 'policy',
  'src/composition/desk.ts': 'desk',
  'src/composition/modelCatalog.ts': 'catalog',
  'src/core/approvals/judge.ts': 'judge',
  'src/core/engine/destructiveCommands.ts': 'destructiveCommands',
  'src/core/engine/testCommand.ts': 'testCommand',
  'src/vscode/dashboard/dashboard.ts': 'dashboard',
  'src/vscode/documents/documents.ts': 'documents',
};

/** What stands in for globals within one bundle, by its name. */
export const STAND_INS = { anthropic: ['src/adapters/model/lightHeaders.ts'] };

/** Packages that must never be parsed when a program starts. */
export const HEAVY_PACKAGES = ['@anthropic-ai/sdk', 'minisearch', 'sql.js', 'unbash'];

/** Data files that a package opens beside its own bundle at run time. */
export const ASSETS = { 'node_modules/sql.js/dist/sql-wasm.wasm': 'sql-wasm.wasm' };

export const common = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  loader: { '.md': 'text' },
  // Not minified: stacks are read by people, and it gained 1 ms. Names are as they are written, unless two collide in
  // one bundle: to keep those as well, every function would be named again when a bundle loads, a third of that time.
  logLevel: 'silent',
  // CommonJS has no import.meta, yet some packages (tinyglobby) read it as they load.
  define: {
    'import.meta.url': '__importMetaUrl',
    'import.meta.dirname': '__dirname',
    'import.meta.filename': '__filename',
  },
  banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
};

/** The name of the package that a bundled file comes from, or undefined for our own. */
export function packageOf(input) {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}
