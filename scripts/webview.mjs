// Bundles the dashboard's page into dist/webview: a script, what it loads later, one style sheet and the icon font.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './bundles.mjs';

const FIRST = 'webview-ui/main.tsx';
/** Loaded by `import()` once the page has been seen. They import nothing of the page: nothing is there twice. */
const LATER = ['webview-ui/charts/drawChart.ts', 'webview-ui/parts/elements.ts'];
/** The page is seen only once this has been read: what grows beyond it is loaded later. */
const MOST_BYTES_AT_FIRST = 90_000;
/** Below dist/. */
export const WEBVIEW_FILES = ['main.js', 'main.css', 'drawChart.js', 'elements.js', 'codicon.ttf'].map((name) => `webview/${name}`);
const ICON_FONT = path.join(ROOT, 'node_modules/@vscode/codicons/dist/codicon.ttf');
const ICON_LIST = path.join(ROOT, 'webview-ui/parts/icons.ts');

/** Files to write, as esbuild gives them, and what they were made of. */
export async function bundleWebview(esbuild, dist) {
  const result = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: [FIRST, ...LATER],
    entryNames: '[name]',
    outdir: path.join(dist, 'webview'),
    bundle: true,
    format: 'esm',
    // The oldest editor that is supported has Chromium 134.
    target: 'es2023',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    sourcemap: 'external',
    plugins: [loadedLater(), usedIcons()],
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  assertSmall(result.metafile);
  return { ...result, outputFiles: [...result.outputFiles, { path: path.join(dist, 'webview/codicon.ttf'), contents: readFileSync(ICON_FONT) }] };
}

/** Leaves `import()` of a script that has a file of its own to the browser. esbuild's own splitting would make the first one import another. */
function loadedLater() {
  return {
    name: 'loaded-later',
    setup(api) {
      api.onResolve({ filter: /^\.{1,2}\// }, ({ kind, path: name, importer }) => {
        if (kind !== 'dynamic-import') return undefined;
        const file = path.relative(ROOT, path.resolve(path.dirname(importer), `${name}.ts`)).replaceAll(path.sep, '/');
        if (LATER.includes(file)) return { path: `./${path.basename(name)}.js`, external: true };
        return { errors: [{ text: `${name} is to be loaded later: name it in LATER` }] };
      });
    },
  };
}

/** Of the icons' six hundred rules those of the icons that the pages draw, without their font, which the page loads later. */
function usedIcons() {
  return {
    name: 'used-icons',
    setup(api) {
      api.onLoad({ filter: /[\\/]codicon\.css$/ }, ({ path: file }) => {
        const contents = rulesOf(readFileSync(file, 'utf8'), iconNames());
        return { contents, loader: 'css', resolveDir: path.dirname(file), watchFiles: [ICON_LIST] };
      });
    },
  };
}

function rulesOf(css, names) {
  const kept = css.replaceAll(/^\.codicon-([\w-]+):before \{.*\}\n/gm, (rule, name) => (names.has(name) ? rule : ''));
  const missing = [...names].filter((name) => !kept.includes(`.codicon-${name}:before`));
  if (missing.length > 0) throw new Error(`there is no codicon called ${missing.join(', ')}`);
  const withoutFont = kept.replace(/@font-face \{[^}]*\}\n/, '');
  if (withoutFont === kept) throw new Error('the icons name their font in a way that is not known');
  return withoutFont;
}

function iconNames() {
  const list = /ICONS = \[([^\]]*)\]/.exec(readFileSync(ICON_LIST, 'utf8'))?.[1] ?? '';
  return new Set([...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name));
}

function assertSmall({ outputs }) {
  const bytes = Object.entries(outputs).find(([name]) => name.endsWith('/main.js'))?.[1].bytes ?? Infinity;
  if (bytes > MOST_BYTES_AT_FIRST) throw new Error(`the dashboard loads ${bytes} bytes of script before it is seen, at most ${MOST_BYTES_AT_FIRST} are wanted`);
}
