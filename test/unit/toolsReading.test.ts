import { strict as assert } from "node:assert";
import { aToolBench as aBench } from "../builders/toolBench";

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, n) => `line ${from + n}\n`).join("");

describe("read_file", () => {
  it("returns text as it is, without line numbers", async () => {
    const { call } = aBench({ "a.ts": lines(1, 60), "no-end": "x", "crlf.txt": "\ufeffa\r\nb\r\n", empty: "" });
    assert.deepEqual(await call("read_file", { path: "a.ts" }), { ok: true, text: lines(1, 60), summary: "60 lines" });
    assert.deepEqual(await call("read_file", { path: "/home/u/repo/a.ts", from: 1, count: 60 }), {
      ok: true,
      text: lines(1, 60),
      summary: "60 lines",
    });
    assert.deepEqual(await call("read_file", { path: "no-end" }), { ok: true, text: "x", summary: "1 line" });
    assert.deepEqual(await call("read_file", { path: "crlf.txt" }), { ok: true, text: "a\nb\n", summary: "2 lines" });
    assert.deepEqual(await call("read_file", { path: "empty" }), { ok: true, text: "[empty file]", summary: "empty" });
  });

  it("returns a range, and says how to go on", async () => {
    const { call } = aBench({ "a.ts": lines(1, 60) });
    const part = await call("read_file", { path: "a.ts", from: 11, count: 10 });
    assert.deepEqual(part, {
      ok: true,
      text: `${lines(11, 20)}[lines 11–20 of 60; go on with from: 21]`,
      summary: "10 lines",
    });
    assert.equal((await call("read_file", { path: "a.ts", from: 51 })).text, lines(51, 60));
    assert.equal((await call("read_file", { path: "a.ts", from: 51, count: 10 })).text, lines(51, 60));
    const past = await call("read_file", { path: "a.ts", from: 61 });
    assert.deepEqual([past.ok, past.text], [false, "The file has 60 lines; there is nothing from line 61 on."]);
  });

  it("bounds lines and bytes, so that going on reads all of it", async () => {
    const wide = Array.from({ length: 3000 }, (_, n) => `${n} ${"w".repeat(40)}\n`).join("");
    const { call } = aBench({ "long.ts": lines(1, 4500), "wide.ts": wide });
    for (const [path, whole] of [
      ["long.ts", lines(1, 4500)],
      ["wide.ts", wide],
    ] as const) {
      let read = "";
      let calls = 0;
      for (let from: number | null = 1; from !== null; calls += 1) {
        const { text } = await call("read_file", { path, from });
        assert.ok(Buffer.byteLength(text) <= 51 * 1024);
        const closing = /\[lines \d+–\d+ of \d+; go on with from: (\d+)\]$/.exec(text);
        read += closing === null ? text : text.slice(0, closing.index);
        from = closing === null ? null : Number(closing[1]);
      }
      assert.equal(read, whole);
      assert.equal(calls, 3);
    }
  });

  it("cuts a line that is too long on its own", async () => {
    const { call } = aBench({ "min.js": `${"é".repeat(60_000)}\nnext\n` });
    const { text } = await call("read_file", { path: "min.js" });
    assert.match(text, /^é{25600}\n\[line 1 is longer than 50 KB and cut here; .*go on with from: 2\]$/);
    assert.equal((await call("read_file", { path: "min.js", from: 2 })).text, "next\n");
  });

  it("reads a file of 30 MB by range", async () => {
    const { call } = aBench({ "big.log": lines(1, 2_400_000) });
    const first = await call("read_file", { path: "big.log", count: 2 });
    assert.match(first.text, /^line 1\nline 2\n\[lines 1–2, file of \d+ bytes; go on with from: 3\]$/);
    assert.equal((await call("read_file", { path: "big.log", from: 2_399_999 })).text, lines(2_399_999, 2_400_000));
    assert.equal((await call("read_file", { path: "big.log", from: 2_400_001 })).ok, false);
    assert.match((await call("read_file", { path: "big.log", from: 5 })).text, /\[lines 5–2004, file of/);
  }).timeout(60_000);

  it("says what cannot be shown, and what is like a missing file", async () => {
    const { call } = aBench({ "src/router.ts": "", "a.bin": Buffer.from([0, 1]) });
    assert.match((await call("read_file", { path: "a.bin" })).text, /binary \(2 bytes\)/);
    assert.match((await call("read_file", { path: "src" })).text, /is a folder: use list_files/);
    assert.deepEqual(await call("read_file", { path: "router.ts" }), {
      ok: false,
      text: "router.ts does not exist. Similar: src/router.ts",
      summary: "does not exist",
    });
    assert.equal((await call("read_file", { path: "zzzzzzzz" })).text, "zzzzzzzz does not exist.");
  });
});

describe("list_files", () => {
  it("lists, narrows and counts", async () => {
    const { call } = aBench({ "a.ts": "", "b/c.md": "" });
    assert.deepEqual(await call("list_files", {}), { ok: true, text: "a.ts\nb/c.md", summary: "2 files" });
    assert.deepEqual(await call("list_files", { glob: "*.md" }), { ok: true, text: "b/c.md", summary: "1 file" });
    assert.deepEqual(await call("list_files", { path: "b", glob: "*.ts" }), {
      ok: true,
      text: "No files.",
      summary: "0 files",
    });
    assert.match((await call("list_files", { path: "d" })).text, /^d does not exist\./);
  });

  it("says how many it leaves out", async () => {
    const names = Array.from({ length: 700 }, (_, n) => `${"n".repeat(n < 500 ? 10 : 100)}${n}`);
    const { call } = aBench(Object.fromEntries(names.map((name) => [name, ""])));
    const { text, summary } = await call("list_files", {});
    assert.match(text, /\n\[200 more of 700; narrow it with path or glob\]$/);
    assert.equal(summary, "700 files");
    const long = aBench(Object.fromEntries(names.map((name) => [`${"x".repeat(200)}/${name}`, ""])));
    const bounded = (await long.call("list_files", {})).text;
    assert.ok(bounded.length < 21_000);
    const [, missing] = /\[(\d+) more of 700/.exec(bounded) ?? [];
    assert.equal(Number(missing) + bounded.split("\n").length - 1, 700);
  });
});

describe("search", () => {
  it("answers with path, line and text", async () => {
    const { call } = aBench({ "a.ts": "one\ntwo\n", "b.md": "One\n" });
    assert.deepEqual(await call("search", { pattern: "o" }), {
      ok: true,
      text: "a.ts:1: one\na.ts:2: two",
      summary: "2 matches",
    });
    assert.equal((await call("search", { pattern: "ONE", ignoreCase: true, glob: "*.md" })).text, "b.md:1: One");
    assert.deepEqual(await call("search", { pattern: ".", literal: true }), {
      ok: true,
      text: "No matches (ignored files are not searched).",
      summary: "no matches",
    });
    assert.match((await call("search", { pattern: "x", path: "c" })).text, /^c does not exist/);
    assert.match((await call("search", { pattern: "(" })).text, /^The search pattern cannot be used: /);
  });

  it("bounds what it shows and says how much more there is", async () => {
    const { call } = aBench({ "a.txt": "x\n".repeat(500), "wide.txt": `${"y".repeat(400)}\n`.repeat(150) });
    assert.match(
      (await call("search", { pattern: "x" })).text,
      /a\.txt:200: x\n\[300 more matches; narrow it with path or glob\]$/,
    );
    const wide = await call("search", { pattern: "y" });
    assert.ok(Buffer.byteLength(wide.text) < 21_000);
    assert.match(wide.text, /bytes left out/);
  });
});
