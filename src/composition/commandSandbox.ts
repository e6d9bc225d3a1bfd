// The sandbox of a site's commands: what belongs to whom comes from its repository, the rest from settings. No logic of
// its own.
import { homedir } from "node:os";
import { join } from "node:path";
import { excludedPaths } from "../adapters/files/excludedPaths";
import { Exclusions } from "../adapters/files/exclusions";
import type { NetworkSetting } from "../adapters/sandbox/allowedHosts";
import { CommandSandbox } from "../adapters/sandbox/commandSandbox";
import type { Territory } from "../adapters/sandbox/territory";
import type { GitWorkspace } from "../adapters/git/gitWorkspace";
import type { Logger } from "../core/ports/logger";
import type { SandboxMode } from "../core/ports/protection";

export interface SandboxSettings {
  readonly sandbox: SandboxMode;
  readonly network: NetworkSetting | undefined;
}

export function territoryOf(workspace: GitWorkspace, plansDir: string): Territory {
  const { cacheDir, key, gitFolders, checkoutsIn } = workspace.folders;
  const own = join(workspace.root, ".countersign");
  return { root: workspace.root, gitFolders, cacheDir, checkoutsIn, secret: [own, plansDir], packages: join(cacheDir, "packages", key), home: homedir() };
}

export function sandboxOf(
  site: { readonly territory: Territory; readonly logger: Logger },
  settings: () => SandboxSettings,
  exclusions: Exclusions = new Exclusions(site.territory.root),
): CommandSandbox {
  const { territory, logger } = site;
  const excludedIn = async (tree: string): Promise<readonly string[]> => (await excludedPaths(tree, exclusions)).map((excluded) => join(tree, excluded.path));
  return new CommandSandbox({ territory, logger, excludedIn, environment: process.env, mode: () => settings().sandbox, network: () => settings().network });
}
