// Confines one command: decides what it may see and write, and what is started in its place. Each command has a
// configuration of its own, and nothing is left behind when it ends. It starts no command itself.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import type { CommandSpec } from "../../core/ports/commandRunner";
import type { Logger } from "../../core/ports/logger";
import type { Protection, SandboxMode } from "../../core/ports/protection";
import { errnoOf, ioError } from "../store/ioError";
import { allowedHosts, type NetworkSetting } from "./allowedHosts";
import { bubblewrapArguments } from "./bubblewrap";
import { MountPlan, type Mount, type MountWishes } from "./mountPlan";
import { openGate, sweepGates, type Gate } from "./networkGate";
import { packageVariables } from "./packageCaches";
import { packageSettings, type PackageSettings } from "./packageSettings";
import { noProxyVariables, proxyVariables } from "./proxyVariables";
import { findSandbox, type Found } from "./sandboxHere";
import { SANDBOX_EXEC, seatbeltProfile } from "./seatbelt";
import { secretPlaces } from "./secretPlaces";
import { assertOwnFolder, checkoutOf, type Territory } from "./territory";

type Variables = Readonly<Record<string, string>>;

export interface Confinable {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly purpose: CommandSpec["purpose"];
  readonly environment: Variables;
  /** Only for the command and its children. */
  readonly mark: Variables;
}

export interface Confined {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Variables;
  /**
   * `status`: a process of the sandbox stands between us and the command. It must not be asked to end, since it would
   * take the command with it at once; how the command ended is told through STATUS_FD.
   */
  readonly between: "status" | "nothing";
  /** To be called once the command has ended. */
  readonly release: () => Promise<void>;
}

export interface CommandSandboxOptions {
  readonly territory: Territory;
  /** Asked for every command: a long-lived host's settings change. */
  readonly mode: () => SandboxMode;
  readonly network: () => NetworkSetting | undefined;
  readonly logger: Logger;
  /** Absolute paths below a tree that the user keeps from agents. */
  readonly excludedIn?: (tree: string) => Promise<readonly string[]>;
  /** The host's environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Default: what works on this machine. */
  readonly find?: () => Promise<Found>;
}

const OFF = "The setting `sandbox` is off: commands run with all that you may do.";
/** In the sandbox. */
const SOCKET = "/tmp/.countersign-gate";
const BRIDGE = path.join(__dirname, "..", "dist", "bridge.cjs");

export class CommandSandbox {
  private emptyFile: Promise<string> | null = null;
  private swept: Promise<void> | null = null;

  constructor(private readonly options: CommandSandboxOptions) {}

  /** What protects commands here, now. Never rejects. */
  async protection(): Promise<Protection> {
    if (this.options.mode() === "off") return { kind: "off", why: OFF };
    return (await this.find()).protection;
  }

  /** null: nothing confines commands here, see `protection`. Rejects with `process` where the folder is none to run in. */
  async confine(command: Confinable): Promise<Confined | null> {
    if (this.options.mode() === "off") return null;
    const { protection, program } = await this.find();
    if (protection.kind !== "active") return null;
    const { territory } = this.options;
    const checkout = checkoutOf(territory, command.cwd);
    const [realCheckout, cwd] = await Promise.all([realpath(checkout), realpath(command.cwd)]);
    assertOwnFolder(territory, realCheckout, cwd);
    if (command.purpose === "setup") await makeFolder(territory.packages);
    const excluded = await this.excluded([realCheckout, territory.root]);
    const mounts = MountPlan.of({ ...this.wishes(command, realCheckout), excluded });
    const way = await this.wayOut(command, protection.name === "bubblewrap" ? "socket" : "port");
    const placed = { mounts, cwd, way };
    return protection.name === "bubblewrap" ? this.inBubblewrap(program, command, placed) : this.inSeatbelt(command, placed);
  }

  private async excluded(trees: readonly string[]): Promise<readonly string[]> {
    const { excludedIn } = this.options;
    return excludedIn === undefined ? [] : (await Promise.all(trees.map((tree) => excludedIn(tree)))).flat();
  }

  /** null: there is none, the network is off. */
  private async wayOut({ purpose }: Confinable, at: "socket" | "port"): Promise<WayOut | null> {
    const { environment, network, territory, logger } = this.options;
    const settings = packageSettings(territory.home, environment);
    const hosts = allowedHosts(network(), purpose, settings.registries);
    if (hosts === null) return null;
    this.swept ??= sweepGates(isAlive);
    await this.swept;
    const onRefused = (host: string): void => logger.info("a command may not reach a host", { host, purpose });
    return { gate: await openGate({ at, hosts, environment, onRefused }), hosts, files: purpose === "setup" ? settings.readable : [] };
  }

  private find(): Promise<Found> {
    return (this.options.find ?? findSandbox)();
  }

  private wishes({ environment, purpose }: Confinable, checkout: string): MountWishes {
    const { territory, environment: host } = this.options;
    return {
      territory,
      checkout,
      fillsPackages: purpose === "setup",
      secretPlaces: secretPlaces(territory.home, host),
      programs: environment["PATH"] ?? "",
      runtimeDir: host["XDG_RUNTIME_DIR"],
      readable: [process.execPath, BRIDGE],
    };
  }

  private async inBubblewrap(program: string, command: Confinable, { mounts, cwd, way }: Placed): Promise<Confined> {
    this.emptyFile ??= makeEmptyFile(this.options.territory.cacheDir);
    const emptyFile = await this.emptyFile;
    const environment = { ...this.environmentOf(command, "/tmp"), ...(way === null ? {} : wayVariables(way)) };
    const more = way === null ? [] : await mountsOf(way);
    const argv = way === null ? command.argv : [process.execPath, BRIDGE, SOCKET, ...command.argv];
    const args = bubblewrapArguments({ mounts: [...mounts, ...more], cwd, emptyFile, inside: command.mark, argv });
    return { file: program, args, cwd: "/", environment, between: "status", release: async () => way?.gate.close() };
  }

  private async inSeatbelt(command: Confinable, { mounts, cwd, way }: Placed): Promise<Confined> {
    const temporary = await realpath(await mkdtemp(path.join(tmpdir(), "countersign-")));
    const proxyPort = way?.gate.port ?? null;
    const proxy = proxyPort === null || way === null ? {} : proxied(proxyPort, way.hosts);
    const release = async (): Promise<void> => {
      await way?.gate.close();
      await rm(temporary, { recursive: true, force: true });
    };
    return {
      file: SANDBOX_EXEC,
      args: ["-p", seatbeltProfile({ mounts, temporary, proxyPort }), ...command.argv],
      cwd,
      environment: { ...this.environmentOf(command, temporary), ...proxy, ...command.mark },
      between: "nothing",
      release,
    };
  }

  private environmentOf({ environment, purpose }: Confinable, temporary: string): Variables {
    const own = packageVariables(this.options.territory.packages, purpose, temporary, existsSync);
    return { ...environment, ...own, TMPDIR: temporary, TMP: temporary, TEMP: temporary };
  }
}

function proxied(port: number, hosts: readonly string[]): Variables {
  const direct = noProxyVariables(hosts);
  return { ...proxyVariables(`http://127.0.0.1:${port}`, direct.NO_PROXY), ...direct };
}

/** What lets a command out to some hosts, for as long as it runs. */
interface WayOut {
  readonly gate: Gate;
  readonly hosts: readonly string[];
  /** Shown in place of the user's. */
  readonly files: PackageSettings["readable"];
}

function wayVariables({ hosts }: WayOut): Variables {
  return { ...noProxyVariables(hosts), ...(process.versions["electron"] === undefined ? {} : { ELECTRON_RUN_AS_NODE: "1" }) };
}

async function mountsOf({ gate, files }: WayOut): Promise<readonly Mount[]> {
  const mounts: Mount[] = [{ kind: "writable", at: SOCKET, from: gate.socket }];
  for (const [n, { file, text }] of files.entries()) {
    const from = path.join(gate.folder, String(n));
    await writeFile(from, text, { mode: 0o400 });
    mounts.push({ kind: "readable", at: file, from });
  }
  return mounts;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === "EPERM";
  }
}

interface Placed {
  readonly mounts: readonly Mount[];
  readonly cwd: string;
  readonly way: WayOut | null;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw ioError(error, { what: `The folder ${folder} could not be made`, kept: "Nothing was run." });
  }
}

async function makeEmptyFile(cacheDir: string): Promise<string> {
  const file = path.join(cacheDir, "empty");
  try {
    await mkdir(cacheDir, { recursive: true });
    await writeFile(file, "", { mode: 0o444, flag: "a" });
    return file;
  } catch (error) {
    throw new CountersignError("io", `${file} could not be made, and no command can be run without it. Check the cache folder.`, { cause: error });
  }
}
