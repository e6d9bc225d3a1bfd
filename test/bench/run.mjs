// `npm run bench`: measures Countersign, side by side with pi where pi does the same, and says which targets are met.
//   npm run bench                        everything
//   npm run bench -- gap journal         only rows whose name contains one of these
//   npm run bench -- --runs 11           runs of each client (default 7); the median counts
//   npm run bench -- --pause 50          let the model seem to think, in ms a response (default 0)
//   npm run bench -- --json FILE         write the rows to a file too
//   npm run bench -- thirdparty          no row: the main job on an npm package's source; see thirdParty.mjs
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { setup } from "../../scripts/setup.mjs";
import { cleanRoomBench } from "./cleanRoom.mjs";
import { peerIsInstalled } from "./clients.mjs";
import { editorBench } from "./editor.mjs";
import { graphBench } from "./graph.mjs";
import { journalBench } from "./journal.mjs";
import { missionSchedulingBench } from "./missionScheduling.mjs";
import { sampleBench } from "./sample.mjs";
import { sandboxBench } from "./sandbox.mjs";
import { sessionBench } from "./session.mjs";
import { printTable } from "./table.mjs";

const BENCHES = [sessionBench, sampleBench, journalBench, cleanRoomBench, sandboxBench, graphBench, missionSchedulingBench, editorBench];

const { values: options, positionals: filters } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "7" },
    pause: { type: "string", default: "0" },
    json: { type: "string" },
    keep: { type: "boolean", default: false },
  },
});
if (filters.includes("thirdparty")) {
  await import("./thirdParty.mjs");
  process.exit();
}

const wanted = (name) => filters.length === 0 || filters.some((filter) => name.includes(filter));
const benches = BENCHES.filter(({ names }) => names.some(wanted));
if (benches.length === 0) fail(`there is no row like ${filters.join(", ")}. Rows: ${BENCHES.flatMap(({ names }) => names).join(", ")}`);
const runs = numberOf("runs", 1);
const pauseMs = numberOf("pause", 0);

await setup();
if (benches.some(({ needsPeer }) => needsPeer) && !peerIsInstalled()) installPeer();
const rows = [];
for (const bench of benches) rows.push(...(await bench.run({ runs, pauseMs, progress })));
progress("");
const shown = rows.filter(({ name }) => wanted(name));
console.log(`Node.js ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${Math.round(totalmem() / 1e9)} GB`);
printTable(shown);
if (options.json !== undefined) writeFileSync(path.resolve(process.env.INIT_CWD ?? "", options.json), `${JSON.stringify(shown, null, 2)}\n`);

function numberOf(name, least) {
  const value = Number(options[name]);
  if (!Number.isInteger(value) || value < least) fail(`--${name} is a whole number from ${least}, not "${options[name]}"`);
  return value;
}

function installPeer() {
  console.error("bench: installing what is compared with (npm ci in test/bench)");
  // Nothing that is only measured needs to run anything when it is installed.
  const { status } = spawnSync("npm ci --ignore-scripts --no-audit --no-fund", {
    cwd: import.meta.dirname,
    shell: true,
    stdio: ["ignore", process.stderr, "inherit"],
  });
  if (status !== 0) fail("npm ci failed; see its output above");
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

function fail(message) {
  console.error(`bench: ${message}`);
  process.exit(1);
}
