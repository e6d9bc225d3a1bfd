// The names by which programs look for a proxy. Pure.
//
// pip, uv, Poetry, Cargo, Go, Bundler, Composer, NuGet, Deno, Bun, curl and git go by the first four; npm, pnpm and Yarn 1
// by them or by npm's own, later versions of Yarn by their own. Programs in Java know none of these.

const NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy", "npm_config_proxy", "npm_config_https_proxy", "YARN_HTTP_PROXY", "YARN_HTTPS_PROXY"];
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** `address`: `http://HOST:PORT`; `direct`: what NO_PROXY says. */
export function proxyVariables(address: string, direct: string): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(NAMES.map((name) => [name, address])), JAVA_TOOL_OPTIONS: javaOptions(new URL(address), direct) };
}

/** Every Java virtual machine reads these: Maven's, Gradle's and its daemon's. Maven hands them on to its transport only when asked to. */
function javaOptions({ hostname, port }: URL, direct: string): string {
  const proxy = ["http", "https"].flatMap((scheme) => [`${scheme}.proxyHost=${hostname}`, `${scheme}.proxyPort=${port}`]);
  return [...proxy, `http.nonProxyHosts=${direct.replaceAll(",", "|")}`, "aether.connector.http.useSystemProperties=true"].map((property) => `-D${property}`).join(" ");
}

/** Servers of the command's own are reached directly, unless a server of this machine with such a name is allowed. */
export function noProxyVariables(hosts: readonly string[]): Readonly<Record<"NO_PROXY" | "no_proxy" | "npm_config_noproxy", string>> {
  const direct = LOOPBACK.filter((name) => !hosts.some((host) => host.replace(/:\d+$/, "") === name)).join(",");
  return { NO_PROXY: direct, no_proxy: direct, npm_config_noproxy: direct };
}
