// What every FileTree must list and find, and what it must leave out.
import { strict as assert } from "node:assert";
import { find, rejectsWith, treesFrom, type TreeFactory } from "./fileTreeBench";

const NEVER = new AbortController().signal;

export function fileTreeSearchContract(make: TreeFactory): void {
  const withTree = treesFrom(make);

  describe("list", () => {
    const files = {
      "b.ts": "",
      "a/z.ts": "",
      "a/b/c.md": "",
      "a.ts": "",
      "日本.ts": "",
      ".hidden/x.ts": "",
      "a-b/x.ts": "",
    };
    it(
      "sorts, bounds and counts",
      withTree(files, async (tree) => {
        const all = Object.keys(files).toSorted();
        assert.deepEqual(await tree.list("", "", 100), { files: all, total: 7 });
        assert.deepEqual(await tree.list("", "", 2), { files: all.slice(0, 2), total: 7 });
        assert.deepEqual(await tree.list("a", "", 9), { files: ["a/b/c.md", "a/z.ts"], total: 2 });
        assert.deepEqual(await tree.list("a.ts", "", 9), { files: ["a.ts"], total: 1 });
        assert.deepEqual(await tree.list("nowhere", "", 9), { files: [], total: 0 });
      }),
    );

    it(
      "matches globs against names, or against paths when they hold a slash",
      withTree(files, async (tree) => {
        const matching = async (glob: string, path = ""): Promise<readonly string[]> =>
          (await tree.list(path, glob, 99)).files;
        assert.deepEqual(await matching("*.md"), ["a/b/c.md"]);
        assert.deepEqual(await matching("a/*.ts"), ["a/z.ts"]);
        assert.deepEqual(await matching("a/**"), ["a/b/c.md", "a/z.ts"]);
        assert.deepEqual(await matching("./a/**/*.md"), ["a/b/c.md"]);
        assert.deepEqual(await matching("b/*", "a"), ["a/b/c.md"]);
        assert.deepEqual(await matching("**/*.{md,none}"), ["a/b/c.md"]);
        assert.deepEqual(await matching("x.ts"), [".hidden/x.ts", "a-b/x.ts"]);
        assert.deepEqual(await matching(`${"*(".repeat(500)}a`), []);
      }),
    );

    const ignored = {
      ".gitignore": "*.log\n/out/\nbuild\n!keep.log\nsp ace\n",
      "a.log": "hit",
      "keep.log": "hit",
      "out/x": "hit",
      "sub/out/x": "hit",
      "sub/build/y": "hit",
      "sp ace": "hit",
      "sub/.gitignore": "!a.log\n/only-here\ndeep/*.txt\n",
      "sub/a.log": "hit",
      "sub/b.log": "hit",
      "sub/only-here": "hit",
      "sub/more/only-here": "hit",
      "sub/deep/x.txt": "hit",
      "sub/deep/er/x.txt": "hit",
      "sub/more/a.log": "hit",
      "we!rd [x]/.gitignore": "local\n",
      "we!rd [x]/local": "hit",
      "we!rd x/local": "hit",
    };
    it(
      "leaves out what nested .gitignore files name, in list and search",
      withTree(ignored, async (tree) => {
        const visible = [
          "keep.log",
          "sub/a.log",
          "sub/deep/er/x.txt",
          "sub/more/a.log",
          "sub/more/only-here",
          "sub/out/x",
          "we!rd x/local",
        ];
        const listed = (await tree.list("", "", 99)).files.filter((file) => !file.endsWith(".gitignore"));
        assert.deepEqual(listed, visible);
        assert.deepEqual(
          await find(tree, "hit"),
          visible.map((file) => `${file}:1:hit`),
        );
        assert.deepEqual((await tree.list("out", "", 9)).files, []);
        assert.equal((await tree.read("a.log")).kind, "text", "an ignored file can still be read by name");
      }),
    );

    it(
      "shows nothing of .countersign but deliverables that are asked for",
      withTree(
        {
          "a.ts": "hit",
          ".gitignore": ".countersign\n",
          ".countersign/plans/t-1/plan.md": "hit",
          ".countersign/plans/t-1/deliverables/r.md": "hit",
        },
        async (tree) => {
          const deliverables = ".countersign/plans/t-1/deliverables";
          assert.deepEqual((await tree.list("", "*.{ts,md}", 9)).files, ["a.ts"]);
          assert.deepEqual((await tree.list(".countersign", "", 9)).files, []);
          assert.deepEqual((await tree.list(".countersign/plans/t-1", "", 9)).files, []);
          assert.deepEqual((await tree.list(deliverables, "", 9)).files, [`${deliverables}/r.md`]);
          assert.deepEqual(await find(tree, "hit"), ["a.ts:1:hit"]);
          assert.deepEqual(await find(tree, "hit", { path: deliverables }), [`${deliverables}/r.md:1:hit`]);
        },
      ),
    );
  });

  describe("search", () => {
    const files = {
      "a.ts": "const one = 1;\nconst Two = 2; // a+b\n",
      "b/c.md": "one\r\nthe end\r\n",
      "b/d.md": "\ufeffone here\nno newline at the end: one",
      "-": "one dash\n",
      "bin.dat": Buffer.from("one\nmore\0one\n"),
    };
    it(
      "finds lines by pattern, sorted by file and line",
      withTree(files, async (tree) => {
        const all = [
          "-:1:one dash",
          "a.ts:1:const one = 1;",
          "b/c.md:1:one",
          "b/d.md:1:one here",
          "b/d.md:2:no newline at the end: one",
        ];
        assert.deepEqual(await find(tree, "one"), all);
        assert.deepEqual(await find(tree, "^one"), [all[0], all[2], all[3]]);
        assert.deepEqual(await find(tree, "one$"), [all[2], all[4]]);
        assert.deepEqual(await find(tree, String.raw`\bt\w+`, { ignoreCase: true }), [
          "a.ts:2:const Two = 2; // a+b",
          "b/c.md:2:the end",
          "b/d.md:2:no newline at the end: one",
        ]);
        assert.deepEqual(await find(tree, "(?i)TWO"), ["a.ts:2:const Two = 2; // a+b"]);
        assert.deepEqual(await find(tree, "two"), []);
        assert.deepEqual(
          await find(tree, "end."),
          ["b/d.md:2:no newline at the end: one"],
          "a carriage return is no character of the line",
        );
      }),
    );

    it(
      "takes literal text literally",
      withTree(files, async (tree) => {
        assert.deepEqual(await find(tree, "a+b", { literal: true }), ["a.ts:2:const Two = 2; // a+b"]);
        assert.deepEqual(await find(tree, "CONST TWO", { literal: true, ignoreCase: true }), [
          "a.ts:2:const Two = 2; // a+b",
        ]);
        assert.deepEqual(await find(tree, ".*", { literal: true }), []);
      }),
    );

    it(
      "understands what only JavaScript understands",
      withTree(files, async (tree) => {
        assert.deepEqual(await find(tree, "(?<=const )o"), ["a.ts:1:const one = 1;"]);
        assert.deepEqual(await find(tree, String.raw`(.)\1`), ["a.ts:2:const Two = 2; // a+b"]);
        assert.deepEqual(await find(tree, String.raw`\p{Lu}wo`), ["a.ts:2:const Two = 2; // a+b"]);
      }),
    );

    it(
      "keeps to a path, a file and a glob, and counts beyond its limit",
      withTree(files, async (tree) => {
        assert.equal((await find(tree, "one", { path: "b" })).length, 3);
        assert.equal((await find(tree, "one", { path: "b/c.md" })).length, 1);
        assert.equal((await find(tree, "one", { glob: "*.md" })).length, 3);
        assert.deepEqual(await find(tree, "one", { path: "none" }), []);
        const options = { pattern: "one", literal: false, ignoreCase: false, path: "", glob: "", limit: 2 };
        const { hits, total } = await tree.search(options, NEVER);
        assert.deepEqual([hits.map((hit) => hit.path), total], [["-", "a.ts"], 5]);
      }),
    );

    it(
      "shows the part of a long line that matched",
      withTree({ "min.js": `${"x".repeat(5000)}NEEDLE${"y".repeat(5000)}\n` }, async (tree) => {
        const [hit] = await find(tree, "NEEDLE");
        assert.ok(hit !== undefined && hit.includes("NEEDLE") && hit.length < 600, hit);
      }),
    );

    for (const pattern of ["", "(", "a\nb", "[", "*", "x".repeat(3000), "(?P<n>a)"]) {
      it(
        `refuses ${JSON.stringify(pattern.slice(0, 10))} as a pattern`,
        withTree(files, async (tree) => {
          await assert.rejects(find(tree, pattern), rejectsWith("badRequest"));
        }),
      );
    }

    it(
      "is never read as an option",
      withTree({ "a.txt": "--files\n-e x\n" }, async (tree) => {
        assert.deepEqual(await find(tree, "--files"), ["a.txt:1:--files"]);
        assert.deepEqual(await find(tree, "-e"), ["a.txt:2:-e x"]);
      }),
    );

    it(
      "rejects as cancelled",
      withTree(files, async (tree) => {
        const options = { pattern: "one", literal: false, ignoreCase: false, path: "", glob: "", limit: 2 };
        await assert.rejects(tree.search(options, AbortSignal.abort()), rejectsWith("cancelled"));
      }),
    );
  });
}
