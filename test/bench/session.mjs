// The session that Countersign and pi both run: twenty turns, each reading one file, then a final text. They take
// turns, so that whatever else the machine does falls on both.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { bill } from "./billing.mjs";
import { countersign, pi } from "./clients.mjs";
import { startFakeApi } from "./fakeApi.mjs";
import { measuredProcess } from "./measuredProcess.mjs";
import { median } from "./statistics.mjs";

const FILES = 20;
const LINES = 60;
const WIDTH = 60;
const PROMPT = `Read file1.txt to file${FILES}.txt, one after another, then say that you are done.`;

/** Targets, and pi's figures on the machine they were set on: what they amount to on another one is their ratio. */
const FIGURES = [
  { name: "gap", unit: "ms", target: 2, peerThen: 3.8, of: (run) => run.gapMs },
  { name: "first request", unit: "ms", target: 300, peerThen: 736, of: (run) => run.firstMs },
  { name: "billed", unit: "tokens", target: null, peerThen: null, of: (run) => run.billed },
  { name: "memory", unit: "MB", target: 130, peerThen: 185, of: (run) => run.peakMb },
];

export const sessionBench = {
  names: FIGURES.map(({ name }) => name),
  needsPeer: true,
  async run({ runs, pauseMs, progress }) {
    const results = { countersign: [], pi: [] };
    // The first run of each reads the program from a cold disk.
    for (let round = 0; round <= runs; round += 1) {
      for (const client of [countersign, pi]) {
        const result = await oneRun(client, pauseMs);
        if (round > 0) results[client.name].push(result);
        progress(`${client.name} ${round === 0 ? "warm-up" : `run ${round} of ${runs}`}`);
      }
    }
    return FIGURES.map((figure) => rowOf(figure, results));
  },
};

function rowOf({ name, unit, target, peerThen, of }, results) {
  const values = results.countersign.map(of);
  const peers = results.pi.map(of);
  const known = [...values, ...peers].every((value) => value !== null);
  if (!known) return { name, unit, note: "this system does not tell" };
  const peer = median(peers);
  return { name, unit, value: median(values), values, peer, peers, target: target ?? peer, ratioTarget: peerThen === null ? 1 : target / peerThen };
}

async function oneRun(client, pauseMs) {
  const root = mkdtempSync(path.join(realpathSync(tmpdir()), "countersign-bench-"));
  const repo = path.join(root, "repo");
  const home = path.join(root, "home");
  mkdirSync(home);
  makeRepository(repo);
  const api = await startFakeApi({ turns: FILES, toolCall: (turn) => client.toolCall(`file${turn}.txt`), pauseMs });
  try {
    const { args, env } = client.prepare({ prompt: PROMPT, home, url: api.url });
    const base = { PATH: process.env.PATH, HOME: home, NO_COLOR: "1", ANTHROPIC_API_KEY: "sk-no-key" };
    const process_ = await measuredProcess(args, { cwd: repo, env: { ...base, ...env } });
    return figuresOf(client, api.requests, process_);
  } finally {
    await api.close();
    rmSync(root, { recursive: true, force: true });
  }
}

function figuresOf(client, requests, { startedAt, peakBytes, wallMs }) {
  const bodies = requests.map(({ body }) => body);
  assertWholeSession(client, bodies);
  const gaps = requests.slice(1).map(({ arrival }, index) => arrival - requests[index].responseEnd);
  return {
    gapMs: median(gaps),
    firstMs: requests[0].arrival - startedAt,
    wallMs,
    ...bill(bodies),
    peakMb: peakBytes === null ? null : peakBytes / 1e6,
  };
}

/** A client that skipped the work would win every figure. */
function assertWholeSession(client, bodies) {
  if (bodies.length !== FILES + 1) throw new Error(`${client.name} made ${bodies.length} requests instead of ${FILES + 1}`);
  const last = JSON.stringify(bodies.at(-1).messages);
  for (let file = 1; file <= FILES; file += 1) {
    for (const line of [1, LINES]) {
      if (!last.includes(lineOf(file, line))) throw new Error(`${client.name} did not send line ${line} of file${file}.txt`);
    }
  }
}

function makeRepository(folder) {
  mkdirSync(folder);
  for (let file = 1; file <= FILES; file += 1) {
    const lines = Array.from({ length: LINES }, (_, index) => lineOf(file, index + 1));
    writeFileSync(path.join(folder, `file${file}.txt`), `${lines.join("\n")}\n`);
  }
  const git = (...args) => execFileSync("git", ["-C", folder, ...args], { stdio: "ignore" });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("-c", "user.name=Bench", "-c", "user.email=bench@localhost", "commit", "--quiet", "--message=files");
}

function lineOf(file, line) {
  return `line ${line} of file ${file}: `.padEnd(WIDTH, "lorem ipsum dolor sit amet, consectetur adipiscing elit ");
}
