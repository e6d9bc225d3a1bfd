import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ProcessCommandRunner } from "../../src/adapters/process/processCommandRunner";
import { LockFileSetup } from "../../src/adapters/setup/lockFileSetup";
import { tempFolder } from "../builders/tempFolder";
import { ActingCommandRunner } from "../fakes/actingCommandRunner";
import { RecordingLogger } from "../fakes/recordingLogger";
import { projectSetupContract, type SetupCases } from "./projectSetupContract";

/** Fresh copies of a project made once. */
function copies(folder: string, name: string, make: (dir: string) => void): () => string {
  const original = path.join(folder, name);
  mkdirSync(original, { recursive: true });
  make(original);
  let count = 0;
  return () => {
    const dir = path.join(folder, `${name}-${++count}`);
    cpSync(original, dir, { recursive: true });
    return dir;
  };
}

const write = (dir: string, files: Readonly<Record<string, unknown>>): void => {
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(path.join(dir, file), typeof content === "string" ? content : JSON.stringify(content));
  }
};

describe("LockFileSetup", () => {
  const folder = tempFolder();

  describe("with acted commands", () => {
    projectSetupContract((): SetupCases => {
      const commands = new ActingCommandRunner({
        "node --version": () => ({ output: "v20.0.0\n" }),
        "yarn install --immutable": (cwd) => {
          mkdirSync(path.join(cwd, "node_modules/x"), { recursive: true });
          writeFileSync(path.join(cwd, "node_modules/x/index.js"), "x");
        },
        "pnpm install --frozen-lockfile --config.package-import-method=clone-or-copy": () => ({
          exitCode: 1,
          output: "because of this\n",
        }),
      });
      return {
        setup: new LockFileSetup({ cacheDir: path.join(folder(), "cache"), commands, logger: new RecordingLogger() }),
        checkout: copies(folder(), "good", (dir) => write(dir, { "package.json": {}, "yarn.lock": "__metadata:\n" })),
        failing: copies(folder(), "bad", (dir) =>
          write(dir, { "package.json": {}, "pnpm-lock.yaml": "lockfileVersion: 9\n" }),
        ),
        plain: copies(folder(), "plain", (dir) =>
          write(dir, { "package.json": { dependencies: {} }, "README.md": "" }),
        ),
      };
    });
  });

  // A dependency that lies in the project itself as a package file: real npm, no network.
  describe("with npm itself", function () {
    this.timeout(60_000);
    projectSetupContract((): SetupCases => {
      const commands = new ProcessCommandRunner({ environment: process.env, logger: new RecordingLogger() });
      const npm = (dir: string, ...args: readonly string[]): void => {
        execFileSync("npm", args, { cwd: dir, stdio: "ignore" });
      };
      const project = (dir: string, scripts: Readonly<Record<string, string>>): void => {
        const dependency = path.join(dir, "dependency");
        mkdirSync(dependency);
        write(dependency, {
          "package.json": { name: "dependency", version: "1.0.0", bin: "cli.js", scripts },
          "cli.js": "#!/usr/bin/env node\n",
        });
        npm(dependency, "pack", "--pack-destination", dir);
        write(dir, {
          "package.json": {
            name: "project",
            version: "1.0.0",
            dependencies: { dependency: "file:dependency-1.0.0.tgz" },
          },
        });
        npm(dir, "install", "--package-lock-only", "--offline", "--ignore-scripts");
      };
      return {
        setup: new LockFileSetup({ cacheDir: path.join(folder(), "cache"), commands, logger: new RecordingLogger() }),
        checkout: copies(folder(), "good", (dir) => project(dir, {})),
        failing: copies(folder(), "bad", (dir) => project(dir, { install: "echo because of this && exit 3" })),
        plain: copies(folder(), "plain", (dir) => {
          write(dir, { "package.json": { name: "plain", version: "1.0.0" } });
          npm(dir, "install", "--package-lock-only", "--offline");
        }),
      };
    });
  });
});
