// Where package managers keep what they fetch while they run for us: set-up fills a folder that belongs to one
// repository, so that what its scripts leave there reaches no other work of the user's. Pure.
import path from "node:path";
import type { CommandSpec } from "../../core/ports/commandRunner";

/** Caches: without them it is only slower. Agents and checks have theirs in a temporary folder. */
const CACHES: Readonly<Record<string, string>> = {
  npm_config_cache: "npm",
  PNPM_HOME: "pnpm",
  YARN_CACHE_FOLDER: "yarn",
  BUN_INSTALL_CACHE_DIR: "bun",
  PIP_CACHE_DIR: "pip",
  UV_CACHE_DIR: "uv",
  POETRY_CACHE_DIR: "poetry",
  GOCACHE: "go-build",
  GRADLE_USER_HOME: "gradle",
};

/**
 * What builds and tests need later, too: set-up fetches it, agents and checks read it there. As long as no set-up has
 * made one of these folders, the user's own is read.
 */
const STORES: Readonly<Record<string, string>> = {
  CARGO_HOME: "cargo",
  GOMODCACHE: "go-modules",
  NUGET_PACKAGES: "nuget",
  COREPACK_HOME: "corepack",
};

/** `has`: whether a folder is there. */
export function packageVariables(packages: string, purpose: CommandSpec["purpose"], temporary: string, has: (folder: string) => boolean): Readonly<Record<string, string>> {
  const isSetup = purpose === "setup";
  const caches = Object.entries(CACHES).map(([name, folder]) => [name, path.join(isSetup ? packages : temporary, folder)] as const);
  const stores = Object.entries(STORES).map(([name, folder]) => [name, path.join(packages, folder)] as const);
  return { ...Object.fromEntries([...caches, ...stores.filter(([, folder]) => isSetup || has(folder))]), ...javaVariables(packages, isSetup, has) };
}

/** Maven has an option in place of a variable; Gradle writes into its home whatever it does, and reads another one besides. */
function javaVariables(packages: string, isSetup: boolean, has: (folder: string) => boolean): Readonly<Record<string, string>> {
  const [maven, gradle] = [path.join(packages, "maven"), path.join(packages, "gradle", "caches")];
  // An option with a space in it cannot be given in this way.
  const ofMaven = (isSetup || has(maven)) && !/\s/.test(maven) ? { MAVEN_OPTS: `-Dmaven.repo.local=${maven}` } : {};
  return { ...ofMaven, ...(!isSetup && has(gradle) ? { GRADLE_RO_DEP_CACHE: gradle } : {}) };
}
