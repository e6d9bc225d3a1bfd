// Plants every kind of forbidden import in a tree of its own and expects the layer check to name each of them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const SCRIPT = path.resolve('scripts/layers.mjs');

/** What a healthy tree looks like; every planted file is added to it. */
const HEALTHY: Readonly<Record<string, string>> = {
  'package.json': '{"version": "1.0.0"}',
  'src/extension.ts': "import 'vscode'; import './vscode/tree'; import './adapters/disk';",
  'src/cli/main.ts': "import { disk } from '../adapters/disk'; import { version } from '../../package.json'; void [disk, version];",
  'src/adapters/disk.ts': "import { readFileSync } from 'node:fs'; import type { Port } from '../core/port'; export const disk: Port = readFileSync;",
  'src/vscode/tree.ts': "import type { TreeItem } from 'vscode'; export type Tree = TreeItem; export * from '../core/port';",
  'src/core/port.ts': "import text from './prompt.md'; import path from 'node:path'; export type Port = unknown; void [text, path]; // import 'vscode'",
  'src/core/prompt.md': "import 'vscode'",
  'src/shared/ids.ts': "import { z } from 'zod'; export const id = z; export const says = \"import 'vscode'\";",
  'webview-ui/app.ts': "import { id } from '../src/shared/ids'; void id;",
};

/** Where it is planted, the source, and what the check must say about it. */
const PLANTED: readonly (readonly [file: string, source: string, says: string])[] = [
  ['src/core/a1.ts', "import 'vscode';", 'core must not import vscode'],
  ['src/core/a2.ts', "import type { Uri } from 'vscode'; export type U = Uri;", 'core must not import vscode'],
  ['src/core/a3.ts', "export type U = import('vscode').Uri;", 'core must not import vscode'],
  ['src/core/a4.ts', "export type U = typeof import('vscode');", 'core must not import vscode'],
  ['src/core/a5.ts', '/// <reference types="vscode" />', 'core must not import vscode'],
  ['src/core/b1.ts', "import fs from 'fs'; void fs;", 'core must not import fs'],
  ['src/core/b2.ts', "import { readFile } from 'node:fs'; void readFile;", 'core must not import fs'],
  ['src/core/b3.ts', "export { readFile } from 'node:fs/promises';", 'core must not import fs'],
  ['src/core/b4.ts', "export * from 'fs/promises';", 'core must not import fs'],
  ['src/core/b5.ts', "export const f = () => import('node:fs');", 'core must not import fs'],
  ['src/core/b6.ts', 'export const f = () => import(`fs`);', 'core must not import fs'],
  ['src/core/b7.ts', "export const f = require('fs');", 'core must not import fs'],
  ['src/core/b8.ts', "import f = require('fs'); void f;", 'core must not import fs'],
  ['src/core/b9.ts', "export const f = process.getBuiltinModule('fs');", 'core must not import fs'],
  ['src/core/b10.ts', "export const f = (name: string) => import(name);", 'only running it would tell'],
  ['src/core/c1.ts', "import { spawn } from 'node:child_process'; void spawn;", 'core must not import child_process'],
  ['src/core/c2.ts', "import type { Database } from 'sql.js'; export type D = Database;", 'core must not import sql.js'],
  ['src/core/c3.ts', "import '@anthropic-ai/sdk/core/error';", 'core must not import @anthropic-ai/sdk'],
  ['src/core/c4.ts', "import { simpleGit } from 'simple-git'; void simpleGit;", 'core must not import simple-git'],
  ['src/core/c5.ts', "import { createRequire } from 'node:module'; void createRequire;", 'core must not import module'],
  ['src/core/d1.ts', "import '../adapters/disk';", 'core must not import adapters'],
  ['src/core/d2.ts', "import type { Tree } from '../vscode/tree'; export type T = Tree;", 'core must not import vscode (src/vscode/tree.ts)'],
  ['src/core/d3.ts', "export const f = () => import('../cli/main.js');", 'core must not import cli'],
  ['src/shared/e1.ts', "import '../core/port';", 'shared must not import core'],
  ['src/shared/e2.ts', "import 'node:path';", 'shared must not import path'],
  ['src/adapters/f1.ts', "import '../vscode/tree';", 'adapters must not import vscode (src/vscode/tree.ts)'],
  ['src/adapters/f2.ts', "export const f = () => import('vscode');", 'adapters must not import vscode'],
  ['src/vscode/g1.ts', "export type { disk } from '../adapters/disk';", 'vscode must not import adapters'],
  ['src/cli/h1.ts', "import '../vscode/tree';", 'cli must not import vscode'],
  ['src/cli/h2.ts', "import '../extension';", 'cli must not import extension'],
  ['src/cli/h3.ts', "import '../../test/builders';", 'lies outside of the layers'],
  ['src/cli/h4.ts', "import './absent';", '"./absent" does not exist'],
  ['src/stray.ts', 'export {};', 'belongs to no layer'],
  ['src/services/stray.ts', 'export {};', 'belongs to no layer'],
  ['webview-ui/i1.ts', "import '../src/core/port';", 'webview-ui must not import core'],
  ['webview-ui/i2.tsx', "import 'node:fs'; export const view = <p />;", 'webview-ui must not import fs'],
];

const CYCLES: Readonly<Record<string, string>> = {
  'src/core/loop/one.ts': "import type { Two } from './two'; export type One = Two;",
  'src/core/loop/two.ts': "import type { Three } from './three'; export type Two = Three;",
  'src/core/loop/three.ts': "export type Three = import('./one').One;",
  'src/cli/self.ts': "export const again = () => import('./self');",
};

describe('layers', () => {
  const roots: string[] = [];

  /** Runs the real script, as the test command does, on a tree with these files. */
  function layersOf(files: Readonly<Record<string, string>>) {
    const root = mkdtempSync(path.join(tmpdir(), 'layers with spaces '));
    roots.push(root);
    for (const [file, source] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), source);
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, root], { encoding: 'utf8' });
    return { status, stdout, violations: stderr.split('\n').filter((line) => line !== '') };
  }

  after(() => {
    for (const root of roots) rmSync(root, { recursive: true });
  });

  it('accepts a tree that keeps to the layers', () => {
    const { status, violations, stdout } = layersOf(HEALTHY);
    assert.deepEqual(violations, []);
    assert.match(stdout, /7 files, 0 violations/);
    assert.equal(status, 0);
  });

  describe('planted violations', () => {
    let result: ReturnType<typeof layersOf>;

    before(() => {
      const planted = PLANTED.map(([file, source]) => [file, source] as const);
      result = layersOf({ ...HEALTHY, 'test/builders.ts': '', ...Object.fromEntries(planted) });
    });

    for (const [file, source, says] of PLANTED) {
      it(`refuses in ${file}: ${source}`, () => {
        const about = result.violations.filter((line) => line.startsWith(`${file}:`));
        assert.equal(about.length, 1, about.join('\n'));
        assert.ok(about[0]?.includes(says), about[0]);
      });
    }

    it('fails, and says nothing about the healthy files', () => {
      assert.equal(result.status, 1);
      assert.equal(result.violations.length, PLANTED.length);
    });
  });

  it('reports import cycles with their path, types and dynamic imports included', () => {
    const { status, violations } = layersOf({ ...HEALTHY, ...CYCLES });
    assert.deepEqual(violations, [
      'import cycle: src/cli/self.ts → src/cli/self.ts',
      'import cycle: src/core/loop/one.ts → src/core/loop/two.ts → src/core/loop/three.ts → src/core/loop/one.ts',
    ]);
    assert.equal(status, 1);
  });

  it('fails where there is nothing to look at', () => {
    assert.equal(layersOf({ 'README.md': '' }).status, 1);
  });

  it('fails on a file that does not parse', () => {
    const { status, violations } = layersOf({ ...HEALTHY, 'src/core/broken.ts': "import { from 'vscode" });
    assert.equal(status, 1);
    assert.match(violations.join('\n'), /^src\/core\/broken\.ts: does not parse/);
  });
});
