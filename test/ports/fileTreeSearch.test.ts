import { strict as assert } from "node:assert";
import { chmod, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { ripgrepOnPath, ripgrepSearch } from "../../src/adapters/files/ripgrepSearch";
import { scriptSearch } from "../../src/adapters/files/scriptSearch";
import { searchPattern } from "../../src/adapters/files/searchPattern";
import { MOST_HITS, clipLine, type SearchRun } from "../../src/adapters/files/searchRun";
import { CountersignError } from "../../src/core/domain/errors";
import { couldNotRun } from "../builders/couldNotRun";
import { aTreeOnDisk, installedRipgrep, type TreeOnDisk } from "../builders/treeOnDisk";
import { rejectsWith } from "./fileTreeBench";

const NEVER = new AbortController().signal;

function runOf(made: TreeOnDisk, files: readonly string[], pattern: string, ignoreCase = false): SearchRun {
  return {
    root: made.root,
    files,
    pattern: searchPattern(pattern, { literal: false, ignoreCase }),
    limit: 50,
    signal: NEVER,
    timeLimitMs: 20_000,
  };
}

describe("ripgrepSearch and scriptSearch", () => {
  let rg: string;
  before(async function () {
    const found = await installedRipgrep();
    rg = found ?? couldNotRun(this, "ripgrep is not installed");
  });

  it("answer alike (property)", async () => {
    const made = await aTreeOnDisk({}, { git: false });
    const char = fc.constantFrom(
      "a",
      "b",
      "B",
      "0",
      "_",
      "-",
      " ",
      "\t",
      ".",
      "é",
      "\u00a0",
      "\u2028",
      "\u{1f600}",
      "k",
      "\u212a",
      "\r",
      "$",
      "\ufeff",
    );
    const line = fc.array(char, { maxLength: 8 }).map((chars) => Buffer.from(chars.join("")));
    const bad = fc.constantFrom(
      Buffer.from([0xff]),
      Buffer.from([0xc3]),
      Buffer.from([0xe2, 0x82]),
      Buffer.from("é", "latin1"),
    );
    const lines = fc.array(
      fc.oneof(
        { weight: 6, arbitrary: line },
        { weight: 1, arbitrary: bad },
        { weight: 1, arbitrary: fc.tuple(line, bad, line).map((parts) => Buffer.concat(parts)) },
      ),
      { maxLength: 6 },
    );
    const content = fc
      .tuple(lines, fc.constantFrom("\n", "\r\n"), fc.boolean(), fc.constantFrom("", "\ufeff", "\0"))
      .map(([parts, end, closed, mark]) =>
        Buffer.concat([
          Buffer.from(mark),
          ...parts.flatMap((part, at) => [part, Buffer.from(closed || at + 1 < parts.length ? end : "")]),
        ]),
      );
    const atom = fc.constantFrom(
      "a",
      "b",
      "k",
      "0",
      ".",
      "\\w",
      "\\d",
      "\\s",
      "\\S",
      "\\W",
      "\\D",
      "[ab]",
      "[^a]",
      "[^\\n]",
      "[a-z0-9_-]",
      "[\\w.]",
      "[^\\s-]",
      "[\\s\\S]",
      "é",
      "\\.",
      "\\-",
      "\\t",
      "-",
      "{",
      "}",
      "\\$",
      "\\x41",
      "\\u00e9",
      "\u{1f600}",
      "(?:a|b)",
      "(ab|0)",
      "[.$^]",
      "_",
      " ",
    );
    const pattern = fc
      .tuple(
        fc.constantFrom("", "^", "\\b"),
        fc.array(fc.tuple(atom, fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,3}", "*?")), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.constantFrom("", "$", "\\b", "|b$", "|^$"),
      )
      .map(([head, atoms, tail]) => head + atoms.map(([one, many]) => one + many).join("") + tail);
    let compared = 0;
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(content, { minLength: 1, maxLength: 3 }),
        pattern,
        fc.boolean(),
        async (contents, source, ignoreCase) => {
          // JavaScript counts U+212A (the Kelvin sign) as a letter of a word when case is ignored. Known, and left so.
          fc.pre(!(ignoreCase && source.includes("\\b") && contents.some((bytes) => bytes.includes("\u212a"))));
          const files = contents.map((_, index) => `f${index}`);
          for (const [index, bytes] of contents.entries()) await writeFile(path.join(made.root, `f${index}`), bytes);
          const run = runOf(made, files, source, ignoreCase);
          const fast = await ripgrepSearch(rg, run);
          if (fast === null) return;
          compared += 1;
          hits += fast.total;
          assert.deepEqual(fast, await scriptSearch(run));
        },
      ),
      { numRuns: 120 },
    );
    assert.ok(compared > 90 && hits > 40, `${compared} compared, ${hits} hits: the property is not exercised`);
    await made.dispose();
  }).timeout(120_000);

  it("answer alike for many files, in batches and up to the limit", async () => {
    const names = Array.from(
      { length: 4000 },
      (_, n) => `${"folder-with-a-long-name-".repeat(4)}${String(n).padStart(5, "0")}.txt`,
    );
    const made = await aTreeOnDisk(Object.fromEntries(names.map((name) => [name, "one\ntwo\n"])), { git: false });
    const run = runOf(made, names, "o");
    const fast = await ripgrepSearch(rg, run);
    assert.equal(fast?.total, 8000);
    assert.deepEqual(fast.hits.map((hit) => hit.line).slice(0, 4), [1, 2, 1, 2]);
    assert.deepEqual(fast, await scriptSearch(run));
    await made.dispose();
  });

  it("stop counting somewhere", async () => {
    const made = await aTreeOnDisk(
      { "a.txt": "x\n".repeat(70_000), "b.txt": "x\n".repeat(70_000), "c.txt": "x\n" },
      { git: false },
    );
    const run = runOf(made, ["a.txt", "b.txt", "c.txt"], "x");
    assert.equal((await ripgrepSearch(rg, run))?.total, MOST_HITS);
    assert.equal((await scriptSearch(run)).total, MOST_HITS);
    await made.dispose();
  });

  it("pass over files that are gone or cannot be read", async () => {
    const made = await aTreeOnDisk({ "a.txt": "hit\n" }, { git: false });
    const run = runOf(made, ["a.txt", "gone.txt"], "hit");
    assert.equal((await ripgrepSearch(rg, run))?.total, 1);
    assert.equal((await scriptSearch(run)).total, 1);
    await made.dispose();
  });

  it("leave a pattern that ripgrep's engine refuses to JavaScript", async () => {
    const made = await aTreeOnDisk({ "a.txt": "abab\n" }, { git: false, tree: { rgPath: rg } });
    const huge = "(?:(?:(?:a{0,999}){0,999}){0,999}b)+";
    assert.notEqual(searchPattern(huge, { literal: false, ignoreCase: false }).rust, null);
    assert.equal(await ripgrepSearch(rg, runOf(made, ["a.txt"], huge)), null);
    const options = { pattern: huge, literal: false, ignoreCase: false, path: "", glob: "", limit: 9 };
    assert.equal((await made.tree.search(options, NEVER)).total, 1);
    await made.dispose();
  });
});

describe("scriptSearch", () => {
  it("gives up a pattern that backtracks for ever, and the host stays responsive", async () => {
    const made = await aTreeOnDisk(
      { "a.txt": `${"a".repeat(60)}!\n` },
      { git: false, tree: { rgPath: null, searchLimitMs: 300 } },
    );
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 10);
    const options = { pattern: "^(a+)+$", literal: false, ignoreCase: false, path: "", glob: "", limit: 9 };
    await assert.rejects(made.tree.search(options, NEVER), rejectsWith("badRequest"));
    clearInterval(ticking);
    assert.ok(ticks > 3, `${ticks} ticks`);
    await made.dispose();
  });

  it("ends at once when it is cancelled", async () => {
    const made = await aTreeOnDisk({ "a.txt": `${"a".repeat(60)}!\n` }, { git: false, tree: { rgPath: null } });
    const cancel = new AbortController();
    const options = { pattern: "^(a+)+$", literal: false, ignoreCase: false, path: "", glob: "", limit: 9 };
    const searching = made.tree.search(options, cancel.signal);
    setImmediate(() => cancel.abort());
    await assert.rejects(searching, rejectsWith("cancelled"));
    await made.dispose();
  });
});

describe("ripgrepOnPath", () => {
  it("takes no program from the tree, nor from a relative folder", async () => {
    const made = await aTreeOnDisk({ "bin/rg": "#!/bin/sh\n" }, { git: false });
    const planted = path.join(made.root, "bin");
    await chmod(path.join(planted, "rg"), 0o755);
    assert.equal(await ripgrepOnPath(`${planted}::.:bin`, made.root), null);
    assert.equal(await ripgrepOnPath(planted, "/elsewhere"), path.join(planted, "rg"));
    await made.dispose();
  });
});

describe("git that cannot list", () => {
  it("is replaced by reading .gitignore files, with a line in the log", async () => {
    const made = await aTreeOnDisk(
      { ".git": "gitdir: /nowhere\n", ".gitignore": "*.log\n", "a.log": "", "a.ts": "" },
      { git: false },
    );
    assert.deepEqual((await made.tree.list("", "", 9)).files, [".gitignore", "a.ts"]);
    assert.equal(made.warnings.length, 1);
    await made.dispose();
  });
});

describe("clipLine", () => {
  it("keeps the match and cuts no character in two (property)", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", "é", "\u{1f600}"), maxLength: 1500 });
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const clipped = clipLine(`${before}NEEDLE${after}`, before.length);
        assert.ok(clipped.includes("NEEDLE") && clipped.length <= 502);
        assert.ok(Buffer.from(clipped).toString() === clipped);
      }),
    );
  });
});

describe("searchPattern", () => {
  it("never throws anything but badRequest (property)", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from("ab0.*+?()[]{}|^$\\-,nrbdwsuxpk<=!:1 é\u{1f600}")) }),
        fc.boolean(),
        fc.boolean(),
        (pattern, literal, ignoreCase) => {
          try {
            const { script } = searchPattern(pattern, { literal, ignoreCase });
            new RegExp(script.source, script.flags).exec("probe");
          } catch (error) {
            assert.ok(CountersignError.is(error, "badRequest"), String(error));
          }
        },
      ),
      { numRuns: 5000 },
    );
  });
});
