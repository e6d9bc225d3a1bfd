// Which proxy the environment names for an address, and TLS connections tunnelled through one.
import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import tls from "node:tls";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy for an address by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY; null for a direct connection. */
export function proxyOf(url: URL, environment: Environment): URL | null {
  const read = (name: string): string => environment[name.toLowerCase()] ?? environment[name] ?? "";
  const own = read(url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  const proxy = own === "" ? read("ALL_PROXY") : own;
  if (proxy === "" || isLoopback(url.hostname) || isExcluded(url, read("NO_PROXY"))) return null;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  return URL.canParse(address) && /^https?:/.test(address) ? new URL(address) : null;
}

/** A server on this machine is never behind a proxy. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}

function isExcluded(url: URL, list: string): boolean {
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  return list.split(/[\s,]+/).some((entry) => {
    const [, name = "", onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
    if (name === "" || (onlyPort !== undefined && onlyPort !== port)) return false;
    const domain = name.replace(/^\*?\.?/, "").toLowerCase();
    return name === "*" || url.hostname === domain || url.hostname.endsWith(`.${domain}`);
  });
}

export function proxyAuthorization(proxy: URL): http.OutgoingHttpHeaders {
  if (proxy.username === "") return {};
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(login).toString("base64")}` };
}

/** A proxy answers within this, ms, or is taken for gone. */
const CONNECT_TIMEOUT_MS = 30_000;

type Connected = (error: Error | null, socket: Duplex) => void;

/** Opens every connection through the proxy with CONNECT; TLS runs end to end. */
export class TunnelAgent extends https.Agent {
  constructor(
    private readonly proxy: URL,
    options: https.AgentOptions,
  ) {
    super(options);
  }

  override createConnection(options: https.RequestOptions, callback: Connected): undefined {
    const name = options.hostname ?? options.host ?? "";
    const target = `${name.includes(":") ? `[${name}]` : name}:${options.port ?? 443}`;
    const fail = (error: Error): void => callback(error, undefined as unknown as Duplex);
    const connect = (this.proxy.protocol === "https:" ? https : http).request({
      hostname: this.proxy.hostname,
      port: this.proxy.port === "" ? undefined : this.proxy.port,
      method: "CONNECT",
      path: target,
      headers: { host: target, ...proxyAuthorization(this.proxy) },
      agent: false,
      timeout: CONNECT_TIMEOUT_MS,
    });
    connect.once("error", fail);
    connect.once("timeout", () => connect.destroy(Object.assign(new Error(`the proxy ${this.proxy.host} does not answer`), { code: "EPROXY" })));
    connect.once("connect", (response, socket) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        fail(Object.assign(new Error(`the proxy ${this.proxy.host} answered ${response.statusCode}`), { code: "EPROXY" }));
        return;
      }
      socket.setTimeout(0);
      const host = options.servername ?? name;
      callback(null, tls.connect({ ...options, host, path: undefined, socket } as tls.ConnectionOptions));
    });
    connect.end();
    return undefined;
  }
}
