import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir, readlink, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { meansGit } from "../../src/adapters/files/lexicalPath";
import { CountersignError } from "../../src/core/domain/errors";
import { ANY_CHARACTER } from "../builders/anyCharacter";
import { aTreeOnDisk, type TreeOnDisk } from "../builders/treeOnDisk";
import { rejectsWith } from "./fileTreeBench";

const SECRET = "secret of the outside";

/** A tree with every kind of link in it, and a secret beside it. */
async function aTreeWithLinks(): Promise<TreeOnDisk> {
  const made = await aTreeOnDisk({ "src/a.ts": "inside", "real/deep/b.ts": "deep" }, { git: true });
  const outside = path.join(made.base, "outside");
  await writeFile(path.join(outside, "secret.txt"), SECRET);
  await writeFile(path.join(made.alias, "user.txt"), SECRET);
  const links: Readonly<Record<string, string>> = {
    out: outside,
    "out-file": path.join(outside, "secret.txt"),
    "out-relative": "../outside",
    "out-new": path.join(outside, "new.txt"),
    "to-alias": made.alias,
    chain1: "chain2",
    chain2: "src/chain3",
    "src/chain3": "../../outside/secret.txt",
    loop1: "loop2",
    loop2: "loop1",
    self: ".",
    up: "..",
    "to-git": ".git",
    "to-config": ".git/config",
    dangling: "not-there",
    "in-folder": "real/deep",
    "in-file": "src/a.ts",
  };
  for (const [name, target] of Object.entries(links)) await symlink(target, path.join(made.root, name));
  return made;
}

describe("ConfinedFileTree, confinement", () => {
  let made: TreeOnDisk;
  let outsideBefore: string;

  const outsideNow = (): string =>
    execFileSync("sh", ["-c", "find outside alias | sort; cat outside/* alias/*"], {
      cwd: made.base,
      encoding: "utf8",
    });

  before(async () => {
    made = await aTreeWithLinks();
    outsideBefore = outsideNow();
  });
  after(() => made.dispose());
  afterEach(() => assert.equal(outsideNow(), outsideBefore, "the outside was touched"));

  const leadingOut =
    "out out/secret.txt out/new.txt out-file out-relative/secret.txt out-new to-alias/user.txt chain1 chain2 src/chain3 " +
    "loop1 loop1/x up up/outside/secret.txt self/self/up/outside/secret.txt " +
    "to-git to-git/config to-git/hooks/pre-commit to-config self/to-git/config";
  for (const written of leadingOut.split(" ")) {
    it(`follows ${written} nowhere`, async () => {
      await assert.rejects(made.tree.read(written), rejectsWith("notAllowed"));
      await assert.rejects(made.tree.write(written, "x"), rejectsWith("notAllowed"));
      await assert.rejects(made.tree.list(written, "", 9), rejectsWith("notAllowed"));
      await assert.rejects(made.tree.resolve(written), rejectsWith("notAllowed"));
    });
  }

  it("reads through links that stay inside, and writes through none", async () => {
    assert.deepEqual(await made.tree.read("in-file"), { kind: "text", text: "inside", bytes: 6 });
    assert.deepEqual(await made.tree.read("in-folder/b.ts"), { kind: "text", text: "deep", bytes: 4 });
    assert.deepEqual((await made.tree.list("in-folder", "", 9)).files, ["real/deep/b.ts"]);
    for (const written of [
      "in-file",
      "in-folder/b.ts",
      "in-folder/new.ts",
      "self/src/a.ts",
      "dangling",
      "dangling/x",
    ]) {
      await assert.rejects(made.tree.write(written, "x"), rejectsWith("notAllowed"), written);
    }
    assert.equal(await readFile(path.join(made.root, "src/a.ts"), "utf8"), "inside");
    assert.equal(await readlink(path.join(made.root, "in-file")), "src/a.ts");
    assert.deepEqual(await readdir(path.join(made.root, "real/deep")), ["b.ts"]);
  });

  it("names links in lists and searches through none", async () => {
    const { files } = await made.tree.list("", "", 99);
    assert.ok(files.includes("out-file") && !files.some((file) => file.startsWith("out/")));
    const options = { pattern: "secret|inside", literal: false, ignoreCase: false, path: "", glob: "", limit: 99 };
    const { hits } = await made.tree.search(options, new AbortController().signal);
    assert.deepEqual(hits, [{ path: "src/a.ts", line: 1, text: "inside" }]);
  });

  it("does not search tracked files whose folder has become a link", async () => {
    const other = await aTreeOnDisk({ "lib/secret.txt": "hit" }, { git: true });
    execFileSync("git", ["add", "lib/secret.txt"], { cwd: other.root });
    await writeFile(path.join(other.base, "outside/secret.txt"), "hit outside");
    await rm(path.join(other.root, "lib"), { recursive: true });
    await symlink("../outside", path.join(other.root, "lib"));
    const options = { pattern: "hit", literal: false, ignoreCase: false, path: "", glob: "", limit: 99 };
    assert.deepEqual(await other.tree.search(options, new AbortController().signal), { hits: [], total: 0 });
    assert.deepEqual((await other.tree.list("", "*.txt", 9)).files, []);
    await other.dispose();
  });

  it("lets no spelling out (property)", async () => {
    const part = fc.oneof(
      fc.constantFrom(
        "..",
        ".",
        "",
        "out",
        "up",
        "self",
        "chain1",
        "in-folder",
        "loop1",
        "to-git",
        "dangling",
        "src",
        "real",
        "deep",
        "b.ts",
        "a.ts",
      ),
      fc.constantFrom(
        ".git",
        ".GIT",
        ".git ",
        "git~1",
        ".git:x",
        "\u200c.git",
        "secret.txt",
        "outside",
        "work tree",
        "~",
        "$HOME",
        "%2e%2e",
        "..\\..",
        "\u2025",
      ),
      fc.constantFrom(
        ".git.",
        ".Git",
        ".git. .",
        ".git::$INDEX_ALLOCATION",
        "GIT~1",
        "GIT~2",
        ".g\u200dit",
        ".git\u200b",
        "\u202etig.",
        ".ｇｉｔ",
        "modules",
        "hooks",
        "config",
        "con",
        "aux.txt",
        "NUL.tar.gz",
        "COM1",
        "lpt¹",
        "a.ts:stream",
        "a.ts::$DATA",
        "trail.",
        "trail ",
        "%2e%2e%2f",
        "..;",
        "...",
        "..\u2215",
        "．．",
        "C:",
        "\\\\server\\share",
        "\u0000",
        "a\nb",
        "\u202eevil",
      ),
      fc.string({ maxLength: 6 }),
      fc.string({ unit: ANY_CHARACTER, maxLength: 4 }),
    );
    const start = fc.constantFrom(
      "",
      "/",
      "./",
      "//",
      `${made.root}/`,
      `${made.alias}/`,
      `${made.base}/`,
      "\\",
      "C:/",
      "file:///",
    );
    const spelling = fc
      .tuple(start, fc.array(part, { maxLength: 7 }), fc.constantFrom("/", "//", "/./", "\\"))
      .map(([head, parts, joint]) => head + parts.join(joint));
    let inside = 0;
    await fc.assert(
      fc.asyncProperty(spelling, async (written) => {
        const relative = await made.tree.resolve(written).catch((error: unknown) => {
          assert.ok(CountersignError.is(error), String(error));
          return null;
        });
        const reads = async (): Promise<boolean> =>
          await made.tree.read(written).then(
            (content) => content.kind === "folder" || (content.kind === "text" && !content.text.includes("secret")),
            () => false,
          );
        if (relative === null) return assert.equal(await reads(), false, "what does not resolve is not read");
        inside += 1;
        const parts = relative.split("/");
        assert.ok(!relative.startsWith("/") && !parts.includes("..") && !parts.some(meansGit));
        const real = await realpath(path.join(made.root, relative)).catch(() => null);
        if (real === null) return;
        assert.ok(`${real}/`.startsWith(`${made.root}/`) && !`${real}/`.startsWith(`${made.root}/.git/`), real);
        assert.ok(await reads());
      }),
      { numRuns: 8000 },
    );
    assert.ok(inside > 100, `only ${inside} spellings were inside: the property is not exercised`);
  });

  it("reads nothing else when a folder is swapped for a link again and again", async () => {
    const swapper = await swapping(made.root, "swapped", "../outside");
    await writeFile(path.join(made.base, "outside/a.txt"), SECRET);
    const seen = new Set<string>();
    for (let round = 0; round < 1500; round += 1) {
      const content = await made.tree.read("swapped/a.txt").catch((error: unknown) => {
        assert.ok(CountersignError.is(error), String(error));
        return null;
      });
      if (content?.kind === "text") seen.add(content.text);
      await made.tree
        .write("swapped/a.txt", "mine")
        .catch((error: unknown) => assert.ok(CountersignError.is(error), String(error)));
      await made.tree
        .write("swapped/sub/b.txt", "mine")
        .catch((error: unknown) => assert.ok(CountersignError.is(error), String(error)));
    }
    await swapper.stop();
    assert.ok(!seen.has(SECRET), "the secret was read");
    assert.equal(await readFile(path.join(made.base, "outside/a.txt"), "utf8"), SECRET);
    await assert.rejects(stat(path.join(made.base, "outside/sub")), { code: "ENOENT" });
    await rm(path.join(made.base, "outside/a.txt"));
    await rm(path.join(made.root, "swapped"), { recursive: true, force: true });
    await rm(path.join(made.root, "swapped.folder"), { recursive: true, force: true });
  }).timeout(60_000);

  it("opens no pipe, socket or device", async () => {
    execFileSync("mkfifo", [path.join(made.root, "pipe")]);
    const server = createServer().listen(path.join(made.root, "socket"));
    await once(server, "listening");
    for (const name of ["pipe", "socket"]) {
      await assert.rejects(made.tree.read(name), rejectsWith("notAllowed"));
      await assert.rejects(made.tree.write(name, "x"), rejectsWith("notAllowed"));
    }
    server.close();
    await rm(path.join(made.root, "pipe"));
  });
});

/** A thread that swaps the folder `name` for a link to `target` and back, as fast as it can. */
async function swapping(root: string, name: string, target: string): Promise<{ stop(): Promise<void> }> {
  const code = `
    const fs = require("node:fs");
    const { workerData: { place, target, flag } } = require("node:worker_threads");
    fs.mkdirSync(place + ".folder", { recursive: true });
    require("node:worker_threads").parentPort.postMessage("ready");
    while (Atomics.load(new Int32Array(flag), 0) === 0) {
      try { fs.renameSync(place + ".folder", place); fs.renameSync(place, place + ".folder"); fs.symlinkSync(target, place); fs.unlinkSync(place); }
      catch { try { fs.rmSync(place, { recursive: true, force: true }); fs.mkdirSync(place + ".folder", { recursive: true }); } catch {} }
    }`;
  const flag = new SharedArrayBuffer(4);
  const swapper = new Worker(code, { eval: true, workerData: { place: path.join(root, name), target, flag } });
  await once(swapper, "message");
  const stop = async (): Promise<void> => {
    Atomics.store(new Int32Array(flag), 0, 1);
    await once(swapper, "exit");
  };
  return { stop };
}
