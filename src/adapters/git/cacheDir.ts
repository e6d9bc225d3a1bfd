// Where the cache folder of the operating system is. A name only; nothing is made here.
import path from "node:path";
import type { Environment } from "./runGit";

const NAME = "countersign";

/**
 * Where worktrees, clean rooms, shadow repositories and set-up caches live: the cache folder of the operating system,
 * never the user's repository. `COUNTERSIGN_CACHE_DIR` wins.
 */
export function defaultCacheDir(env: Environment, platform: NodeJS.Platform, home: string): string {
  const chosen = env["COUNTERSIGN_CACHE_DIR"];
  if (chosen !== undefined && chosen !== "") return path.resolve(chosen);
  if (platform === "darwin") return path.join(home, "Library", "Caches", NAME);
  if (platform === "win32") return path.join(env["LOCALAPPDATA"] ?? path.join(home, "AppData", "Local"), NAME, "cache");
  const xdg = env["XDG_CACHE_HOME"];
  // The XDG specification tells to ignore a relative path.
  return path.join(xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(home, ".cache"), NAME);
}
