// The bundled sample, as `npm start` runs it once everything is set up.
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CLI } from "./clients.mjs";
import { measuredProcess } from "./measuredProcess.mjs";
import { median } from "./statistics.mjs";

const RUNS = 3;
const TARGET_S = 15;

export const sampleBench = {
  names: ["sample"],
  needsPeer: false,
  async run({ progress }) {
    const seconds = [];
    for (let run = 1; run <= RUNS; run += 1) {
      seconds.push(await oneRun());
      progress(`sample ${run} of ${RUNS}`);
    }
    return [{ name: "sample", unit: "s", value: median(seconds), values: seconds, target: TARGET_S, note: "PREP, two attempts" }];
  },
};

async function oneRun() {
  const root = mkdtempSync(path.join(realpathSync(tmpdir()), "countersign-bench-sample-"));
  const env = { ...process.env, COUNTERSIGN_CACHE_DIR: path.join(root, "cache") };
  try {
    const { wallMs, stdout } = await measuredProcess([CLI, "sample", "--keep", path.join(root, "tally"), "--json"], { cwd: root, env });
    if (!stdout.includes('"kind":"taskPassed"')) throw new Error("the sample did not pass");
    return wallMs / 1000;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
