// The user's own settings of package managers: which registries they name, and what of them a set-up command may read.
// It reads the user's files and the environment, never the repository's.
import { readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { hostsIn, withoutCredentials } from "./allowedHosts";

const FILES = [".npmrc", ".pip/pip.conf", ".config/pip/pip.conf", ".yarnrc", ".cargo/config.toml", ".bunfig.toml"];
const VARIABLES = /^(?:npm_config_.*registry|pip_(?:extra_)?index_url|uv_(?:default_)?index(?:_url)?|uv_extra_index_url|goproxy|yarn_npm_registry_server|cargo_registries_.*_index)$/i;

export interface PackageSettings {
  /** Hosts of the registries, with a port where it is not the usual one. */
  readonly registries: readonly string[];
  /** Files that are hidden for what else is in them: their real paths, and the rest of them. */
  readonly readable: readonly { readonly file: string; readonly text: string }[];
}

export function packageSettings(home: string, environment: Readonly<Record<string, string | undefined>>): PackageSettings {
  const files = FILES.flatMap((name) => read(path.join(home, name)));
  const variables = Object.entries(environment).flatMap(([name, value]) => (VARIABLES.test(name) ? [value ?? ""] : []));
  const texts = [...files.map(({ text }) => text), ...variables];
  return { registries: [...new Set(texts.flatMap(hostsIn))], readable: files.map(({ file, text }) => ({ file, text: withoutCredentials(text) })) };
}

function read(file: string): readonly { readonly file: string; readonly text: string }[] {
  try {
    return [{ file: realpathSync(file), text: readFileSync(file, "utf8") }];
  } catch {
    // Nobody has to have one.
    return [];
  }
}
