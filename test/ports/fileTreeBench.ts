// What the contract suites of FileTree share: how a tree is made for a test, and how tests ask it.
import { strict as assert } from "node:assert";
import { CountersignError, type ErrorCode } from "../../src/core/domain/errors";
import type { FileTree, SearchOptions } from "../../src/core/ports/fileTree";

export interface TreeUnderTest {
  readonly tree: FileTree;
  /** Absolute folder that means the same tree. */
  readonly alias: string;
  dispose(): Promise<void>;
}

export type TreeFiles = Readonly<Record<string, string | Buffer>>;
export type TreeFactory = (files: TreeFiles) => Promise<TreeUnderTest>;
type TreeTest = (tree: FileTree, alias: string) => Promise<void>;

/** Makes tests that get a tree of their own. */
export function treesFrom(make: TreeFactory): (files: TreeFiles, test: TreeTest) => () => Promise<void> {
  return (files, test) => async () => {
    const made = await make(files);
    try {
      await test(made.tree, made.alias);
    } finally {
      await made.dispose();
    }
  };
}

/** Hits as `path:line:text`. */
export async function find(
  tree: FileTree,
  pattern: string,
  more: Partial<SearchOptions> = {},
): Promise<readonly string[]> {
  const options = { pattern, literal: false, ignoreCase: false, path: "", glob: "", limit: 100, ...more };
  const { hits } = await tree.search(options, new AbortController().signal);
  return hits.map((hit) => `${hit.path}:${hit.line}:${hit.text}`);
}

export function rejectsWith(code: ErrorCode): (error: unknown) => true {
  return (error) => {
    assert.ok(CountersignError.is(error, code), `expected ${code}, got ${String(error)}`);
    return true;
  };
}
