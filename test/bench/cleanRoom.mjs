// Clean rooms of a project with 300 MB of dependencies: the first installs them, the second gets them from the cache.
// The dependencies are made up, by a program that stands in for npm, so that no network is measured.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundle } from "./bundle.mjs";
import { measuredProcess } from "./measuredProcess.mjs";
import { median } from "./statistics.mjs";

const PACKAGES = 200;
const FILES_A_PACKAGE = 100;
const FILE_BYTES = 15_000;
/** The second of them is ready in seconds. */
const TARGET_S = 5;
/** Where copying itself is slow, a clean room may cost little more than that. */
const RATIO_TARGET = 1.3;
const ROOMS = 6;

export const cleanRoomBench = {
  names: ["clean room 1", "clean room 2"],
  needsPeer: false,
  async run() {
    const root = mkdtempSync(path.join(realpathSync(tmpdir()), "countersign-bench-rooms-"));
    try {
      const repo = makeProject(root);
      const bin = makeNpm(root);
      const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
      const program = await bundle("cleanRoomProgram");
      const { stdout } = await measuredProcess([program, repo, path.join(root, "cache"), String(ROOMS)], { cwd: root, env, timeoutMs: 600_000 });
      return rowsOf(JSON.parse(stdout));
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
};

function rowsOf([first, ...later]) {
  const files = PACKAGES * FILES_A_PACKAGE;
  for (const room of [first, ...later]) {
    if (room.files < files) throw new Error(`a clean room has ${room.files} of ${files} files of its dependencies`);
  }
  if (first.cached[0] !== false || later.some(({ cached }) => cached[0] !== true)) throw new Error("the set-up cache was not used as expected");
  const size = `${files.toLocaleString("en")} files, ${(files * FILE_BYTES) / 1e6} MB`;
  const second = median(later.map(({ ms }) => ms)) / 1000;
  const copy = median(later.map(({ copyMs }) => copyMs)) / 1000;
  const note = "from the cache";
  return [
    { name: "clean room 1", unit: "s", value: first.ms / 1000, note: `${size}: set-up and filling the cache` },
    { name: "clean room 2", unit: "s", value: second, peer: copy, peerName: "cp -a", target: TARGET_S, ratioTarget: RATIO_TARGET, note },
  ];
}

function makeProject(root) {
  const repo = path.join(root, "project");
  mkdirSync(repo);
  const manifest = { name: "project", version: "1.0.0", dependencies: { "package-0": "1.0.0" } };
  const packages = { "": manifest, "node_modules/package-0": { version: "1.0.0" } };
  writeFileSync(path.join(repo, "package.json"), JSON.stringify(manifest));
  writeFileSync(path.join(repo, "package-lock.json"), JSON.stringify({ name: "project", version: "1.0.0", lockfileVersion: 3, packages }));
  writeFileSync(path.join(repo, ".gitignore"), "node_modules/\n");
  const git = (...args) => execFileSync("git", ["-C", repo, ...args], { stdio: "ignore" });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("-c", "user.name=Bench", "-c", "user.email=bench@localhost", "commit", "--quiet", "--message=project");
  return repo;
}

function makeNpm(root) {
  const bin = path.join(root, "bin");
  mkdirSync(bin);
  const lines = [
    "#!/usr/bin/env node",
    'const { mkdirSync, writeFileSync } = require("node:fs");',
    `const bytes = require("node:crypto").randomBytes(${FILE_BYTES});`,
    `for (let p = 0; p < ${PACKAGES}; p += 1) {`,
    "  mkdirSync(`node_modules/package-${p}/lib`, { recursive: true });",
    `  for (let f = 0; f < ${FILES_A_PACKAGE}; f += 1) {`,
    "    bytes.writeUInt32LE(p * 1000 + f);",
    "    writeFileSync(`node_modules/package-${p}/lib/file${f}.js`, bytes);",
    "  }",
    "}",
  ];
  writeFileSync(path.join(bin, "npm"), `${lines.join("\n")}\n`);
  chmodSync(path.join(bin, "npm"), 0o755);
  return bin;
}
