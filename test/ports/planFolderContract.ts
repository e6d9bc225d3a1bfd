// What every PlanFolder must do.
import { strict as assert } from "node:assert";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { CountersignError } from "../../src/core/domain/errors";
import type { TaskId } from "../../src/core/domain/task";
import type { PlanFolder } from "../../src/core/ports/planFolder";
import { ANY_CHARACTER } from "../builders/anyCharacter";

const TASK = "add-fibonacci-7k2m" as TaskId;

export const OUTSIDE = ["../plan.md", "a/../../plan.md", "/etc/passwd", "..", "C:\\plan.md", "c:plan.md", "\\\\host\\x", "a\0b", "a\nb"];

/** `scratch` is an empty folder for sources to copy from. */
export function planFolderContract(create: () => PlanFolder, scratch: () => string): void {
  const notAllowed = (error: unknown): boolean => CountersignError.is(error, "notAllowed");

  it("reads null where nothing is, and lists nothing", async () => {
    const plans = create();
    assert.equal(await plans.read(TASK, "plan.md"), null);
    assert.equal(await plans.read(TASK, "verification/attempt-1/K1.log"), null);
    assert.deepEqual(await plans.list(TASK), []);
  });

  it("reads what was written last, whole", async () => {
    const plans = create();
    await plans.write(TASK, "plan.md", "# A long plan\n");
    await plans.write(TASK, "plan.md", "# Plan 🙂\r\n");
    assert.equal(await plans.read(TASK, "plan.md"), "# Plan 🙂\r\n");
    await plans.write(TASK, "plan.md", "");
    assert.equal(await plans.read(TASK, "plan.md"), "");
  });

  it("appends in order, to a new file too", async () => {
    const plans = create();
    await plans.append(TASK, "execution-log.md", "one\n");
    await plans.append(TASK, "execution-log.md", "two\n");
    assert.equal(await plans.read(TASK, "execution-log.md"), "one\ntwo\n");
  });

  it("creates folders, and lists files below the task's, relative and sorted", async () => {
    const plans = create();
    for (const file of ["qa-report.md", "verification/attempt-2/K1.log", "verification/attempt-10/K1.log", "deliverables/a/b.csv"]) {
      await plans.write(TASK, file, "x");
    }
    await plans.write("other-0000" as TaskId, "plan.md", "x");
    assert.deepEqual(await plans.list(TASK), [
      "deliverables/a/b.csv",
      "qa-report.md",
      "verification/attempt-10/K1.log",
      "verification/attempt-2/K1.log",
    ]);
  });

  it("gives absolute paths below the task's folder", () => {
    const plans = create();
    const root = plans.pathOf(TASK);
    assert.ok(path.isAbsolute(root) && path.basename(root) === TASK);
    assert.equal(plans.pathOf(TASK, "verification/attempt-1/K1.log"), path.join(root, "verification/attempt-1/K1.log"));
  });

  for (const file of OUTSIDE) {
    it(`refuses ${JSON.stringify(file)}`, async () => {
      const plans = create();
      assert.throws(() => plans.pathOf(TASK, file), notAllowed);
      await assert.rejects(plans.write(TASK, file, "x"), notAllowed);
      await assert.rejects(plans.append(TASK, file, "x"), notAllowed);
      await assert.rejects(plans.read(TASK, file), notAllowed);
    });
  }

  for (const task of ["..", ".", "", "a/b", "../../x", "/etc", "a\0"]) {
    it(`refuses ${JSON.stringify(task)} for a task`, async () => {
      assert.throws(() => create().pathOf(task as TaskId), notAllowed);
      await assert.rejects(create().list(task as TaskId), notAllowed);
    });
  }

  it("never leads outside the task's folder, whatever the path (property)", () => {
    const plans = create();
    const root = plans.pathOf(TASK);
    const part = fc.oneof(fc.constantFrom("..", ".", "", "a", "~", "C:", "\\", "a b", "…", ".countersign"), fc.string({ unit: ANY_CHARACTER }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const file = parts.join("/");
        try {
          const place = plans.pathOf(TASK, file);
          const relative = path.relative(root, path.resolve(place));
          assert.ok(!relative.startsWith("..") && !path.isAbsolute(relative), place);
        } catch (error) {
          assert.ok(notAllowed(error), String(error));
        }
      }),
    );
  });

  it("copies a folder's files in, and says which; a missing folder is empty", async () => {
    const [plans, source] = [create(), path.join(scratch(), "deliverables")];
    assert.deepEqual(await plans.copyIn(TASK, source, "deliverables"), []);
    mkdirSync(path.join(source, "sub"), { recursive: true });
    writeFileSync(path.join(source, "report.md"), "# Report\n");
    writeFileSync(path.join(source, "sub/data.csv"), "1;2\n");
    symlinkSync("/etc/hostname", path.join(source, "link.md"));
    symlinkSync("/etc", path.join(source, "linked"));
    assert.deepEqual(await plans.copyIn(TASK, source, "deliverables"), ["deliverables/report.md", "deliverables/sub/data.csv"]);
    assert.deepEqual(await plans.list(TASK), ["deliverables/report.md", "deliverables/sub/data.csv"]);
    assert.equal(await plans.read(TASK, "deliverables/sub/data.csv"), "1;2\n");
    await assert.rejects(plans.copyIn(TASK, source, "../elsewhere"), notAllowed);
  });
}
