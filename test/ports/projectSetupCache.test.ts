import { strict as assert } from "node:assert";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { copyTree } from "../../src/adapters/setup/copyTree";
import { LockFileSetup } from "../../src/adapters/setup/lockFileSetup";
import { CountersignError } from "../../src/core/domain/errors";
import { filesOnDisk } from "../builders/repoBuilder";
import { tempFolder } from "../builders/tempFolder";
import { ActingCommandRunner, type Act } from "../fakes/actingCommandRunner";
import { RecordingLogger } from "../fakes/recordingLogger";

const NEVER = new AbortController().signal;
const YARN = "yarn install --immutable";
const UV = "uv sync --frozen --link-mode=copy";

const put = (file: string, text: string, mode?: number): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  if (mode !== undefined) chmodSync(file, mode);
};

/** What a package manager leaves in a workspace. */
const installPackages = (cwd: string): void => {
  put(path.join(cwd, "node_modules/x/index.js"), "x");
  put(path.join(cwd, "node_modules/x/cli.js"), "#!/usr/bin/env node\n", 0o755);
  put(path.join(cwd, "packages/a/node_modules/y/index.js"), "y");
  mkdirSync(path.join(cwd, "node_modules/.bin"));
  symlinkSync("../x/cli.js", path.join(cwd, "node_modules/.bin/x"));
  symlinkSync("../packages/a", path.join(cwd, "node_modules/a"));
};

describe("LockFileSetup's cache", () => {
  const folder = tempFolder();
  let count = 0;
  const cacheDir = (): string => path.join(folder(), "cache");
  const project = (files: Readonly<Record<string, string>>): string => {
    const dir = path.join(folder(), `p${count++}`);
    for (const [file, text] of Object.entries(files)) put(path.join(dir, file), text);
    return dir;
  };
  const node = (more: Readonly<Record<string, string>> = {}): string =>
    project({ "package.json": "{}", "yarn.lock": "__metadata:\n", "packages/a/index.js": "a", ...more });
  const setupWith = (
    acts: Readonly<Record<string, Act>>,
  ): { setup: LockFileSetup; commands: ActingCommandRunner; logger: RecordingLogger } => {
    const version = (): { output: string } => ({ output: "1" });
    const commands = new ActingCommandRunner({ "node --version": version, "python3 --version": version, ...acts });
    const logger = new RecordingLogger();
    return {
      setup: new LockFileSetup({ cacheDir: cacheDir(), commands, logger, platform: "linux" }),
      commands,
      logger,
    };
  };
  const entries = (): readonly string[] =>
    existsSync(path.join(cacheDir(), "setup")) ? readdirSync(path.join(cacheDir(), "setup")) : [];

  it("clones everything that was made, nested folders and links included, and nothing else", async () => {
    const { setup, commands } = setupWith({ [YARN]: installPackages });
    const [first, second] = [node(), node({ "packages/a/index.js": "another a" })];
    await setup.prepare(first, NEVER);
    await setup.prepare(second, NEVER);
    assert.deepEqual(filesOnDisk(second), { ...filesOnDisk(first), "packages/a/index.js": "another a" });
    assert.equal(readlinkSync(path.join(second, "node_modules/a")), "../packages/a");
    assert.equal(commands.ran.filter((command) => command === YARN).length, 1);
  });

  it("is not reached by what is done to a clone or to the checkout that filled it", async () => {
    const { setup } = setupWith({ [YARN]: installPackages });
    const [first, second, third] = [node(), node(), node()];
    await setup.prepare(first, NEVER);
    await setup.prepare(second, NEVER);
    for (const dir of [first, second]) {
      writeFileSync(path.join(dir, "node_modules/x/index.js"), "tampered with", { flag: "r+" });
      chmodSync(path.join(dir, "node_modules/x/cli.js"), 0o600);
    }
    await setup.prepare(third, NEVER);
    assert.equal(readFileSync(path.join(third, "node_modules/x/index.js"), "utf8"), "x");
    assert.equal(statSync(path.join(third, "node_modules/x/cli.js")).mode & 0o777, 0o755);
  });

  it("replaces what stands in the place of a clone", async () => {
    const { setup } = setupWith({ [YARN]: installPackages });
    await setup.prepare(node(), NEVER);
    const dir = node({ "node_modules/stale/index.js": "stale" });
    await setup.prepare(dir, NEVER);
    assert.ok(!existsSync(path.join(dir, "node_modules/stale")));
    assert.deepEqual(readdirSync(dir).toSorted(), ["node_modules", "package.json", "packages", "yarn.lock"]);
  });

  it("does not clone through a link that an attempt put in the way", async () => {
    const { setup } = setupWith({ [YARN]: installPackages });
    await setup.prepare(node(), NEVER);
    const dir = node();
    const outside = path.join(folder(), "outside");
    mkdirSync(path.join(outside, "a"), { recursive: true });
    rmSync(path.join(dir, "packages"), { recursive: true });
    symlinkSync(outside, path.join(dir, "packages"));
    await assert.rejects(
      setup.prepare(dir, NEVER),
      (error) => CountersignError.is(error, "setup") && /packages/.test(error.message),
    );
    assert.deepEqual(filesOnDisk(outside), {});
  });

  it("makes what depends on the sources anew: only packages are cloned, the project's own scripts run", async () => {
    const build: Act = (cwd) => {
      if (!existsSync(path.join(cwd, "node_modules"))) installPackages(cwd);
      put(path.join(cwd, "dist/built.js"), `built from ${readFileSync(path.join(cwd, "packages/a/index.js"), "utf8")}`);
    };
    const { setup, commands } = setupWith({ [YARN]: build });
    const scripts = { "package.json": JSON.stringify({ scripts: { postinstall: "make" } }) };
    await setup.prepare(node(scripts), NEVER);
    const dir = node({ ...scripts, "packages/a/index.js": "changed sources" });
    const [step] = await setup.prepare(dir, NEVER);
    assert.equal(readFileSync(path.join(dir, "dist/built.js"), "utf8"), "built from changed sources");
    assert.equal(step?.cached, false);
    assert.equal(commands.ran.filter((command) => command === YARN).length, 2);
    assert.equal(readFileSync(path.join(dir, "node_modules/x/index.js"), "utf8"), "x");
  });

  it("does the work once for two that come at once", async () => {
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    const slow: Act = async (cwd) => {
      await gate;
      installPackages(cwd);
    };
    const { setup, commands } = setupWith({ [YARN]: slow });
    const dirs = [node(), node(), node()];
    const all = Promise.all(dirs.map((dir) => setup.prepare(dir, NEVER)));
    finish();
    const steps = (await all).flat();
    assert.deepEqual(steps.map((step) => String(step.cached)).toSorted(), ["false", "true", "true"]);
    assert.equal(commands.ran.filter((command) => command === YARN).length, 1);
    for (const dir of dirs) assert.deepEqual(filesOnDisk(dir), filesOnDisk(dirs[0]!));
  });

  it("lets the next one try when the first of two fails", async () => {
    let tries = 0;
    const flaky: Act = (cwd) => (++tries === 1 ? { exitCode: 1, output: "no network" } : installPackages(cwd));
    const { setup } = setupWith({ [YARN]: flaky });
    const [first, second] = await Promise.allSettled([setup.prepare(node(), NEVER), setup.prepare(node(), NEVER)]);
    assert.deepEqual([first.status, second.status].toSorted(), ["fulfilled", "rejected"]);
    assert.equal(entries().length, 1);
  });

  it("is filled by two programs at once without a half entry", async () => {
    const programs = [setupWith({ [YARN]: installPackages }), setupWith({ [YARN]: installPackages })];
    await Promise.all(programs.map(({ setup }) => setup.prepare(node(), NEVER)));
    assert.equal(entries().length, 1);
    assert.ok(!entries().some((name) => name.startsWith(".new")));
    const dir = node();
    assert.equal((await programs[0]!.setup.prepare(dir, NEVER))[0]?.cached, true);
    assert.ok(existsSync(path.join(dir, "packages/a/node_modules/y/index.js")));
  });

  it("keeps nothing of a command that failed or was cancelled", async () => {
    const cancel = new AbortController();
    const { setup } = setupWith({
      [YARN]: (cwd) => {
        cancel.abort();
        installPackages(cwd);
      },
      [UV]: (cwd) => {
        put(path.join(cwd, ".venv/half"), "half");
        return { exitCode: 2, output: "no such package" };
      },
    });
    await assert.rejects(setup.prepare(node(), cancel.signal), (error) => CountersignError.is(error, "cancelled"));
    await assert.rejects(
      setup.prepare(project({ "uv.lock": "" }), NEVER),
      (error) => CountersignError.is(error, "setup") && /no such package/.test(error.message),
    );
    assert.deepEqual(entries(), []);
  });

  it("prepares all the same when the result cannot be cached", async () => {
    put(path.join(cacheDir(), "setup"), "a file where the folder should be");
    const { setup, logger } = setupWith({ [YARN]: installPackages });
    const dir = node();
    const prepared = setup.prepare(dir, NEVER);
    await prepared;
    assert.ok(existsSync(path.join(dir, "node_modules/x/index.js")));
    assert.match(logger.text, /was not cached/);
  });

  it("makes a damaged entry anew", async () => {
    const { setup, commands } = setupWith({ [YARN]: installPackages });
    await setup.prepare(node(), NEVER);
    const entry = path.join(cacheDir(), "setup", entries()[0]!);
    for (const damage of [
      () => writeFileSync(path.join(entry, "manifest.json"), "{"),
      () => rmSync(path.join(entry, "0"), { recursive: true }),
    ]) {
      damage();
      const dir = node();
      assert.equal((await setup.prepare(dir, NEVER))[0]?.cached, false);
      assert.ok(existsSync(path.join(dir, "node_modules/x/index.js")));
      assert.equal((await setup.prepare(node(), NEVER))[0]?.cached, true);
    }
    assert.equal(commands.ran.filter((command) => command === YARN).length, 3);
  });

  describe("with places that hold the folder's own path", () => {
    /** A virtual environment as uv and pip leave it: the path of the checkout in scripts, settings and path files. */
    const installVenv: Act = (cwd) => {
      const venv = path.join(cwd, ".venv");
      put(path.join(venv, "pyvenv.cfg"), `home = /usr/bin\ncommand = python3 -m venv ${venv}\n`);
      put(path.join(venv, "bin/pytest"), `#!${venv}/bin/python\nimport pytest\n`, 0o755);
      put(path.join(venv, "bin/activate"), `VIRTUAL_ENV='${venv}'\nOTHER='${cwd}-longer/name'\n`);
      put(path.join(venv, "bin/program"), `\0binary ${venv}`);
      const site = path.join(venv, "lib/python3.11/site-packages");
      put(path.join(site, "__editable__.project-1.pth"), `${cwd}/src\n`);
      put(path.join(site, "__editable___project_1_finder.py"), `MAPPING = {'project': '${cwd}/src/project'}\n`);
      put(
        path.join(site, "project-1.dist-info/direct_url.json"),
        JSON.stringify({ url: `file://${cwd}`, dir_info: { editable: true } }),
      );
      put(path.join(site, "other/readme.txt"), `says ${venv} in passing`);
      symlinkSync("/usr/bin/python3", path.join(venv, "bin/python"));
      symlinkSync("lib", path.join(venv, "lib64"));
      symlinkSync(path.join(cwd, "src"), path.join(venv, "absolute-link"));
    };

    it("rewrites them in a clone, so that nothing is imported from where it was made", async () => {
      const { setup } = setupWith({ [UV]: installVenv });
      const [first, second] = [project({ "uv.lock": "" }), project({ "uv.lock": "" })];
      await setup.prepare(first, NEVER);
      // Were anything still read from there, it would be missing now.
      const original = filesOnDisk(first);
      rmSync(first, { recursive: true });
      await setup.prepare(second, NEVER);
      const clone = filesOnDisk(second);
      const site = ".venv/lib/python3.11/site-packages";
      assert.equal(clone[".venv/bin/pytest"], `x:#!${second}/.venv/bin/python\nimport pytest\n`);
      assert.equal(clone[".venv/bin/activate"], `VIRTUAL_ENV='${second}/.venv'\nOTHER='${first}-longer/name'\n`);
      assert.equal(clone[`${site}/__editable__.project-1.pth`], `${second}/src\n`);
      assert.equal(clone[".venv/absolute-link"], `-> ${second}/src`);
      assert.equal(clone[".venv/bin/python"], "-> /usr/bin/python3");
      assert.equal(clone[".venv/lib64"], "-> lib");
      assert.equal(clone[".venv/bin/program"], original[".venv/bin/program"]);
      const untouched = new Set([".venv/bin/activate", ".venv/bin/program", `${site}/other/readme.txt`]);
      for (const [file, text] of Object.entries(clone))
        assert.ok(untouched.has(file) || !text.includes(first), `${file} holds the old path`);
    });

    it("rewrites them the same for the next clone", async () => {
      const { setup } = setupWith({ [UV]: installVenv });
      const dirs = [project({ "uv.lock": "" }), project({ "uv.lock": "" }), project({ "uv.lock": "" })];
      for (const dir of dirs) await setup.prepare(dir, NEVER);
      const pytest = dirs.map((dir) => readFileSync(path.join(dir, ".venv/bin/pytest"), "utf8").split("\n")[0]);
      assert.deepEqual(
        pytest,
        dirs.map((dir) => `#!${dir}/.venv/bin/python`),
      );
    });

    it("does not reuse an environment with compiled code of the project itself", async () => {
      const { setup } = setupWith({ [UV]: installVenv });
      const files = { "uv.lock": "", "pyproject.toml": '[build-system]\nbuild-backend = "maturin"\n' };
      await setup.prepare(project(files), NEVER);
      assert.equal((await setup.prepare(project(files), NEVER))[0]?.cached, false);
    });
  });
});

describe("copyTree", () => {
  const folder = tempFolder();
  for (const platform of ["linux", "win32"] as const) {
    it(`copies modes, times and links and never links hard (as on ${platform})`, async () => {
      const from = path.join(folder(), "from");
      put(path.join(from, "deep/run.sh"), "#!/bin/sh\n", 0o755);
      put(path.join(from, "deep/read-only"), "r", 0o444);
      symlinkSync("deep/run.sh", path.join(from, "link"));
      symlinkSync("nowhere", path.join(from, "dangling"));
      chmodSync(path.join(from, "deep"), 0o555);
      const to = path.join(folder(), "to");
      await copyTree(from, to, platform);
      assert.deepEqual(filesOnDisk(to), filesOnDisk(from));
      assert.equal(statSync(path.join(to, "deep")).mode & 0o777, 0o555);
      assert.equal(
        Math.round(statSync(path.join(to, "deep/run.sh")).mtimeMs),
        Math.round(statSync(path.join(from, "deep/run.sh")).mtimeMs),
      );
      assert.notEqual(statSync(path.join(to, "deep/run.sh")).ino, statSync(path.join(from, "deep/run.sh")).ino);
      assert.ok(lstatSync(path.join(to, "link")).isSymbolicLink());
      chmodSync(path.join(from, "deep"), 0o755);
      chmodSync(path.join(to, "deep"), 0o755);
    });
  }

  it("copies a single file and a single link", async () => {
    put(path.join(folder(), "file"), "f");
    symlinkSync("file", path.join(folder(), "link"));
    await copyTree(path.join(folder(), "file"), path.join(folder(), "file2"));
    await copyTree(path.join(folder(), "link"), path.join(folder(), "link2"));
    assert.equal(readFileSync(path.join(folder(), "file2"), "utf8"), "f");
    assert.equal(readlinkSync(path.join(folder(), "link2")), "file");
  });
});
