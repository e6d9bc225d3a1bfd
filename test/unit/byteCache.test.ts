import { strict as assert } from "node:assert";
import { ByteCache } from "../../src/vscode/review/byteCache";

describe("ByteCache", () => {
  /** Counts what is read; the text is its own size. */
  function counting(maxBytes: number): { readonly cache: ByteCache<string>; readonly read: string[]; readonly get: (text: string) => Promise<string> } {
    const cache = new ByteCache<string>(maxBytes, (text) => text.length);
    const read: string[] = [];
    const get = (text: string): Promise<string> =>
      cache.get(text, () => {
        read.push(text);
        return Promise.resolve(text);
      });
    return { cache, read, get };
  }

  it("reads once what is asked for at the same time and later", async () => {
    const { read, get } = counting(100);
    assert.deepEqual(await Promise.all([get("aaa"), get("aaa")]), ["aaa", "aaa"]);
    await get("aaa");
    assert.deepEqual(read, ["aaa"]);
  });

  it("gives up what was used least recently, and never holds more than it may", async () => {
    const { cache, read, get } = counting(10);
    for (const text of ["aaaa", "bbbb", "aaaa", "cccc"]) await get(text);
    assert.equal(cache.bytes, 8);
    await get("aaaa");
    assert.deepEqual(read, ["aaaa", "bbbb", "cccc"]);
    await get("bbbb");
    assert.deepEqual(read.at(-1), "bbbb");
  });

  it("does not keep what is larger than all of it", async () => {
    const { cache, get } = counting(3);
    assert.equal(await get("too long"), "too long");
    assert.equal(cache.bytes, 0);
  });

  it("asks again after a failure", async () => {
    const cache = new ByteCache<string>(10, (text) => text.length);
    await assert.rejects(cache.get("key", () => Promise.reject(new Error("no git"))), /no git/);
    assert.equal(await cache.get("key", () => Promise.resolve("there")), "there");
  });
});
