// What every FileTree must do, whatever it keeps its files in: paths, reading and writing here, lists and searches in
// fileTreeSearchContract.ts.
import { strict as assert } from "node:assert";
import { find, rejectsWith, treesFrom, type TreeFactory } from "./fileTreeBench";
import { fileTreeSearchContract } from "./fileTreeSearchContract";

export function fileTreeContract(make: TreeFactory): void {
  const withTree = treesFrom(make);

  describe("resolve", () => {
    const spellings: readonly (readonly [string, string])[] = [
      ["src/a.ts", "src/a.ts"],
      ["./src//a.ts", "src/a.ts"],
      ["src/../src/./a.ts", "src/a.ts"],
      ["new/deep/file", "new/deep/file"],
      ["", ""],
      [".", ""],
      ["src/", "src"],
      [".gitignore", ".gitignore"],
      [".github/workflows/ci.yml", ".github/workflows/ci.yml"],
      ["a..b", "a..b"],
      ["..a", "..a"],
      ["名前 with space", "名前 with space"],
    ];
    for (const [written, meant] of spellings) {
      it(
        `takes ${JSON.stringify(written)} as ${JSON.stringify(meant)}`,
        withTree({ "src/a.ts": "" }, async (tree) => {
          assert.equal(await tree.resolve(written), meant);
        }),
      );
    }

    it(
      "takes an absolute path into the root or an alias as the same file",
      withTree({ "src/a.ts": "" }, async (tree, alias) => {
        assert.equal(await tree.resolve(`${tree.root}/src/a.ts`), "src/a.ts");
        assert.equal(await tree.resolve(`${alias}/src/a.ts`), "src/a.ts");
        assert.equal(await tree.resolve(`${alias}//src/./a.ts`), "src/a.ts");
        assert.equal(await tree.resolve(alias), "");
        await assert.rejects(tree.resolve(`${alias}-other/src/a.ts`), rejectsWith("notAllowed"));
        await assert.rejects(tree.resolve(`${alias}/../x`), rejectsWith("notAllowed"));
        await assert.rejects(tree.resolve(`${alias}/.git/config`), rejectsWith("notAllowed"));
      }),
    );

    const refused = [
      "..",
      "../x",
      "a/../../x",
      "/",
      "/etc/passwd",
      "a\0b",
      "a\nb",
      "a\u001bb",
      "a\u0085b",
      ".git",
      ".git/config",
      "sub/.git/hooks/pre-commit",
      ".GIT/config",
      ".Git",
      ".git./config",
      ".git /config",
      ".git. . /config",
      "git~1/config",
      "GIT~2",
      ".g\u200cit/config",
      "\ufeff.git",
      ".git/../.git/config",
      ".git/../src/a.ts",
      ".git::$INDEX_ALLOCATION/config",
      ".git:stream",
      "src/a.ts::$DATA",
      ".git\\config",
      "a\\.git\\config",
      "x".repeat(5000),
    ];
    for (const path of refused) {
      it(
        `refuses ${JSON.stringify(path.slice(0, 60))}`,
        withTree({ "src/a.ts": "kept" }, async (tree) => {
          for (const attempt of [
            tree.resolve(path),
            tree.read(path),
            tree.write(path, "x"),
            tree.list(path, "", 1),
            find(tree, "x", { path }),
          ]) {
            await assert.rejects(attempt, rejectsWith("notAllowed"));
          }
          assert.deepEqual(await tree.list("", "", 9), { files: ["src/a.ts"], total: 1 });
        }),
      );
    }
  });

  describe("read", () => {
    it(
      "returns text with its bytes, its mark and its line endings",
      withTree({ "a.txt": "größe\r\n", "bom.txt": "\ufeffx\n", "empty.txt": "" }, async (tree) => {
        assert.deepEqual(await tree.read("a.txt"), { kind: "text", text: "größe\r\n", bytes: 9 });
        assert.deepEqual(await tree.read("bom.txt"), { kind: "text", text: "\ufeffx\n", bytes: 5 });
        assert.deepEqual(await tree.read("empty.txt"), { kind: "text", text: "", bytes: 0 });
      }),
    );

    it(
      "says when text is not quite UTF-8",
      withTree({ "latin.txt": Buffer.from("caf\xe9\n", "latin1") }, async (tree) => {
        assert.deepEqual(await tree.read("latin.txt"), { kind: "text", text: "caf\ufffd\n", bytes: 5, lossy: true });
      }),
    );

    it(
      "recognises binary files, UTF-16 among them",
      withTree(
        {
          "a.bin": Buffer.from([1, 2, 0, 3]),
          "u16.txt": Buffer.from("\ufeff字", "utf16le"),
          "late.bin": Buffer.from(`${"x".repeat(100_000)}\0`),
        },
        async (tree) => {
          assert.deepEqual(await tree.read("a.bin"), { kind: "binary", bytes: 4 });
          assert.deepEqual(await tree.read("u16.txt"), { kind: "binary", bytes: 4 });
          assert.deepEqual(await tree.read("late.bin"), { kind: "binary", bytes: 100_001 });
        },
      ),
    );

    it(
      "tells folders and missing files apart and names similar files",
      withTree(
        { "src/routing.ts": "", "src/router.ts": "", "lib/rooting.ts": "", "docs/other.md": "" },
        async (tree) => {
          assert.deepEqual(await tree.read("src"), { kind: "folder" });
          const missing = await tree.read("src/rooting.ts");
          assert.equal(missing.kind, "missing");
          assert.deepEqual(missing.similar, ["lib/rooting.ts", "src/routing.ts", "src/router.ts"]);
          assert.deepEqual(
            await tree.read("SRC/Router.ts").then((content) => content.kind === "missing" && content.similar[0]),
            "src/router.ts",
          );
          assert.deepEqual(await tree.read("src/routing.ts/x"), { kind: "missing", similar: [] });
        },
      ),
    );

    it(
      "names at most five similar files",
      withTree(Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`file${n}.ts`, ""])), async (tree) => {
        const missing = await tree.read("file.ts");
        assert.equal(missing.kind === "missing" && missing.similar.length, 5);
      }),
    );

    const big = Array.from({ length: 1_500_000 }, (_, n) => `line ${n + 1} ä`);
    it(
      "reads large files by range",
      withTree({ "big.txt": `${big.join("\n")}\n` }, async (tree) => {
        const bytes = Buffer.byteLength(`${big.join("\n")}\n`);
        for (const [from, count] of [
          [1, 3],
          [1_400_001, 2],
          [1_499_999, 10],
          [700_000, 1],
        ] as const) {
          const expected = big
            .slice(from - 1, from - 1 + count)
            .map((line) => `${line}\n`)
            .join("");
          assert.deepEqual(await tree.read("big.txt", { from, count }), { kind: "large", text: expected, bytes });
        }
        assert.deepEqual(await tree.read("big.txt", { from: 1_500_001, count: 5 }), { kind: "large", text: "", bytes });
      }),
    );

    it(
      "bounds a range of a large file that is one line",
      withTree({ "line.txt": "ä".repeat(6_000_000) }, async (tree) => {
        const content = await tree.read("line.txt", { from: 1, count: 1 });
        assert.equal(content.kind, "large");
        assert.ok(content.text.length > 1000 && content.text.length <= 1024 * 1024);
        assert.match(content.text, /^ä+$/);
      }),
    );
  });

  describe("write", () => {
    it(
      "creates folders and replaces files, every character kept",
      withTree({ "a.txt": "old" }, async (tree) => {
        const text = "\ufefföne\r\ntwo\n\u{1f600}\rlast";
        for (const path of ["a.txt", "new/deep/er/b.txt"]) {
          await tree.write(path, text);
          assert.deepEqual(await tree.read(path), { kind: "text", text, bytes: Buffer.byteLength(text) });
        }
        assert.deepEqual((await tree.list("", "", 9)).files, ["a.txt", "new/deep/er/b.txt"]);
      }),
    );

    it(
      "refuses folders, and files as folders",
      withTree({ "src/a.ts": "kept" }, async (tree) => {
        for (const path of ["", "src", "src/", "src/a.ts/b.ts", "new/"])
          await assert.rejects(tree.write(path, "x"), rejectsWith("notAllowed"));
        assert.deepEqual(await tree.read("src/a.ts"), { kind: "text", text: "kept", bytes: 4 });
      }),
    );
  });

  fileTreeSearchContract(make);
}
