import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { OutputCollector } from "../../src/adapters/process/outputCollector";

describe("OutputCollector", () => {
  it("reads a command's output no faster than the disk takes it, and loses none of it", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "slow-"));
    const pipe = path.join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    // A pipe that nobody empties yet stands for a slow disk.
    const disk = createReadStream(pipe);
    const unlimited = {
      limitBytes: Number.POSITIVE_INFINITY,
      onOutput: () => {},
      onTrouble: () => assert.fail("no trouble"),
    };
    const collector = await OutputCollector.open({ outputFile: pipe, excerptBytes: 100, ...unlimited });
    const output = new PassThrough();
    collector.follow(output);
    const chunk = "x".repeat(200_000);
    output.write(chunk);
    await new Promise(setImmediate);
    assert.equal(output.isPaused(), true);
    output.end(chunk);
    const stored = text(disk);
    await new Promise((resolve) => output.on("end", resolve));
    await collector.close();
    assert.equal((await stored).length, 400_000);
    assert.equal(collector.bytes, 400_000);
    await rm(folder, { recursive: true });
  });
});
