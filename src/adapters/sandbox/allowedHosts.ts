// Which hosts a command may reach: a list of names, with a preset for package registries. Pure.

export type Purpose = "agent" | "check" | "setup";

/** `off`: nobody. A list: agents reach what is in it, set-up the package registries besides; checks reach nothing. */
export type NetworkSetting = "off" | readonly string[];

/** Stands in a list for the package registries. */
export const REGISTRIES = "registries";

/** Public registries, and where they keep the files themselves. */
const PUBLIC_REGISTRIES: readonly string[] = [
  "registry.npmjs.org",
  "registry.yarnpkg.com",
  "repo.yarnpkg.com",
  "npm.jsr.io",
  "jsr.io",
  "pypi.org",
  "files.pythonhosted.org",
  "crates.io",
  "index.crates.io",
  "static.crates.io",
  "proxy.golang.org",
  "sum.golang.org",
  "rubygems.org",
  "index.rubygems.org",
  "repo.packagist.org",
  "packagist.org",
  "repo.maven.apache.org",
  "repo1.maven.org",
  "plugins.gradle.org",
  "plugins-artifacts.gradle.org",
  "api.nuget.org",
  "repo.hex.pm",
  "hex.pm",
  "pub.dev",
];

/** Entries are `host`, `*.domain` or either with `:port`; null: no network at all. */
export function allowedHosts(setting: NetworkSetting | undefined, purpose: Purpose, ownRegistries: readonly string[]): readonly string[] | null {
  if (setting === "off" || setting?.includes("off") === true || purpose === "check") return null;
  const named = setting ?? [];
  const wanted = purpose === "setup" ? [REGISTRIES, ...named] : named;
  const hosts = wanted.flatMap((entry) => (entry === REGISTRIES ? [...PUBLIC_REGISTRIES, ...ownRegistries] : [entry.trim().toLowerCase()]));
  return hosts.length === 0 ? null : [...new Set(hosts)];
}

/** Without a port in the entry, those of HTTP and HTTPS. */
export function isAllowed(hosts: readonly string[], host: string, port: number): boolean {
  const wanted = host.toLowerCase().replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  return hosts.some((entry) => {
    const [, name = entry, ownPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
    if (ownPort === undefined ? port !== 80 && port !== 443 : port !== Number(ownPort)) return false;
    return name.startsWith("*.") ? wanted.endsWith(name.slice(1)) : wanted === name;
  });
}

/** The hosts of every address in a text, with their ports: what the user's own settings name. */
export function hostsIn(text: string): readonly string[] {
  return [...text.matchAll(/\bhttps?:\/\/[^\s"',|]+/g)].flatMap(([address]) => {
    if (!URL.canParse(address)) return [];
    const { host, hostname, port } = new URL(address);
    return [port === "" ? hostname : host];
  });
}

/** A settings file of a package manager without what lets anybody in: lines of keys and tokens, and logins in addresses. */
export function withoutCredentials(text: string): string {
  const lines = text.split("\n").filter((line) => !/(?:_auth|_password|token|passw|secret|username|email|certfile|keyfile|^\s*(?:key|cert)\s*=)/i.test(line));
  return lines.join("\n").replaceAll(/(\bhttps?:\/\/)[^\s/@]*@/g, "$1");
}
