import { strict as assert } from "node:assert";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { TaskBase } from "../../src/core/domain/workspace";
import { EngineBench } from "../builders/engineBench";
import { answers, aPassingScript, aPassOfRequests, aScript, calls, reads, WRITE_HELLO, writes } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

describe("Harness.removeWorktree", function () {
  this.timeout(30_000);
  const folder = tempFolder();
  let bench: EngineBench;
  afterEach(() => bench.close());

  async function base(): Promise<TaskBase> {
    const found = (await bench.view()).base;
    assert.ok(found !== null);
    return found;
  }

  it("puts what was not committed yet onto the branch, and the next run finds it again", async () => {
    bench = await EngineBench.inReview(folder(), aPassingScript());
    const { worktree, branch } = await base();
    writeFileSync(path.join(worktree, "half-done.txt"), "not committed\n");
    await bench.harness.removeWorktree(await bench.view());
    assert.equal(existsSync(worktree), false);
    assert.equal(bench.repo.git("show", `${branch}:half-done.txt`), "not committed");

    await bench.goOnWith(aPassingScript().generator(2, calls(reads("half-done.txt"), writes("more.txt", "more\n"))).evaluator(2, answers(aPassOfRequests(1))));
    await bench.harness.requestChanges(await bench.view(), { text: "More, please.", comments: [] });
    await bench.run("passed");
    assert.equal(readFileSync(path.join(worktree, "half-done.txt"), "utf8"), "not committed\n");
    const files = (await bench.view()).attempts.at(-1)?.files.map((file) => file.path) ?? [];
    assert.deepEqual(files.toSorted(), ["greeting.txt", "half-done.txt", "more.txt"]);
  });

  it("does nothing for a task that has none, or none any more", async () => {
    bench = await EngineBench.open(folder(), aScript().singleAgent(calls(WRITE_HELLO), { text: "Done." }));
    await bench.create({ category: "DISPATCH" });
    await bench.harness.removeWorktree(await bench.view());
    await bench.run("passed");
    await bench.harness.removeWorktree(await bench.view());
    await bench.harness.removeWorktree(await bench.view());
    assert.equal(existsSync((await base()).worktree), false);
  });
});
