// Where the person's own configuration is: names only, nothing is made here. No repository can put anything there.
import path from "node:path";

const NAME = "countersign";

/** The configuration folder of the operating system, never a repository's. */
export function configDir(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform, home: string): string {
  if (platform === "darwin") return path.join(home, "Library", "Application Support", NAME);
  if (platform === "win32") return path.join(env["APPDATA"] ?? path.join(home, "AppData", "Roaming"), NAME);
  const xdg = env["XDG_CONFIG_HOME"];
  // The XDG specification tells to ignore a relative path, which a repository could fill.
  return path.join(xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(home, ".config"), NAME);
}
