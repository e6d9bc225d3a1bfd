import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { ConfinedFileTree } from "../../src/adapters/files/confinedFileTree";
import { Exclusions } from "../../src/adapters/files/exclusions";
import { excludedPaths } from "../../src/adapters/files/excludedPaths";
import { instructionsIn } from "../../src/core/engine/repositoryContext";
import { aTreeOnDisk, type TreeOnDisk } from "../builders/treeOnDisk";
import { SilentLogger } from "../fakes/silentLogger";
import { rejectsWith } from "./fileTreeBench";

const FILES = {
  ".countersignignore": "# keys\n*.pem\n/secrets/\n.env*\n!.env.example\nAGENTS.md\n",
  "server.pem": "hit key",
  ".env": "hit",
  ".env.example": "hit",
  "AGENTS.md": "hit: do as I say",
  "CLAUDE.md": "be kind",
  "secrets/a/b.txt": "hit",
  "src/secrets/c.txt": "hit",
  "src/a.ts": "hit",
  "vendor/.countersignignore": "private/**\n",
  "vendor/private/x.txt": "hit",
  "vendor/y.txt": "hit",
};
const ALL = { pattern: "hit", literal: true, ignoreCase: false, path: "", glob: "", limit: 99 };
const EXCLUDED = ["server.pem", ".env", "AGENTS.md", "secrets/a/b.txt", "vendor/private/x.txt"];
const FREE = [".env.example", "src/secrets/c.txt", "src/a.ts", "vendor/y.txt", ".countersignignore"];

describe("ConfinedFileTree with .countersignignore", () => {
  for (const git of [true, false]) {
    describe(git ? "in a repository" : "in a plain folder", () => {
      let made: TreeOnDisk;
      let exclusions: Exclusions;
      let tree: ConfinedFileTree;

      beforeEach(async () => {
        made = await aTreeOnDisk(FILES, { git });
        exclusions = new Exclusions(made.alias);
        tree = new ConfinedFileTree({ root: made.root, aliases: [made.alias], exclusions, logger: new SilentLogger(), rgPath: null });
      });
      afterEach(() => made.dispose());

      it("neither reads, writes, lists, searches nor names what is excluded", async () => {
        for (const file of EXCLUDED) {
          for (const spelling of [file, `./${file}`, `${made.root}/${file}`, `${made.alias}/${file}`, file.startsWith("vendor") ? file : file.toUpperCase(), `src/../${file}`]) {
            await assert.rejects(tree.read(spelling), rejectsWith("notAllowed"), spelling);
            await assert.rejects(tree.write(spelling, "x"), rejectsWith("notAllowed"), spelling);
          }
          assert.ok(tree.isExcluded(file), file);
          await assert.rejects(tree.read(file), /excluded by \.countersignignore/);
        }
        for (const file of FREE) assert.equal((await tree.read(file)).kind, "text", file);
        const { files } = await tree.list("", "", 99);
        assert.deepEqual(files.filter((file) => EXCLUDED.includes(file)), []);
        assert.ok(FREE.every((file) => files.includes(file)));
        const { hits } = await tree.search(ALL, new AbortController().signal);
        assert.deepEqual(hits.map((hit) => hit.path).toSorted(), [".env.example", "src/a.ts", "src/secrets/c.txt", "vendor/y.txt"]);
        const missing = await tree.read("server.pam");
        assert.ok(missing.kind === "missing" && !missing.similar.includes("server.pem"));
        await assert.rejects(tree.list("secrets", "", 9), rejectsWith("notAllowed"));
      });

      it("follows no link to it", async () => {
        await symlink("server.pem", path.join(made.root, "open.txt"));
        await symlink("secrets/a", path.join(made.root, "folder"));
        await assert.rejects(tree.read("open.txt"), rejectsWith("notAllowed"));
        await assert.rejects(tree.read("folder/b.txt"), rejectsWith("notAllowed"));
        await assert.rejects(tree.list("folder", "", 9), rejectsWith("notAllowed"));
      });

      it("keeps to the rules that it saw first, whatever becomes of them in the worktree", async () => {
        await assert.rejects(tree.read(".env"), rejectsWith("notAllowed"));
        await assert.rejects(tree.read("vendor/private/x.txt"), rejectsWith("notAllowed"));
        await writeFile(path.join(made.root, ".countersignignore"), "!*\n");
        await rm(path.join(made.root, "vendor/.countersignignore"));
        for (const file of EXCLUDED) await assert.rejects(new ConfinedFileTree({ root: made.root, aliases: [], exclusions, logger: new SilentLogger() }).read(file), rejectsWith("notAllowed"), file);
      });

      it("obeys the user's tree as it is now", async () => {
        assert.equal((await tree.read("src/a.ts")).kind, "text");
        await mkdir(path.join(made.alias, "src"), { recursive: true });
        await writeFile(path.join(made.alias, "src/.countersignignore"), "a.*\n");
        await assert.rejects(tree.read("src/a.ts"), rejectsWith("notAllowed"));
        await rm(path.join(made.alias, "src/.countersignignore"));
        assert.equal((await tree.read("src/a.ts")).kind, "text");
      });

      it("lets nobody write the rules, nor countersign's own files", async () => {
        const spellings = [".countersignignore", "src/.countersignignore", ".CountersignIgnore", ".countersignignore.", ".countersignignore ", ".countersign\u200dignore", "vendor/.countersignignore:x", "COUNTE~1", "counte~2/x"];
        for (const written of [...spellings, ".countersign/settings.json", ".COUNTERSIGN/settings.json", ".countersign./x", ".countersign/plans/t-1/plan.md", ".countersign/plans/t-1/deliverables"]) {
          await assert.rejects(tree.write(written, "x"), rejectsWith("notAllowed"), written);
        }
        await tree.write(".countersign/plans/t-1/deliverables/r.md", "mine");
        await tree.write("src/countersignignore", "mine");
      });

      it("does not tell models what it excludes as instructions", async () => {
        assert.deepEqual(await instructionsIn(tree), [{ path: "CLAUDE.md", text: "be kind" }]);
      });

      it("lists what a sandbox has to hide", async () => {
        const found = await excludedPaths(made.root, exclusions);
        assert.deepEqual(found.map((one) => one.path), [".env", "AGENTS.md", "secrets", "server.pem", "vendor/private/x.txt"]);
        assert.deepEqual(found.filter((one) => one.isFolder).map((one) => one.path), ["secrets"]);
      });

      it("reads through no spelling of an excluded path (property)", async () => {
        const part = fc.constantFrom(".", "..", "", "src", "secrets", "SECRETS", "a", "b.txt", "B.TXT", "server.pem", "Server.PEM", ".env", "vendor", "private", "x.txt", "folder", "open.txt", "root");
        await symlink("server.pem", path.join(made.root, "open.txt"));
        await symlink("secrets", path.join(made.root, "folder"));
        await symlink(".", path.join(made.root, "root"));
        const start = fc.constantFrom("", "./", `${made.root}/`, `${made.alias}/`, "src/../");
        await fc.assert(
          fc.asyncProperty(start, fc.array(part, { maxLength: 6 }), async (head, parts) => {
            const content = await tree.read(head + parts.join("/")).catch(() => null);
            if (content?.kind !== "text") return;
            assert.ok(["hit", "be kind"].includes(content.text) || content.text.startsWith("# keys") || content.text.startsWith("private"), content.text);
            assert.ok(!parts.some((name) => /pem$|^private$|^\.env$/i.test(name)) && !(parts[0] === "secrets"), parts.join("/"));
          }),
          { numRuns: 2000 },
        );
      });
    });
  }

  it("finds nothing to hide, and goes over no folder, where there are no rules", async () => {
    const made = await aTreeOnDisk({ "a/b.txt": "x" }, { git: true });
    const exclusions = new Exclusions(made.alias);
    assert.equal(await exclusions.hasRules(made.root), true, "the user's folder is no repository: it cannot be told");
    execFileSync("git", ["init", "-q"], { cwd: made.alias });
    assert.equal(await new Exclusions(made.alias).hasRules(made.root), false);
    await writeFile(path.join(made.alias, ".countersignignore"), "b.txt\n");
    const now = new Exclusions(made.alias);
    assert.deepEqual(await excludedPaths(made.root, now), [{ path: "a/b.txt", isFolder: false }]);
    await made.dispose();
  });
});
