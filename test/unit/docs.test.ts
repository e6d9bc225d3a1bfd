// The documents name files; this keeps them from naming files long gone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';

// Prompts speak of the user's repository, golden files and licences quote others.
const NOT_OURS = [/^src\//, /^test\/(golden|fixtures)\//, /^THIRD_PARTY\.md$/];
// Made by commands, so not in a fresh clone.
const GENERATED = ['dist/', 'coverage/'];

/** A folder whose own documents are read on their own: paths in them start at the nearest package.json. */
function packageFolderOf(file: string): string {
  const folder = path.dirname(file);
  return folder === '.' || existsSync(path.join(folder, 'package.json')) ? folder : packageFolderOf(folder);
}

/** Paths in the text that start with one of `tops`, and the targets of relative links, as the text writes them. */
function pathsNamedIn(markdown: string, tops: readonly string[]): string[] {
  const escaped = tops.map((top) => top.replaceAll('.', '\\.')).join('|');
  const plain = new RegExp(`(?<![\\w./@\\-<>:])(?:\\./)?(?:${escaped})/[\\w.@*{},<>/-]*`, 'g');
  const paths = [...markdown.matchAll(plain)].map(([found]) => found.replace(/^\.\//, '').replace(/[.,>]+$/, ''));
  return [...new Set(paths)];
}

function linksIn(markdown: string): string[] {
  const targets = [...markdown.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)|<img[^>]+src="([^"]+)"/g)].map((m) => m[1] ?? m[2] ?? '');
  return targets.filter((target) => !/^([a-z]+:|#)/i.test(target)).map((target) => target.replace(/#.*$/, ''));
}

/** `<name>`, `NAME` and `*` stand for any text, `{a,b}` for either; then at least one file must match. */
function exists(folder: string, named: string): boolean {
  const pattern = named.replaceAll(/<[^>]*>|\bNAME\b/g, '*');
  if (!/[*{]/.test(pattern)) return existsSync(path.join(folder, pattern));
  return globSync(pattern.replace(/\/$/, '/**'), { cwd: folder, dot: true, onlyFiles: false }).length > 0;
}

function missingIn(file: string, markdown: string, tops: readonly string[]): string[] {
  const folder = packageFolderOf(file);
  const own = folder === '.' ? tops : ['src', 'test', 'docs', 'scripts'].filter((top) => existsSync(path.join(folder, top)));
  const paths = own.length === 0 ? [] : pathsNamedIn(markdown, own).filter((named) => !exists(folder, named));
  const links = linksIn(markdown).filter((target) => !exists(path.dirname(file), target));
  const isGenerated = (named: string): boolean => GENERATED.some((prefix) => named.startsWith(prefix));
  return [...new Set([...paths, ...links])].filter((named) => !isGenerated(named));
}

function filesOfRepository(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
  return listed.split('\0').filter((file) => file !== '' && existsSync(file));
}

describe('documents', () => {
  const files = filesOfRepository();
  const usual = ['src', 'test', 'docs', 'scripts', 'media', 'samples', 'webview-ui', '.ci'];
  const tops = [...new Set([...usual, ...files.filter((file) => file.includes('/')).map((file) => file.split('/')[0] ?? '')])];
  const documents = files.filter((file) => file.endsWith('.md') && !NOT_OURS.some((pattern) => pattern.test(file)));

  for (const file of documents) {
    it(`${file} names only files that exist`, () => {
      assert.deepEqual(missingIn(file, readFileSync(file, 'utf8'), tops), []);
    });
  }

  it('finds a path that is gone, in code, in prose, in a tree, behind a link', () => {
    const markdown = [
      'See `src/gone.ts:12`, docs/gone.md. And [here](docs/away.md#part), [there](./gone/).',
      '```\ntest/gone/\n  x.ts\n```',
      'A pattern: `src/**/gone*.ts`, `src/{gone,lost}.ts`, a placeholder: src/gone/<name>.ts',
      'Known: src/extension.ts, `src/{extension,lost}.ts`, `scripts/*.mjs`, `test/<suite>/docs.test.ts`, `src/NAME.ts`',
      'Not ours: https://example.org/src/gone.ts, `lib/src/gone.ts`, `plan.md`, [web](https://example.org), [up](#top)',
    ].join('\n');
    assert.deepEqual(missingIn('README.md', markdown, ['src', 'test', 'docs', 'scripts']), [
      'src/gone.ts',
      'docs/gone.md',
      'docs/away.md',
      'test/gone/',
      'src/**/gone*.ts',
      'src/{gone,lost}.ts',
      'src/gone/<name>.ts',
      './gone/',
    ]);
  });

  it('looks at the documents of a package inside of ours from its own folder', () => {
    const inner = files.find((file) => file.startsWith('samples/') && file.endsWith('/package.json'));
    assert.ok(inner !== undefined);
    const readme = path.posix.join(path.posix.dirname(inner), 'README.md');
    assert.deepEqual(missingIn(readme, 'See src/gone.js and samples/gone.', tops), ['src/gone.js']);
  });
});
