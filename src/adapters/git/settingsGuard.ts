// Stands between git and what commands without a sandbox may have written into its settings: programs that were not in
// force when a task began are not run by the host's git. The settings themselves are the user's and are never changed.
import { createHash } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod/mini";
import { CountersignError } from "../../core/domain/errors";
import { parseWith } from "../../core/domain/schema";
import { errnoOf, ioError } from "../store/ioError";
import { driversIn, FILTER_KEY, isKnownTool, mayRunCheckout, type Driver } from "./filterDrivers";
import { makeFolder, textOf } from "./folders";
import { zeroSeparated, type CallGuard, type Git, type Guarded, type InForce, type Place } from "./runGit";

/** Calls that look at no file of a checkout. Of the others none is harmless: even `write-tree` may run filters. */
const HARMLESS = new Set(["cat-file", "commit-tree", "config", "rev-parse", "symbolic-ref", "update-ref"]);
/** What leads git to run a program, to other attributes, or to another machine. */
const RELEVANT =
  /^(?:filter\.|core\.(?:hookspath|fsmonitor|attributesfile|sshcommand|gitproxy|askpass)$|diff\.external$|diff\..*\.(?:command|textconv)$|merge\..*\.driver$|include\.path$|includeif\.|alias\.|credential\.|protocol\.|remote\.|url\.|http\.|extensions\.partialclone$)/;
const REMOTE = /^(?:core\.(?:sshcommand|gitproxy|askpass)$|credential\.|protocol\.|remote\.|url\.|http\.|extensions\.partialclone$)/;
/** People add remotes and aliases while a task runs. */
const UNREMARKABLE = /^(?:alias\.|credential\.|remote\.|url\.|http\.|protocol\.)/;
const ATTRIBUTES_FILE = "core.attributesfile";
const ATTRIBUTES = "info/attributes";
const WORDS = { what: "Git's settings could not be read", kept: "Nothing was changed." };

const recordSchema = z.object({
  /** Keys and hashes of their values: addresses may hold passwords. */
  settings: z.record(z.string(), z.string()),
  attributesFile: z.nullable(z.string()),
  attributes: z.nullable(z.string()),
});
type InForceRecord = z.infer<typeof recordSchema>;

interface Seen {
  /** What they were read from, and where more of them could come to be. */
  readonly files: readonly string[];
  readonly stamp: string;
  readonly settings: Settings;
}

interface Settings {
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** `info/attributes` of the shared git folder, hashed; null: it is not there. */
  readonly attributes: string | null;
}

const FREE: Guarded = { args: [], offline: false };

export class SettingsGuard implements CallGuard {
  private readonly seen = new Map<string, Seen>();

  constructor(
    /** Unguarded. */
    private readonly git: Git,
  ) {}

  /** Puts on record what is in force now, unless that was done before. */
  async record(place: Place, file: string): Promise<void> {
    if ((await textOf(file)) !== null) return;
    const { values, attributes } = await this.settings(place);
    const settings = Object.fromEntries([...values].map(([key, value]) => [key, hashOf(value.join("\0"))]));
    const record: InForceRecord = { settings, attributes, attributesFile: values.get(ATTRIBUTES_FILE)?.at(-1) ?? null };
    await makeFolder(path.dirname(file));
    try {
      await writeFile(file, JSON.stringify(record), { mode: 0o600 });
    } catch (error) {
      throw ioError(error, { what: `${file} could not be written`, kept: "Nothing was changed." });
    }
  }

  /** Rejects with `notAllowed` where a call cannot be kept from what has changed. */
  async guard(place: Place, args: readonly string[]): Promise<Guarded> {
    if (place.inForce === undefined || HARMLESS.has(subcommandOf(args) ?? "")) return FREE;
    const [then, now] = await Promise.all([recordIn(place.inForce.file), this.settings(place)]);
    const changed = then === null ? [] : changesBetween(then, now);
    if (changed.includes(ATTRIBUTES) && !place.inForce.ownFiles) throw refusal(ATTRIBUTES);
    const drivers = driversIn(now.values).filter((driver) => !isKnownTool(driver));
    const isNew = ({ name }: Driver): boolean => then !== null && !Object.keys(then.settings).some((key) => isOf(name, key));
    const other = drivers.find((driver) => !isNew(driver) && changed.some((key) => isOf(driver.name, key)));
    if (other !== undefined) throw refusal(`filter.${other.name}`);
    const { ownFiles } = place.inForce;
    const off = drivers.filter((driver) => isNew(driver) || (!ownFiles && mayRunCheckout(driver)));
    const unnameable = off.find(({ name }) => /[=\n]/.test(name));
    if (unnameable !== undefined) throw refusal(`filter.${unnameable.name}`);
    const settings = off.flatMap(({ name }) => [...["clean", "smudge", "process"].map((what) => `filter.${name}.${what}=`), `filter.${name}.required=false`]);
    if (changed.includes(ATTRIBUTES_FILE)) settings.push(`${ATTRIBUTES_FILE}=${then?.attributesFile ?? path.join(this.git.configHome, "git", "attributes")}`);
    return { args: settings.flatMap((setting) => ["-c", setting]), offline: changed.some((key) => REMOTE.test(key)) };
  }

  /** Names of settings that make git run something and were not so when the task began. */
  async changes(place: Place & { readonly inForce: InForce }): Promise<readonly string[]> {
    const [then, now] = await Promise.all([recordIn(place.inForce.file), this.settings(place)]);
    return then === null ? [] : changesBetween(then, now).filter((key) => !UNREMARKABLE.test(key));
  }

  private async settings(place: Place): Promise<Settings> {
    const key = place.gitDir ?? place.cwd;
    const known = this.seen.get(key);
    if (known !== undefined && known.stamp === (await stampOf(known.files))) return known.settings;
    const { values, origins } = await this.listed(place);
    const attributesFile = path.join(await commonDirOf(place), ...ATTRIBUTES.split("/"));
    const attributes = await textOf(attributesFile);
    const settings = { values, attributes: attributes === null ? null : hashOf(attributes) };
    const files = [...new Set([...origins, ...usualPlaces(place, this.git), attributesFile])];
    this.seen.set(key, { files, stamp: await stampOf(files), settings });
    return settings;
  }

  private async listed(place: Place): Promise<{ readonly values: Settings["values"]; readonly origins: readonly string[] }> {
    const parts = zeroSeparated(await this.git.run(place, ["config", "--list", "-z", "--show-origin"], WORDS));
    const values = new Map<string, string[]>();
    const origins: string[] = [];
    for (let at = 0; at + 1 < parts.length; at += 2) {
      const [origin = "", entry = ""] = parts.slice(at, at + 2);
      // Our own, put before every call.
      if (!origin.startsWith("file:")) continue;
      origins.push(path.resolve(place.cwd, origin.slice("file:".length)));
      const [name = "", ...value] = entry.split("\n");
      if (RELEVANT.test(name)) values.set(name, [...(values.get(name) ?? []), value.join("\n")]);
    }
    return { values, origins };
  }
}

function usualPlaces({ gitDir, cwd }: Place, { configHome, home }: Git): readonly string[] {
  const own = gitDir === undefined ? [] : [path.join(gitDir, "config"), path.join(gitDir, "config.worktree"), path.join(gitDir, "commondir")];
  return [...own, path.join(cwd, ".git"), path.join(configHome, "git", "config"), path.join(home, ".gitconfig")];
}

async function commonDirOf({ gitDir, cwd }: Place): Promise<string> {
  const own = gitDir ?? path.join(cwd, ".git");
  const pointer = await textOf(path.join(own, "commondir"));
  return pointer === null ? own : path.resolve(own, pointer.trim());
}

/** One line a file, which changes with every write to it. */
async function stampOf(files: readonly string[]): Promise<string> {
  const lines = files.map(async (file) => {
    try {
      const { ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
      return `${ino}.${size}.${mtimeNs}.${ctimeNs} ${file}`;
    } catch (error) {
      if (errnoOf(error) === null) throw error;
      return `- ${file}`;
    }
  });
  return (await Promise.all(lines)).join("\n");
}

/** null where nothing was recorded: by an earlier version, or the cache folder was emptied. */
async function recordIn(file: string): Promise<InForceRecord | null> {
  let data: unknown;
  try {
    data = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || error instanceof SyntaxError) return null;
    throw ioError(error, { what: `${file} could not be read`, kept: "Nothing was changed." });
  }
  const parsed = parseWith(recordSchema, data);
  return parsed.ok ? parsed.value : null;
}

function changesBetween(then: InForceRecord, { values, attributes }: Settings): readonly string[] {
  const keys = [...values].flatMap(([key, value]) => (then.settings[key] === hashOf(value.join("\0")) ? [] : [key]));
  return attributes === then.attributes ? keys : [...keys, ATTRIBUTES];
}

function refusal(what: string): CountersignError {
  return new CountersignError(
    "notAllowed",
    `Git's setting ${what} was changed after this task had begun, and it would decide what git makes of the task's files. Nothing was run with it, ` +
      "and the work is kept on the task's branch and in its worktree. Look at it (git config --show-origin --list, .git/info/attributes), put it back " +
      "as it was and try again; if the change is yours, merge the task's branch by hand.",
  );
}

function isOf(driver: string, key: string): boolean {
  return FILTER_KEY.exec(key)?.[1] === driver;
}

/** The word after git's own options. */
function subcommandOf(args: readonly string[]): string | undefined {
  let at = 0;
  while (args[at]?.startsWith("-") === true) at += args[at] === "-c" ? 2 : 1;
  return args[at];
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
