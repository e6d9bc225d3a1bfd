import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { wayOut } from "../../src/core/domain/wayOut";

const OUT = "out of the repository";

function among(links: Readonly<Record<string, string>>): (path: string) => Promise<string | null> {
  return (file) => Promise.resolve(links[file] ?? null);
}

describe("wayOut", () => {
  it("lets links to the repository's own files be, whether these are there or not", async () => {
    for (const target of ["b.txt", "./b.txt", "sub/b.txt", "../b.txt", "../sub//../b.txt", "sub/", "..", "no..dots", "..."]) {
      assert.equal(await wayOut("dir/link", target, among({})), null, target);
    }
    assert.equal(await wayOut("dir/link", "gone/c:/x", among({})), null);
  });

  it("knows what leads out, on any system", async () => {
    for (const target of ["/etc/passwd", "//host/share", "../..", "../../x", "a/../../../x", "C:\\Windows", "c:x", "\\\\host\\share", "..\\..\\x"]) {
      assert.equal(await wayOut("dir/link", target, among({})), OUT, target);
    }
  });

  it("follows the links on the way", async () => {
    const links = { "deep/er/top": "../..", abroad: "/mnt", chain: "deep/er/top" };
    assert.equal(await wayOut("deep/er/link", "top/deep", among(links)), null);
    assert.equal(await wayOut("deep/er/link", "top/../x", among(links)), OUT);
    assert.equal(await wayOut("link", "chain/../x", among(links)), OUT);
    assert.equal(await wayOut("link", "abroad/x", among(links)), OUT);
  });

  it("keeps links from git's own files and ours, in any case", async () => {
    assert.equal(await wayOut("link", ".GIT/hooks", among({})), "into git's own files");
    assert.equal(await wayOut("a/link", "../.countersign/state", among({})), "into Countersign's own files");
    assert.equal(await wayOut("a/link", "../.github/x", among({})), null);
  });

  it("gives up on circles, as the system does", async () => {
    assert.equal(await wayOut("a", "b", among({ a: "b", b: "a" })), null);
  });

  it("agrees with the file system", async () => {
    const base = realpathSync(mkdtempSync(path.join(tmpdir(), "countersign-way-")));
    try {
      const part = fc.constantFrom("..", "a", "b", "l", "m", ".");
      const target = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/"));
      let serial = 0;
      await fc.assert(
        fc.asyncProperty(target, target, target, async (one, two, three) => {
          serial += 1;
          // As many folders around the root as a target can climb.
          const root = path.join(base, String(serial), "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "root");
          for (const folder of ["a/a", "a/b", "b/a", "b/b"]) mkdirSync(path.join(root, folder), { recursive: true });
          const links: Readonly<Record<string, string>> = { "a/l": one, "b/m": two, link: three };
          for (const [file, to] of Object.entries(links)) symlinkSync(to, path.join(root, file));
          for (const [file, to] of Object.entries(links)) {
            const full = path.join(root, file);
            // Where nothing is there is nothing to compare with; such a link is judged by its way alone.
            if (!existsSync(full)) continue;
            const real = realpathSync(full);
            const isOutside = real !== root && !real.startsWith(`${root}/`);
            if (isOutside) assert.equal(await wayOut(file, to, among(links)), OUT, JSON.stringify({ file, links }));
          }
        }),
        { numRuns: 300 },
      );
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  });
});
