// Recognises the lock files of npm, pnpm, yarn and bun. Reads only.
import path from "node:path";
import { glob } from "tinyglobby";
import {
  asObject,
  EVERYTHING,
  NEVER,
  type JsonObject,
  type KeyPart,
  type PackageFolder,
  type Reuse,
  type SetupPlan,
} from "./setupPlan";

type Manager = "npm" | "pnpm" | "yarn" | "bun";

interface Lock {
  readonly manager: Manager;
  readonly file: string;
  readonly content: Buffer;
}

/** Where a folder holds several and package.json names no manager: a left-over npm lock file is the commonest. */
const LOCK_FILES: readonly (readonly [string, Manager])[] = [
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  // npm itself prefers the shrinkwrap.
  ["npm-shrinkwrap.json", "npm"],
  ["package-lock.json", "npm"],
];

const SETTINGS = [".npmrc", ".yarnrc", ".yarnrc.yml", ".pnpmfile.cjs", "pnpm-workspace.yaml", "bunfig.toml"];
const PATCHES = ["patches/**", ".yarn/patches/**"];

/** What of a package.json changes the installed packages. A changed version, test script or file list does not. */
const DEPENDENCY_FIELDS = [
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "peerDependencies",
  "bundleDependencies",
  "bundledDependencies",
];
const MANIFEST_FIELDS = [
  ...DEPENDENCY_FIELDS,
  "name",
  "bin",
  "overrides",
  "resolutions",
  "pnpm",
  "workspaces",
  "patchedDependencies",
  "trustedDependencies",
  "dependenciesMeta",
  "packageManager",
  "installConfig",
];

/** Scripts that an installation runs in the project itself: what they make depends on the sources. */
const LIFECYCLE = [
  "preinstall",
  "install",
  "postinstall",
  "prepublish",
  "preprepare",
  "prepare",
  "postprepare",
  "pnpm:devPreinstall",
  "dependencies",
];

export async function detectNode(folder: PackageFolder): Promise<SetupPlan | null> {
  const manifest = await folder.object("package.json");
  const lock = await lockOf(folder, manifest);
  if (lock === null || !(await folder.has("package.json"))) return null;
  const manifests = await manifestsOf(folder, manifest);
  const hasOwnScripts = manifests.some(({ data }) => runsScripts(data)) || (await folder.has("binding.gyp"));
  // Nothing to install: `npm ci` would only cost a second, in every clean room again.
  if (lock.manager === "npm" && !hasOwnScripts && locksNothing(lock.content)) return null;
  const command = commandOf(lock, folder.platform);
  const patches = await glob(PATCHES, {
    cwd: path.join(folder.dir, folder.folder),
    dot: true,
    ignore: ["**/node_modules/**"],
  });
  const keyParts: readonly KeyPart[] = [
    { name: lock.file, content: lock.content },
    ...(await folder.parts([...SETTINGS, ...patches.toSorted()])),
    ...manifests.map(({ name, data }) => ({ name, content: JSON.stringify(relevantPart(data)) })),
  ];
  return {
    command,
    source: lock.file,
    folder: folder.folder,
    tool: lock.manager,
    howToInstall: HOW_TO_INSTALL[lock.manager],
    keyParts,
    runtime: lock.manager === "bun" ? "bun --version" : "node --version",
    reuse: reuseOf(lock.manager, command, { hasOwnScripts, manifests: manifests.map(({ data }) => data) }),
  };
}

async function lockOf(folder: PackageFolder, manifest: JsonObject | null): Promise<Lock | null> {
  const found: Lock[] = [];
  for (const [file, manager] of LOCK_FILES) {
    const content = await folder.bytes(file);
    if (content !== null) found.push({ manager, file, content });
  }
  const named = manifest?.["packageManager"];
  const wanted = typeof named === "string" ? named.split("@")[0] : null;
  return found.find((lock) => lock.manager === wanted) ?? found[0] ?? null;
}

/**
 * Packages that these managers would link hard to a store that all projects of the user share are copied: a check that
 * writes into node_modules must not reach it.
 */
function commandOf(lock: Lock, platform: NodeJS.Platform): string {
  switch (lock.manager) {
    case "npm":
      return "npm ci --no-audit --no-fund";
    case "pnpm":
      return "pnpm install --frozen-lockfile --config.package-import-method=clone-or-copy";
    case "bun":
      return platform === "darwin"
        ? "bun install --frozen-lockfile"
        : "bun install --frozen-lockfile --backend=copyfile";
    case "yarn":
      return isClassicYarn(lock.content)
        ? "yarn install --frozen-lockfile --non-interactive"
        : "yarn install --immutable";
  }
}

function isClassicYarn(lock: Buffer): boolean {
  return lock.subarray(0, 400).toString("utf8").includes("yarn lockfile v1");
}

function reuseOf(
  manager: Manager,
  command: string,
  project: { readonly hasOwnScripts: boolean; readonly manifests: readonly (JsonObject | null)[] },
): Reuse {
  // npm links a folder that a dependency names; the others copy it, sources and all.
  if (manager !== "npm" && project.manifests.some(namesFolders)) return NEVER;
  if (!project.hasOwnScripts) return EVERYTHING;
  // `npm ci` would begin by removing what was cloned.
  const refresh = manager === "npm" ? "npm install --no-save --no-audit --no-fund --prefer-offline" : command;
  return { kind: "named", names: ["node_modules"], refresh };
}

function namesFolders(manifest: JsonObject | null): boolean {
  const versions = DEPENDENCY_FIELDS.flatMap((field) => Object.values(asObject(manifest?.[field]) ?? {}));
  return versions.some((version) => /^(?:file|portal):/.test(String(version)));
}

function locksNothing(lock: Buffer): boolean {
  try {
    const data = asObject(JSON.parse(lock.toString("utf8")));
    const packages = Object.keys(asObject(data?.["packages"]) ?? {}).filter((name) => name !== "");
    return data !== null && packages.length === 0 && Object.keys(asObject(data["dependencies"]) ?? {}).length === 0;
  } catch {
    // npm says what is wrong with it.
    return false;
  }
}

interface Manifest {
  readonly name: string;
  readonly data: JsonObject | null;
}

/** The folder's package.json and, in a workspace, those of its packages. */
async function manifestsOf(folder: PackageFolder, root: JsonObject | null): Promise<readonly Manifest[]> {
  const isWorkspace = root?.["workspaces"] !== undefined || (await folder.has("pnpm-workspace.yaml"));
  if (!isWorkspace) return [{ name: "package.json", data: root }];
  const cwd = path.join(folder.dir, folder.folder);
  const files = await glob("**/package.json", {
    cwd,
    ignore: ["**/node_modules/**", "**/.git/**"],
    followSymbolicLinks: false,
  });
  return Promise.all(files.toSorted().map(async (name) => ({ name, data: await folder.object(name) })));
}

function runsScripts(manifest: JsonObject | null): boolean {
  const scripts = asObject(manifest?.["scripts"]) ?? {};
  return LIFECYCLE.some((name) => name in scripts);
}

function relevantPart(manifest: JsonObject | null): JsonObject | null {
  if (manifest === null) return null;
  const scripts = asObject(manifest["scripts"]) ?? {};
  const fields = MANIFEST_FIELDS.map((name) => [name, manifest[name] ?? null] as const);
  return { ...Object.fromEntries(fields), scripts: LIFECYCLE.map((name) => scripts[name] ?? null) };
}

const HOW_TO_INSTALL: Readonly<Record<Manager, string>> = {
  npm: "It comes with Node.js",
  pnpm: "`corepack enable pnpm` or `npm install --global pnpm` installs it",
  yarn: "`corepack enable yarn` or `npm install --global yarn` installs it",
  bun: "`npm install --global bun` installs it",
};
