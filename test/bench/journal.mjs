// What the journal costs: an event's append, and an append that waits for the disk.
import { bundle } from "./bundle.mjs";
import { measuredProcess } from "./measuredProcess.mjs";
import { percentile } from "./statistics.mjs";

export const journalBench = {
  names: ["journal append p50", "journal append p99", "journal commit p50", "journal commit p99"],
  needsPeer: false,
  async run() {
    const { stdout } = await measuredProcess([await bundle("journalProgram")], { cwd: process.cwd(), env: process.env });
    const { appends, commits } = JSON.parse(stdout);
    return [
      { name: "journal append p50", unit: "ms", value: percentile(appends, 0.5) },
      { name: "journal append p99", unit: "ms", value: percentile(appends, 0.99) },
      { name: "journal commit p50", unit: "ms", value: percentile(commits, 0.5), note: "with its fsync" },
      { name: "journal commit p99", unit: "ms", value: percentile(commits, 0.99), note: "with its fsync" },
    ];
  },
};
