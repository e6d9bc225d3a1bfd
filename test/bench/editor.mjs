// Figures of the extension in a real VS Code, as packed and installed. The peer of what VS Code takes part in is an empty
// extension in the same window: on a slow machine the ratio says the same.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { missingForEditorTests, preparedEditor, run } from "../../scripts/editorTests.mjs";
import { packageExtension } from "../../scripts/package.mjs";
import { bundle } from "./bundle.mjs";
import { median } from "./statistics.mjs";

const PEER = { peerName: "empty extension", ratioTarget: 1.5 };
const ROWS = {
  "editor vsix": { unit: "MB", target: 1.5 },
  "editor load": { unit: "ms", target: 60, note: "require of the extension's bundle, cold" },
  "editor load all": { unit: "ms", note: "and of the engine's, loaded with the first folder" },
  "editor activation": { unit: "ms", target: 30, ...PEER },
  "editor dashboard paint": { unit: "ms", target: 300, ...PEER, note: "until a task's state can be read" },
  "editor dashboard cold": { unit: "ms", target: 300, ...PEER, note: "the same before anything else of the extension was used" },
  "editor longest block": { unit: "ms", target: 50, peerName: "idle", ratioTarget: 1.5 },
  "editor memory growth": { unit: "MB" },
};

export const editorBench = {
  names: Object.keys(ROWS),
  needsPeer: false,
  async run({ runs, progress }) {
    const missing = missingForEditorTests();
    if (missing.length > 0) return Object.keys(ROWS).map((name) => ({ name, ...ROWS[name], note: missing.join(" ") }));
    const folder = mkdtempSync(path.join(realpathSync(tmpdir()), "countersign bench "));
    try {
      progress("packing the extension");
      const vsix = path.join(folder, "countersign.vsix");
      const { bytes } = await packageExtension(vsix);
      const editor = preparedEditor({ vsix, extensions: path.join(folder, "extensions") });
      return [row("editor vsix", [bytes / 1e6]), ...loads(editor, runs, progress), ...(await windows(editor, { folder, runs, progress }))];
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

function loads({ node, extensions }, runs, progress) {
  const dist = path.join(extensions, readdirSync(extensions).find((name) => name.startsWith("countersign.countersign-")), "dist");
  return [
    ["editor load", ["extension.cjs"]],
    ["editor load all", ["extension.cjs", "desk.cjs"]],
  ].map(([name, files]) => {
    const values = Array.from({ length: runs }, (_, index) => {
      progress(`${name} ${index + 1} of ${runs}`);
      const { status, stdout, stderr } = spawnSync(node, [path.join(import.meta.dirname, "loadProbe.cjs"), ...files.map((file) => path.join(dist, file))], { encoding: "utf8" });
      if (status !== 0) throw new Error(`${files.join(", ")} could not be loaded:\n${stderr}`);
      return JSON.parse(stdout);
    });
    return timeRow(name, values);
  });
}

/** A window takes ten seconds and more, so there are at most seven of them; every other one without a task. */
async function windows(editor, { folder, runs, progress }) {
  progress("figures of VS Code's windows");
  const [program, probe] = [await bundle("editorBench"), await bundle("editorProbe")];
  const out = path.join(folder, "figures.ndjson");
  mkdirSync(path.join(folder, "windows"));
  const request = { probe, out, folder: path.join(folder, "windows"), windows: Math.min(Math.max(runs, 2), 7) };
  if (run([program, JSON.stringify(request)], editor, folder) !== 0) throw new Error("the windows could not be measured; see above");
  const figures = readFileSync(out, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
  const all = (figure, key) => figures.filter((line) => line.figure === figure).map((line) => line[key]);
  const paints = (panel, hasTask) => figures.filter((line) => line.figure === "paint" && line.panel === panel && line.hasTask === hasTask).map(({ ms }) => ms);
  const [busy, heap, events] = ["busy", "heap", "events"].map((figure) => figures.find((line) => line.figure === figure));
  const rate = Math.round(events.count / busy.seconds);
  return [
    timeRow("editor activation", figures.filter((line) => line.figure === "activation"), {
      peer: median(all("emptyActivation", "ms")),
      note: `${median(all("activation", "cpuMs")).toFixed(0)} ms of processor time, ${median(all("activation", "loadingCpuMs")).toFixed(0)} ms of them to load the bundle`,
    }),
    row("editor dashboard paint", paints("dashboard", true), { peer: median(paints("empty", true)) }),
    row("editor dashboard cold", paints("dashboard", false), { peer: median(paints("empty", false)) }),
    row("editor longest block", [busy.longestMs], { peer: all("idle", "longestMs")[0], note: `${rate} events a second; 99 % of turns of the event loop below ${busy.p99Ms.toFixed(1)} ms` }),
    row("editor memory growth", [heap.afterMb - heap.earlyMb], { note: `of ${heap.earlyMb.toFixed(0)} MB, over a task of ${events.count.toLocaleString("en")} events` }),
  ];
}

/** Of times as `{ ms, cpuMs }`. On a busy machine only the processor's time says something. */
function timeRow(name, times, more) {
  const cpu = `${median(times.map(({ cpuMs }) => cpuMs)).toFixed(0)} ms of processor time`;
  const { note } = ROWS[name];
  return row(name, times.map(({ ms }) => ms), { note: note === undefined ? cpu : `${cpu}; ${note}`, ...more });
}

function row(name, values, more = {}) {
  return { name, ...ROWS[name], value: median(values), values, ...more };
}
