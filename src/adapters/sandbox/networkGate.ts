// A proxy on a socket file: the one way out of a sandbox whose network is off. It lets listed hosts through and tells
// the others no. It sees names and ports only; what goes to a host is encrypted or not as the command has it.
import { createServer, request, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Duplex } from "node:stream";
import { proxyAuthorization, proxyOf, type Environment } from "../model/httpProxy";
import { isAllowed } from "./allowedHosts";

/** Short: the name of a socket has about a hundred bytes. */
const FOLDER = /^countersign-gate-(\d+)-/;
const CONNECT_TIMEOUT_MS = 30_000;
/** Of one connection, not of the whole. */
const HOP_BY_HOP = ["proxy-connection", "proxy-authorization", "connection", "keep-alive", "te", "trailer", "upgrade"];

export interface Gate {
  /** A folder of its own, for more than the socket. */
  readonly folder: string;
  readonly socket: string;
  /** On 127.0.0.1; null where it listens at the socket alone. */
  readonly port: number | null;
  close(): Promise<void>;
}

export interface GateOptions {
  /** `port`: for a sandbox that has the network of the machine and is kept from all but this. */
  readonly at: "socket" | "port";
  readonly hosts: readonly string[];
  /** The host's own, which may name a proxy to go through. */
  readonly environment: Environment;
  readonly onRefused: (host: string) => void;
}

export async function openGate(options: GateOptions): Promise<Gate> {
  const folder = await mkdtemp(path.join(tmpdir(), `countersign-gate-${process.pid}-`));
  const socket = path.join(folder, "gate");
  const open = new Set<Duplex>();
  const server = createServer((incoming, response) => forward(incoming, response, options));
  server.on("connection", (client: Socket) => remember(open, client));
  server.on("connect", (incoming: IncomingMessage, client: Duplex, head: Buffer) => tunnel(incoming, { client, head, open }, options));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    if (options.at === "socket") server.listen(socket, resolve);
    else server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const close = async (): Promise<void> => {
    for (const stream of open) stream.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, socket, port: typeof address === "object" && address !== null ? address.port : null, close };
}

/** Removes what processes that were killed have left. */
export async function sweepGates(isAlive: (pid: number) => boolean): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = FOLDER.exec(name)?.[1];
    if (pid !== undefined && Number(pid) !== process.pid && !isAlive(Number(pid))) await rm(path.join(tmpdir(), name), { recursive: true, force: true });
  }
}

interface Client {
  readonly client: Duplex;
  readonly head: Buffer;
  readonly open: Set<Duplex>;
}

function tunnel({ url = "" }: IncomingMessage, { client, head, open }: Client, { hosts, environment, onRefused }: GateOptions): void {
  const target = URL.canParse(`https://${url}`) ? new URL(`https://${url}`) : null;
  const port = Number(target?.port === "" ? 443 : target?.port);
  client.on("error", () => client.destroy());
  if (target === null || !isAllowed(hosts, target.hostname, port)) {
    onRefused(url);
    client.end(`HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${refusal(url)}`);
    return;
  }
  const fail = (): void => void client.end("HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n");
  const join = (outer: Duplex): void => {
    remember(open, outer);
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    if (head.length > 0) outer.write(head);
    client.pipe(outer).pipe(client);
    outer.on("error", () => client.destroy());
    outer.on("close", () => client.destroy());
    client.on("close", () => outer.destroy());
  };
  const proxy = proxyOf(target, environment);
  if (proxy === null) {
    const outer = connect({ host: target.hostname.replace(/^\[(.*)\]$/, "$1"), port, timeout: CONNECT_TIMEOUT_MS });
    outer.once("error", fail);
    outer.once("timeout", () => outer.destroy(new Error("no answer")));
    outer.once("connect", () => {
      outer.setTimeout(0).removeListener("error", fail);
      join(outer);
    });
    return;
  }
  const headers = { host: `${target.hostname}:${port}`, ...proxyAuthorization(proxy) };
  const asked = request({ host: proxy.hostname, port: proxy.port || 80, method: "CONNECT", path: headers.host, headers, agent: false, timeout: CONNECT_TIMEOUT_MS });
  asked.once("error", fail);
  asked.once("timeout", () => asked.destroy(new Error("no answer")));
  asked.once("connect", (answer, outer) => (answer.statusCode === 200 ? join(outer) : fail()));
  asked.end();
}

/** Without TLS: the request itself passes through here. */
function forward(incoming: IncomingMessage, response: ServerResponse, { hosts, environment, onRefused }: GateOptions): void {
  const address = incoming.url ?? "";
  const target = URL.canParse(address) ? new URL(address) : null;
  const port = Number(target?.port || 80);
  if (target?.protocol !== "http:" || !isAllowed(hosts, target.hostname, port)) {
    onRefused(target?.host ?? address);
    response.writeHead(403, { "content-type": "text/plain" }).end(refusal(target?.host ?? address));
    return;
  }
  const proxy = proxyOf(target, environment);
  const headers: OutgoingHttpHeaders = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
  const where = proxy === null ? { host: target.hostname.replace(/^\[(.*)\]$/, "$1"), port, path: `${target.pathname}${target.search}` } : { host: proxy.hostname, port: proxy.port || 80, path: address };
  const own = proxy === null ? {} : proxyAuthorization(proxy);
  // The name in the request is the one that was allowed.
  const outgoing = request({ ...where, method: incoming.method ?? "GET", headers: { ...headers, host: target.host, ...own }, agent: false });
  outgoing.on("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on("error", () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  response.on("close", () => outgoing.destroy());
  incoming.pipe(outgoing);
}

function refusal(host: string): string {
  return `Countersign: commands may not reach ${host}. The setting \`network\` lists the hosts that they may.\n`;
}

function remember(open: Set<Duplex>, stream: Duplex): void {
  open.add(stream);
  stream.once("close", () => open.delete(stream));
}
