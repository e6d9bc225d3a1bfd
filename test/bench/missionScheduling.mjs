// How well a pool of ten workers uses its time on missions of a hundred tasks, what a claim costs, and what it costs to
// find out that a block of context was seen before. Most of it in simulated time or processor time, so that a machine
// which has other things to do gives the same answers.
import { loadavg } from "node:os";
import { bundle } from "./bundle.mjs";
import { measuredProcess } from "./measuredProcess.mjs";
import { percentile } from "./statistics.mjs";

const NAMES = {
  worst: "mission-scheduling makespan, worst of 100",
  mean: "mission-scheduling makespan, mean of 100",
  timed: "mission-scheduling makespan, real time",
  idle: "mission-scheduling idle while ready, worst",
  idleTimed: "mission-scheduling idle while ready, real time",
  races: "mission-scheduling lost races",
  claim: "mission-scheduling claim p99",
  deduplication: "mission-scheduling deduplication, mean",
  deduplicationTimed: "mission-scheduling deduplication, p50 in real time",
};

export const missionSchedulingBench = {
  names: Object.values(NAMES),
  needsPeer: false,
  async run() {
    const { stdout } = await measuredProcess([await bundle("missionSchedulingProgram")], { cwd: process.cwd(), env: process.env });
    const { simulated, timed, claims, races, blocks } = JSON.parse(stdout);
    const levels = { peerName: "batches by level" };
    const files = { peerName: "lock files" };
    const hash = { peerName: "SHA-256 alone" };
    const load = `at a load of ${loadavg()[0].toFixed(1)}`;
    return [
      { name: NAMES.worst, unit: "× least", ...beside(simulated, "batches", (all) => worst(all, "ratio")), target: 1.05, ...levels, note: "least: max(longest path, work / workers)" },
      { name: NAMES.mean, unit: "× least", ...beside(simulated, "first come", (all) => mean(all, "ratio")), target: 1.05, peerName: "first come" },
      { name: NAMES.timed, unit: "× least", ...beside(timed, "batches", (all) => worst(all, "ratio")), target: 1.05, ...levels, note: load },
      { name: NAMES.idle, unit: "%", ...beside(simulated, "batches", (all) => 100 * worst(all, "idleWhileReady")), target: 5, ...levels },
      { name: NAMES.idleTimed, unit: "%", ...beside(timed, "batches", (all) => 100 * worst(all, "idleWhileReady")), target: 5, ...levels, note: load },
      { name: NAMES.races, unit: "%", value: 100 * worst(timed["longest path"], "conflicts"), target: 1, peer: 100 * races, peerName: "optimistic locks", note: "ten processes that each know what is ready" },
      { name: NAMES.claim, unit: "ms", value: percentile(claims.queue, 0.99), target: 5, peer: percentile(claims.lockFiles, 0.99), ...files, note: "2,000 tasks ready" },
      { name: NAMES.deduplication, unit: "CPU ms", value: blocks.deduplicate.meanCpuMs, target: 1, peer: blocks.hash.meanCpuMs, ...hash, note: "a block of 8 KB of log lines" },
      { name: NAMES.deduplicationTimed, unit: "ms", value: percentile(blocks.deduplicate.times, 0.5), target: 1, peer: percentile(blocks.hash.times, 0.5), ...hash, note: load },
    ];
  },
};

function beside(missions, peer, figure) {
  return { value: figure(missions["longest path"]), peer: figure(missions[peer]) };
}

function worst(all, key) {
  return Math.max(...all.map((figures) => figures[key]));
}

function mean(all, key) {
  return all.reduce((sum, figures) => sum + figures[key], 0) / all.length;
}
