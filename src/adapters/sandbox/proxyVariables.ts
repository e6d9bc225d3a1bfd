// The names by which programs look for a proxy. Pure.

const NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "npm_config_proxy", "npm_config_https_proxy", "YARN_HTTP_PROXY", "YARN_HTTPS_PROXY"];
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

export function proxyVariables(address: string): Readonly<Record<string, string>> {
  return Object.fromEntries(NAMES.map((name) => [name, address]));
}

/** Servers of the command's own are reached directly, unless a server of this machine with such a name is allowed. */
export function noProxyVariables(hosts: readonly string[]): Readonly<Record<string, string>> {
  const direct = LOOPBACK.filter((name) => !hosts.some((host) => host.replace(/:\d+$/, "") === name)).join(",");
  return { NO_PROXY: direct, no_proxy: direct, npm_config_noproxy: direct };
}
