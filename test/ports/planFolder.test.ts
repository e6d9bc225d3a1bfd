// Runs the contract of PlanFolder on the folder and on the one in memory, and the folder's own promises.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FilePlanFolder } from "../../src/adapters/store/filePlanFolder";
import { CountersignError } from "../../src/core/domain/errors";
import type { TaskId } from "../../src/core/domain/task";
import { bundled } from "../builders/bundled";
import { TalkingChild } from "../builders/childProcess";
import { tempFolder } from "../builders/tempFolder";
import { MemoryPlanFolder } from "../fakes/memoryPlanFolder";
import { RecordingLogger } from "../fakes/recordingLogger";
import { planFolderContract } from "./planFolderContract";

const TASK = "add-fibonacci-7k2m" as TaskId;

describe("MemoryPlanFolder", () => {
  const folder = tempFolder();
  planFolderContract(() => new MemoryPlanFolder(), folder);
});

describe("FilePlanFolder", () => {
  const folder = tempFolder();
  const logger = new RecordingLogger();
  const workspace = (): string => path.join(folder(), "workspace");
  const plans = (): FilePlanFolder => new FilePlanFolder({ workspace: workspace(), logger });
  const linkRefused = (error: unknown): boolean => CountersignError.is(error, "notAllowed") && /symbolic link/.test(error.message);
  const TASK_FOLDER = `.countersign/plans/${TASK}`;

  it("removes what a write that a crash interrupted has left, and nothing else", async () => {
    await plans().write(TASK, "verification/base-1/K1.log", "out");
    const left = path.join(workspace(), TASK_FOLDER, "verification/base-1/.K1.log.26b44407.tmp");
    writeFileSync(left, "o");
    await plans().tidy(TASK);
    assert.equal(existsSync(left), false);
    assert.equal(await plans().read(TASK, "verification/base-1/K1.log"), "out");
    await plans().tidy("another-task-0000" as TaskId);
  });

  planFolderContract(plans, () => mkdtempSync(path.join(folder(), "source-")));

  it("lies in .countersign/plans of the workspace, out of git's sight", async () => {
    await plans().write(TASK, "plan.md", "# Plan\n");
    assert.equal(readFileSync(path.join(workspace(), TASK_FOLDER, "plan.md"), "utf8"), "# Plan\n");
    assert.equal(readFileSync(path.join(workspace(), ".countersign/.gitignore"), "utf8"), "*\n");
  });

  it("lies where it is told to, in the workspace or outside", async () => {
    const inside = new FilePlanFolder({ workspace: workspace(), folder: "docs/plans", logger });
    const outside = new FilePlanFolder({ workspace: workspace(), folder: path.join(folder(), "plans"), logger });
    assert.equal(inside.pathOf(TASK), path.join(workspace(), "docs/plans", TASK));
    assert.equal(outside.pathOf(TASK), path.join(folder(), "plans", TASK));
    await outside.write(TASK, "plan.md", "x");
    assert.equal(await outside.read(TASK, "plan.md"), "x");
  });

  for (const link of [".countersign", ".countersign/plans", TASK_FOLDER, `${TASK_FOLDER}/verification`]) {
    it(`follows no symbolic link at ${link.replace(TASK, "<task>")}`, async () => {
      const elsewhere = path.join(folder(), "elsewhere");
      mkdirSync(elsewhere);
      writeFileSync(path.join(elsewhere, "K1.log"), "secret");
      mkdirSync(path.dirname(path.join(workspace(), link)), { recursive: true });
      symlinkSync(elsewhere, path.join(workspace(), link));
      await assert.rejects(plans().write(TASK, "verification/K1.log", "x"), linkRefused);
      await assert.rejects(plans().append(TASK, "verification/K1.log", "x"), linkRefused);
      await assert.rejects(plans().read(TASK, "verification/K1.log"), linkRefused);
      if (!link.endsWith("verification")) await assert.rejects(plans().list(TASK), linkRefused);
      else assert.deepEqual(await plans().list(TASK), []);
      assert.deepEqual([readdirSync(elsewhere), readFileSync(path.join(elsewhere, "K1.log"), "utf8")], [["K1.log"], "secret"]);
    });
  }

  it("follows no symbolic link in a file's place, dangling or not", async () => {
    const target = path.join(folder(), "target");
    mkdirSync(path.join(workspace(), TASK_FOLDER), { recursive: true });
    symlinkSync(target, path.join(workspace(), TASK_FOLDER, "plan.md"));
    await assert.rejects(plans().write(TASK, "plan.md", "x"), linkRefused);
    await assert.rejects(plans().append(TASK, "plan.md", "x"), linkRefused);
    await assert.rejects(plans().read(TASK, "plan.md"), linkRefused);
    assert.equal(existsSync(target), false);
  });

  it("lets the workspace itself be a link", async () => {
    mkdirSync(path.join(folder(), "real"));
    symlinkSync(path.join(folder(), "real"), workspace());
    await plans().write(TASK, "plan.md", "x");
    assert.equal(readFileSync(path.join(folder(), "real", TASK_FOLDER, "plan.md"), "utf8"), "x");
  });

  it("is not held up by a pipe in a file's place", async function () {
    if (process.platform === "win32") this.skip();
    mkdirSync(path.join(workspace(), TASK_FOLDER), { recursive: true });
    execFileSync("mkfifo", [path.join(workspace(), TASK_FOLDER, "plan.md")]);
    await assert.rejects(plans().read(TASK, "plan.md"), (error) => CountersignError.is(error, "notAllowed"));
  });

  it("copies bytes and the executable bit as they are, and passes over links, pipes and unusable names", async function () {
    if (process.platform === "win32") this.skip();
    const source = path.join(folder(), "deliverables");
    mkdirSync(source);
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256));
    writeFileSync(path.join(source, "data.bin"), bytes);
    chmodSync(path.join(source, "data.bin"), 0o755);
    writeFileSync(path.join(source, "a\nb"), "x");
    execFileSync("mkfifo", [path.join(source, "pipe")]);
    assert.deepEqual(await plans().copyIn(TASK, source, "deliverables"), ["deliverables/data.bin"]);
    const copy = path.join(workspace(), TASK_FOLDER, "deliverables/data.bin");
    assert.ok(readFileSync(copy).equals(bytes));
    assert.equal(statSync(copy).mode & 0o777, 0o755);
    assert.match(logger.text, /unusable name/);
    symlinkSync(source, path.join(folder(), "linked"));
    assert.deepEqual(await plans().copyIn(TASK, path.join(folder(), "linked"), "other"), []);
  });

  it("shows a reader the old or the new text, never a part, and leaves nothing behind when killed", async () => {
    const script = await bundled(folder(), "writerChild.ts", [
      'import { FilePlanFolder } from "src/adapters/store/filePlanFolder";',
      "const nothing = () => undefined;",
      "const plans = new FilePlanFolder({ workspace: process.argv[2], logger: { debug: nothing, info: nothing, warn: nothing } });",
      "async function main() {",
      `  for (let i = 0; ; i += 1) { await plans.write("${TASK}", "plan.md", String(i % 10).repeat(500_000)); if (i === 3) console.log("on"); }`,
      "}",
      "void main();",
    ]);
    const child = new TalkingChild(process.execPath, [script, workspace()]);
    await child.line();
    for (let reads = 0; reads < 60; reads += 1) {
      const text = (await plans().read(TASK, "plan.md")) ?? "";
      assert.ok(text.length === 500_000 && text === text.slice(0, 1).repeat(500_000));
    }
    await child.kill();
    assert.equal((await plans().read(TASK, "plan.md"))?.length, 500_000);
    assert.deepEqual(await plans().list(TASK), ["plan.md"]);
  });

  it("says what stands in the way, and that the old text is kept", async () => {
    await plans().write(TASK, "plan.md/x", "a file where a folder is wanted later");
    await assert.rejects(plans().write(TASK, "plan.md", "x"), (error) => {
      return CountersignError.is(error, "io") && /plan\.md could not be written.*is kept/.test(error.message);
    });
    assert.deepEqual(readdirSync(path.join(workspace(), TASK_FOLDER)), ["plan.md"]);
    await assert.rejects(plans().write(TASK, "plan.md/x/y", "x"), (error) => CountersignError.is(error, "io"));
  });
});
