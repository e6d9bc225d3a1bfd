import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmod, readFile, readdir, rename, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { writeAtomically } from "../../src/adapters/files/writeAtomically";
import { CountersignError } from "../../src/core/domain/errors";
import { couldNotRun } from "../builders/couldNotRun";
import { aTreeOnDisk, type TreeOnDisk } from "../builders/treeOnDisk";
import { rejectsWith } from "./fileTreeBench";

describe("ConfinedFileTree, writing", () => {
  for (const throughHandles of [true, false]) {
    describe(throughHandles ? "through folder handles" : "by path", () => {
      let made: TreeOnDisk;
      beforeEach(async () => {
        made = await aTreeOnDisk({ "a.sh": "old", "sub/b.txt": "old" }, { git: false });
      });
      afterEach(() => made.dispose());
      const write = (relative: string, text: string): Promise<void> =>
        writeAtomically({ realRoot: made.root, relative, throughHandles }, text);
      const modeOf = async (name: string): Promise<number> => (await stat(path.join(made.root, name))).mode & 0o777;

      it("keeps the mode of what it replaces, and leaves nothing behind", async () => {
        for (const mode of [0o755, 0o600, 0o444]) {
          await chmod(path.join(made.root, "a.sh"), mode);
          await write("a.sh", `new ${mode}`);
          assert.deepEqual(
            [await modeOf("a.sh"), await readFile(path.join(made.root, "a.sh"), "utf8")],
            [mode, `new ${mode}`],
          );
        }
        assert.deepEqual((await readdir(made.root)).toSorted(), ["a.sh", "sub"]);
      });

      it("gives a new file the usual mode", async () => {
        await write("new/x.txt", "x");
        assert.equal(await modeOf("new/x.txt"), 0o666 & ~process.umask());
      });

      it("writes through no link, whether it is the file or a folder on the way", async () => {
        await symlink("sub", path.join(made.root, "link"));
        await symlink("a.sh", path.join(made.root, "file-link"));
        await symlink("../outside", path.join(made.root, "out"));
        for (const relative of ["link/b.txt", "link/new/c.txt", "file-link", "out/x", "out/new/x"]) {
          await assert.rejects(write(relative, "x"), rejectsWith("notAllowed"), relative);
        }
        assert.equal(await readFile(path.join(made.root, "sub/b.txt"), "utf8"), "old");
        assert.deepEqual(await readdir(path.join(made.base, "outside")), []);
        assert.deepEqual(await readdir(path.join(made.root, "sub")), ["b.txt"]);
      });

      it("leaves a hard-linked copy elsewhere as it was", async () => {
        execFileSync("ln", [path.join(made.root, "a.sh"), path.join(made.base, "outside/copy")]);
        await write("a.sh", "new");
        assert.equal(await readFile(path.join(made.base, "outside/copy"), "utf8"), "old");
      });

      it("refuses a file as a folder", async () => {
        await assert.rejects(write("a.sh/x", "x"), rejectsWith("notAllowed"));
        await assert.rejects(write("sub", "x"), rejectsWith("notAllowed"));
      });

      it("says io when a name is too long for the disk", async () => {
        await assert.rejects(write(`${"n".repeat(300)}.txt`, "x"), rejectsWith("io"));
      });
    });
  }

  it("shows readers the old or the new text, never a part", async () => {
    const made = await aTreeOnDisk({ "a.txt": "0".repeat(200_000) }, { git: false });
    let done = false;
    const writing = (async (): Promise<void> => {
      for (let round = 0; round < 60; round += 1) await made.tree.write("a.txt", String(round % 10).repeat(200_000));
      done = true;
    })();
    let reads = 0;
    while (!done) {
      const content = await made.tree.read("a.txt");
      assert.ok(content.kind === "text" && /^(.)\1{199999}$/.test(content.text), "a torn file was read");
      reads += 1;
    }
    await writing;
    assert.ok(reads > 1);
    await made.dispose();
  });

  it("keeps the old file when the disk is full", async function () {
    const made = await aTreeOnDisk({}, { git: false });
    const mounted = mount(made.root);
    try {
      if (!mounted) return couldNotRun(this, "no small file system can be mounted (needs root)");
      await writeFile(path.join(made.root, "a.txt"), "old");
      await assert.rejects(made.tree.write("a.txt", "x".repeat(4_000_000)), (error: unknown) => {
        assert.ok(CountersignError.is(error, "io"));
        assert.match(error.message, /is as it was before: the disk is full/);
        return true;
      });
      assert.deepEqual(await readdir(made.root), ["a.txt"], "the temporary file is gone");
      assert.equal(await readFile(path.join(made.root, "a.txt"), "utf8"), "old");
    } finally {
      if (mounted) execFileSync("umount", [made.root]);
      await made.dispose();
    }
  });

  it("says io where a folder is read-only, even to root", async function () {
    const made = await aTreeOnDisk({}, { git: false });
    const mounted = mount(made.root);
    try {
      if (!mounted) return couldNotRun(this, "no file system can be mounted (needs root)");
      await writeFile(path.join(made.root, "a.txt"), "old");
      execFileSync("mount", ["-o", "remount,ro", made.root]);
      for (const name of ["a.txt", "new.txt", "new/deep.txt"]) {
        await assert.rejects(made.tree.write(name, "x"), (error: unknown) => {
          assert.ok(CountersignError.is(error, "io"));
          assert.match(error.message, /read-only/);
          return true;
        });
      }
      assert.deepEqual(await made.tree.read("a.txt"), { kind: "text", text: "old", bytes: 3 });
    } finally {
      if (mounted) execFileSync("umount", [made.root]);
      await made.dispose();
    }
  });

  it("rejects with io once the root is gone", async () => {
    const made = await aTreeOnDisk({ "a.txt": "x" }, { git: false });
    await made.tree.read("a.txt");
    await rename(made.root, `${made.root}.gone`);
    await assert.rejects(made.tree.read("a.txt"), rejectsWith("io"));
    await assert.rejects(made.tree.write("a.txt", "y"), rejectsWith("io"));
    await made.dispose();
  });
});

function mount(folder: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
