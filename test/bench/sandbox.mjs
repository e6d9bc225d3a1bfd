// What the sandbox costs a command: `true` in a worktree, with it and without.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundle } from "./bundle.mjs";
import { measuredProcess } from "./measuredProcess.mjs";
import { median } from "./statistics.mjs";

const COMMANDS = 60;
/** An agent runs tens of commands: together they may cost a second or two. */
const TARGET_MS = 40;
/** Where starting anything is slow. */
const RATIO_TARGET = 3;

export const sandboxBench = {
  names: ["sandboxed command"],
  needsPeer: false,
  async run() {
    const root = mkdtempSync(path.join(realpathSync(tmpdir()), "countersign-bench-sandbox-"));
    try {
      const repo = path.join(root, "project");
      mkdirSync(repo);
      writeFileSync(path.join(repo, "README.md"), "# Project\n");
      const git = (...args) => execFileSync("git", ["-C", repo, ...args], { stdio: "ignore" });
      git("init", "--quiet");
      git("add", "--all");
      git("-c", "user.name=Bench", "-c", "user.email=bench@localhost", "commit", "--quiet", "--message=project");
      const program = await bundle("sandboxProgram");
      const { stdout } = await measuredProcess([program, repo, path.join(root, "cache"), String(COMMANDS)], { cwd: root, env: process.env, timeoutMs: 300_000 });
      const results = JSON.parse(stdout);
      const value = median(results.map(({ confined }) => confined));
      const peer = median(results.map(({ plain }) => plain));
      return [{ name: "sandboxed command", unit: "ms", value, peer, peerName: "plain", target: TARGET_MS, ratioTarget: RATIO_TARGET, note: `\`true\`, ${COMMANDS} times each in turn` }];
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
};
