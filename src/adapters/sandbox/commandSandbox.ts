// Confines one command: decides what it may see and write, and what is started in its place. Each command has a
// configuration of its own, and nothing is left behind when it ends. It starts no command itself.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import type { CommandSpec } from "../../core/ports/commandRunner";
import type { Protection, SandboxMode } from "../../core/ports/protection";
import { ioError } from "../store/ioError";
import { bubblewrapArguments } from "./bubblewrap";
import { MountPlan, type Mount, type MountWishes } from "./mountPlan";
import { packageVariables } from "./packageCaches";
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
  /** The host's environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Default: what works on this machine. */
  readonly find?: () => Promise<Found>;
}

const OFF = "The setting `sandbox` is off: commands run with all that you may do.";
const RELEASED = async (): Promise<void> => {};

export class CommandSandbox {
  private emptyFile: Promise<string> | null = null;

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
    const mounts = MountPlan.of(this.wishes(command, realCheckout));
    return protection.name === "bubblewrap" ? this.inBubblewrap(program, command, { mounts, cwd }) : this.inSeatbelt(command, { mounts, cwd });
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
    };
  }

  private async inBubblewrap(program: string, { argv, environment, mark, purpose }: Confinable, at: Placed): Promise<Confined> {
    const temporary = "/tmp";
    const own = { ...temporaryVariables(temporary), ...packageVariables(this.options.territory.packages, purpose, temporary, existsSync) };
    this.emptyFile ??= makeEmptyFile(this.options.territory.cacheDir);
    const args = bubblewrapArguments({ ...at, emptyFile: await this.emptyFile, inside: mark, argv });
    return { file: program, args, cwd: "/", environment: { ...environment, ...own }, between: "status", release: RELEASED };
  }

  private async inSeatbelt({ argv, environment, mark, purpose }: Confinable, at: Placed): Promise<Confined> {
    const temporary = await realpath(await mkdtemp(path.join(tmpdir(), "countersign-")));
    const own = { ...temporaryVariables(temporary), ...packageVariables(this.options.territory.packages, purpose, temporary, existsSync) };
    const profile = seatbeltProfile({ mounts: at.mounts, temporary, proxyPort: null });
    return {
      file: SANDBOX_EXEC,
      args: ["-p", profile, ...argv],
      cwd: at.cwd,
      environment: { ...environment, ...own, ...mark },
      between: "nothing",
      release: () => rm(temporary, { recursive: true, force: true }),
    };
  }
}

interface Placed {
  readonly mounts: readonly Mount[];
  readonly cwd: string;
}

function temporaryVariables(folder: string): Variables {
  return { TMPDIR: folder, TMP: folder, TEMP: folder };
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
