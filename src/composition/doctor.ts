// Looks at what protects a person in a folder on this machine. It changes nothing but what opening a folder makes in the
// cache, runs two programs for their versions, and never reads a key.
import { execFile } from "node:child_process";
import { constants, existsSync } from "node:fs";
import { access, statfs } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { ripgrepOnPath } from "../adapters/files/ripgrepSearch";
import { defaultCacheDir } from "../adapters/git/cacheDir";
import { findProgram } from "../adapters/process/findProgram";
import { sandboxHere } from "../adapters/sandbox/sandboxHere";
import { journalOwner } from "../adapters/store/fileJournal";
import type { DoctorFacts } from "../core/doctor/doctorReport";
import { messageOf } from "../core/domain/errors";
import type { CommandPolicy } from "../core/policy/commandPolicy";
import type { ApprovalStore } from "../core/ports/commandApproval";
import type { Logger } from "../core/ports/logger";
import type { Protection } from "../core/ports/protection";
import { commandJudge } from "./commandGuard";
import { sandboxOf, type SandboxSettings } from "./commandSandbox";
import { engineSettings } from "./settingsFile";
import { openSite, type Environment, type Site } from "./site";
import { NODE_WANTED, VERSION } from "./version";

/** What only the host knows. */
export interface DoctorHost {
  readonly env: Environment;
  readonly logger?: Logger;
  readonly isTrusted: boolean | null;
  /** Where the key or server comes from, in words; null: none. */
  readonly model: string | null;
  /** What sets one, as a sentence without its full stop. */
  readonly setModel: string;
  readonly policy: CommandPolicy & { readonly where: string };
  readonly approvals: (root: string) => Promise<ApprovalStore>;
  /** The host's own settings; null: those of the folder's settings file. */
  readonly settings: (SandboxSettings & { readonly sealedChecks: boolean }) | null;
}

const PATIENCE_MS = 5_000;

/** Never rejects for what is missing: that is a fact. `folder` null: none is open. */
export async function examine(folder: string | null, host: DoctorHost): Promise<DoctorFacts> {
  const opened = folder === null ? null : await open(folder, host);
  const site = opened?.site ?? null;
  const settings = host.settings ?? settingsOf(site);
  const root = site?.workspace.root ?? folder;
  return {
    version: VERSION,
    folder: root === null ? null : await folderFacts(root, opened?.problem ?? null),
    isTrusted: host.isTrusted,
    protection: await protectionOf(site, settings),
    network: settings.network ?? [],
    ...(await programs(host.env["PATH"] ?? "", root ?? homedir())),
    node: { version: process.versions.node, wanted: NODE_WANTED, isEnough: isEnough(process.versions.node, NODE_WANTED) },
    model: host.model,
    setModel: host.setModel,
    ...(await stateFacts(site, host.env)),
    policy: { ...host.policy, problems: await problemsOf(host.policy) },
    approvals: root === null ? 0 : await approvalsIn(root, host),
    sealedChecks: settings.sealedChecks,
  };
}

async function programs(path: string, root: string): Promise<Pick<DoctorFacts, "git" | "ripgrep">> {
  return { git: await versionOf(await gitOn(path)), ripgrep: await versionOf(await ripgrepOnPath(path, root)) };
}

async function folderFacts(path: string, problem: string | null): Promise<DoctorFacts["folder"]> {
  return { path, isWritable: await canWrite(path), isRepository: existsSync(join(path, ".git")), problem };
}

async function stateFacts(site: Site | null, env: Environment): Promise<Pick<DoctorFacts, "journalOwner" | "worktrees">> {
  const folder = site?.cacheDir ?? defaultCacheDir(env, process.platform, homedir());
  const owner = site === null ? null : await journalOwner(site.stateDir, site.clock);
  return { journalOwner: owner, worktrees: { folder, freeBytes: await freeBytes(folder) } };
}

async function open(folder: string, { env, logger }: DoctorHost): Promise<{ readonly site: Site | null; readonly problem: string | null }> {
  try {
    return { site: await openSite(folder, env, { ownsProcess: false, ...(logger === undefined ? {} : { logger }) }), problem: null };
  } catch (error) {
    return { site: null, problem: messageOf(error) };
  }
}

function settingsOf(site: Site | null): SandboxSettings & { readonly sealedChecks: boolean } {
  const file = site?.settings ?? {};
  return { sandbox: file.sandbox ?? "auto", network: file.network, sealedChecks: engineSettings(file, {}).sealedChecks };
}

function protectionOf(site: Site | null, settings: SandboxSettings): Promise<Protection> {
  return site === null ? sandboxHere() : sandboxOf(site, () => settings).protection();
}

async function problemsOf(policy: CommandPolicy): Promise<readonly string[]> {
  return policy.allow.length + policy.deny.length === 0 ? [] : (await commandJudge()).policyProblems(policy);
}

/** A folder that is gone has nothing allowed in it. */
async function approvalsIn(root: string, { approvals }: DoctorHost): Promise<number> {
  return existsSync(root) ? (await (await approvals(root)).all()).length : 0;
}

/** In absolute folders only: a repository must not bring the program that is asked about. */
async function gitOn(path: string): Promise<string | null> {
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  const found = await findProgram(process.platform === "win32" ? "git.exe" : "git", folders.join(delimiter), homedir());
  return found.kind === "found" ? found.program : null;
}

function versionOf(program: string | null): Promise<string | null> {
  if (program === null) return Promise.resolve(null);
  return new Promise((resolve) => {
    execFile(program, ["--version"], { timeout: PATIENCE_MS, cwd: homedir() }, (error, stdout) => {
      const [line = ""] = stdout.split("\n");
      resolve(error === null && line !== "" ? line.trim() : null);
    });
  });
}

async function canWrite(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** Of the nearest folder that is there. */
async function freeBytes(folder: string): Promise<number | null> {
  let at = folder;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  try {
    const { bavail, bsize } = await statfs(at);
    return bavail * bsize;
  } catch {
    // Some file systems do not tell.
    return null;
  }
}

/** `wanted`: `>=20.19.0`. */
function isEnough(version: string, wanted: string): boolean {
  const numbers = (text: string): readonly number[] => text.replace(/^\D+/, "").split(".").map(Number);
  const [have, need] = [numbers(version), numbers(wanted)];
  for (const [at, least] of need.entries()) {
    const one = have[at] ?? 0;
    if (one !== least) return one > least;
  }
  return true;
}
