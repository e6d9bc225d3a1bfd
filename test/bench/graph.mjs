// The knowledge graph of 5,000 files: what indexing them takes, a look at them when nothing has changed, and a ranked search;
// beside it a search that counts the words in every file's text, which it has in memory.
import { bundle } from "./bundle.mjs";
import { measuredProcess } from "./measuredProcess.mjs";
import { percentile } from "./statistics.mjs";

const FILES = 5_000;
const INDEX_TARGET_S = 5;
/** On a slower machine, or one that does other things: so many times what reading the files and counting their words takes. */
const INDEX_RATIO = 4;
const SEARCH_TARGET_MS = 30;
/** The same for a search, in times of one without an index. */
const SEARCH_RATIO = 0.25;

export const graphBench = {
  names: ["graph index", "graph look", "graph open", "graph search p50", "graph search p99"],
  needsPeer: false,
  async run() {
    const { stdout, peakBytes } = await measuredProcess([await bundle("graphProgram")], { cwd: process.cwd(), env: process.env, timeoutMs: 600_000 });
    const { files, countMs, cpuMs, indexMs, againMs, reopenMs, searches, scans } = JSON.parse(stdout);
    if (files !== FILES) throw new Error(`the graph has ${files} of ${FILES} files`);
    const scan = { peerName: "scan", target: SEARCH_TARGET_MS, ratioTarget: SEARCH_RATIO };
    return [
      { name: "graph index", unit: "s", value: indexMs / 1000, target: INDEX_TARGET_S, peer: countMs / 1000, peerName: "count words", ratioTarget: INDEX_RATIO, note: `${FILES.toLocaleString("en")} files, 50,000 functions, ${(cpuMs / 1000).toFixed(1)} s of processor time${peakBytes === null ? "" : `, ${Math.round(peakBytes / 1e6)} MB`}` },
      { name: "graph look", unit: "ms", value: againMs, note: "nothing has changed" },
      { name: "graph open", unit: "ms", value: reopenMs, note: "from its file, with the search index made anew and a look" },
      { name: "graph search p50", unit: "ms", value: percentile(searches, 0.5), peer: percentile(scans, 0.5), ...scan, note: `of ${searches.length}, three words each` },
      { name: "graph search p99", unit: "ms", value: percentile(searches, 0.99), peer: percentile(scans, 0.99), ...scan },
    ];
  },
};
