// What every ProjectSetup must do with a project whose set-up works, and with one whose set-up fails.
import { strict as assert } from "node:assert";
import { CountersignError } from "../../src/core/domain/errors";
import type { ProjectSetup } from "../../src/core/ports/workspace";
import { filesOnDisk } from "../builders/repoBuilder";

export interface SetupCases {
  readonly setup: ProjectSetup;
  /** A fresh checkout of a project that needs exactly one command. */
  readonly checkout: () => string;
  /** A fresh checkout whose set-up command fails and prints `because of this`. */
  readonly failing: () => string;
  /** A fresh checkout of a project that needs none. */
  readonly plain: () => string;
}

const NEVER = new AbortController().signal;

export function projectSetupContract(create: () => SetupCases): void {
  it("detects without changing or running anything", async () => {
    const { setup, checkout } = create();
    const dir = checkout();
    const before = filesOnDisk(dir);
    const found = await setup.detect(dir);
    assert.equal(found.length, 1);
    assert.deepEqual(filesOnDisk(dir), before);
    assert.deepEqual(await setup.detect(dir), found);
  });

  it("runs what it detected, and clones the same into the next checkout", async () => {
    const { setup, checkout } = create();
    const [first, second] = [checkout(), checkout()];
    const [found] = await setup.detect(first);
    const [ran] = await setup.prepare(first, NEVER);
    assert.deepEqual({ ...ran, durationMs: 0 }, { ...found, cached: false, exitCode: 0, durationMs: 0 });
    const [cloned] = await setup.prepare(second, NEVER);
    assert.deepEqual({ ...cloned, durationMs: 0 }, { ...found, cached: true, exitCode: null, durationMs: 0 });
    assert.deepEqual(filesOnDisk(second), filesOnDisk(first));
  });

  it("may be called again for the same checkout", async () => {
    const { setup, checkout } = create();
    const dir = checkout();
    await setup.prepare(dir, NEVER);
    const prepared = filesOnDisk(dir);
    await setup.prepare(dir, NEVER);
    assert.deepEqual(filesOnDisk(dir), prepared);
  });

  it("does nothing where nothing is needed", async () => {
    const { setup, plain } = create();
    const dir = plain();
    assert.deepEqual(await setup.detect(dir), []);
    assert.deepEqual(await setup.prepare(dir, NEVER), []);
  });

  it("rejects with the command and the end of its output, and does not keep the result", async () => {
    const { setup, failing } = create();
    const dir = failing();
    const [found] = await setup.detect(dir);
    const failed = (error: unknown): boolean =>
      CountersignError.is(error, "setup") &&
      error.message.includes(found?.command ?? "?") &&
      error.message.includes("because of this");
    await assert.rejects(setup.prepare(dir, NEVER), failed);
    await assert.rejects(setup.prepare(failing(), NEVER), failed);
  });

  it("can be cancelled", async () => {
    const { setup, checkout } = create();
    const cancelled = new AbortController();
    cancelled.abort();
    await assert.rejects(setup.prepare(checkout(), cancelled.signal), (error) =>
      CountersignError.is(error, "cancelled"),
    );
  });
}
