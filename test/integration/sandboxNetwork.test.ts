import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { NetworkSetting } from "../../src/adapters/sandbox/allowedHosts";
import { sweepGates } from "../../src/adapters/sandbox/networkGate";
import { couldNotRun } from "../builders/couldNotRun";
import { aSandboxBench, useSandboxBench, write, type SandboxBench } from "../builders/sandboxBench";

const SETUP = { purpose: "setup" } as const;

describe("CommandSandbox, network", () => {
  let network: NetworkSetting | undefined;
  let server: Server;
  let port: number;
  /** Paths that were asked for, of the listed and of other hosts. */
  const asked: string[] = [];
  const bench = useSandboxBench(() => ({ network: () => network }));
  before(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.headers.host} ${request.url}`);
      response.end("a package");
    });
    // It stands for a proxy of the company, too.
    server.on("connect", (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      const outer = connect(port, "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
      outer.pipe(socket).pipe(outer);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    ({ port } = server.address() as AddressInfo);
  });
  after(() => server?.close());
  beforeEach(() => {
    asked.length = 0;
    network = undefined;
    write(bench.worktree, { "get.py": "import sys,urllib.request as u,urllib.error as e\ntry: print(u.urlopen(sys.argv[1], timeout=5).read().decode())\nexcept e.HTTPError as x: print(x.code, x.read().decode())\nexcept Exception as x: print(type(x).__name__, x)\n" });
    write(bench.worktree, { "tunnel.cjs": TUNNEL });
  });

  const get = (more: Parameters<SandboxBench["ask"]>[1]): Promise<string> => bench.ask(`python3 get.py http://127.0.0.1:${port}/x`, more);

  it("lets agents and checks reach nothing, this machine's own servers neither", async () => {
    for (const purpose of ["agent", "check"] as const) {
      assert.match(await get({ purpose }), /Connection refused/);
      assert.match(await bench.ask("node tunnel.cjs registry.invalid:443", { purpose }), /no proxy/);
      assert.equal(await bench.ask("ls /sys/class/net 2>/dev/null | wc -l; cat /proc/net/dev | grep -c :", { purpose }), `${readdirSync("/sys/class/net").length}\n1\n[0]`);
    }
    assert.deepEqual(asked, []);
  });

  it("lets set-up reach listed hosts alone", async () => {
    network = [`127.0.0.1:${port}`];
    assert.equal(await get(SETUP), "a package\n[0]");
    assert.match(await bench.ask(`python3 get.py http://localhost:${port}/x`, SETUP), /Connection refused/);
    assert.match(await bench.ask("python3 get.py http://elsewhere.invalid/x", SETUP), /^403 Countersign: commands may not reach elsewhere.invalid/);
    assert.match(await bench.ask("node tunnel.cjs elsewhere.invalid:443", SETUP), /^403/);
    assert.deepEqual(asked, [`127.0.0.1:${port} /x`]);
  });

  it("opens tunnels to listed hosts", async () => {
    network = [`127.0.0.1:${port}`];
    assert.match(await bench.ask(`node tunnel.cjs 127.0.0.1:${port}`, SETUP), /^200[^]*a package/);
    assert.deepEqual(asked, ["inner /tunnelled"]);
  });

  it("lets programs in Java through the same way, and nowhere else", async function () {
    if (spawnSync("java", ["-version"], { stdio: "ignore" }).status !== 0) couldNotRun(this, "there is no java: apt-get install default-jdk-headless");
    this.timeout(60_000);
    // Java asks no proxy for this machine itself, whatever it is told: another name, and the company's proxy in between.
    const other = aSandboxBench("/var/lib", { network: () => ["packages.invalid"], environment: { HTTP_PROXY: `http://127.0.0.1:${port}` } });
    try {
      write(other.worktree, { "Get.java": JAVA });
      assert.match(await other.ask("java Get.java http://packages.invalid/x http://elsewhere.invalid/x", { ...SETUP, timeoutMs: 50_000 }), /^200 a package\n403 Countersign: commands may not reach elsewhere.invalid[^]*\[0\]$/m);
      assert.deepEqual(asked, ["packages.invalid http://packages.invalid/x"]);
    } finally {
      other.dispose();
    }
  });

  it("lets agents reach what is listed, and checks nothing all the same", async () => {
    network = [`127.0.0.1:${port}`];
    assert.equal(await get({ purpose: "agent" }), "a package\n[0]");
    assert.match(await get({ purpose: "check" }), /Connection refused/);
  });

  it("closes everything when it is off", async () => {
    for (network of ["off", [`127.0.0.1:${port}`, "off"]] satisfies readonly NetworkSetting[]) assert.match(await get(SETUP), /Connection refused/);
  });

  it("counts a registry of the user's own settings among the registries, and none of the repository's", async () => {
    write(bench.home, { ".npmrc": `registry=http://127.0.0.1:${port}/\n//127.0.0.1:${port}/:_authToken=s3cret\nfund=false\n` });
    assert.equal(await get(SETUP), "a package\n[0]");
    assert.equal(await bench.ask('cat "$HOME/.npmrc"', SETUP), `registry=http://127.0.0.1:${port}/\nfund=false\n[0]`);
    assert.equal(await bench.ask('cat "$HOME/.npmrc"'), "[0]");
    write(bench.home, { ".npmrc": "" });
    write(bench.worktree, { ".npmrc": `registry=http://127.0.0.1:${port}/\n` });
    assert.match(await get(SETUP), /Connection refused|403/);
  });

  it("goes through the proxy that the machine has", async () => {
    const other = aSandboxBench("/var/lib", { network: () => ["packages.invalid"], environment: { HTTPS_PROXY: `http://127.0.0.1:${port}`, HTTP_PROXY: `http://127.0.0.1:${port}` } });
    try {
      write(other.worktree, { "tunnel.cjs": TUNNEL });
      assert.match(await other.ask("node tunnel.cjs packages.invalid:443", SETUP), /^200[^]*a package/);
      assert.deepEqual(asked, ["CONNECT packages.invalid:443", "inner /tunnelled"]);
    } finally {
      other.dispose();
    }
  });

  it("keeps exit codes, signals and the time limit of set-up commands", async () => {
    assert.equal((await bench.run("sh -c 'exit 5'", SETUP)).exitCode, 5);
    assert.equal((await bench.run("sh -c 'kill -9 $$'", SETUP)).signal, "SIGKILL");
    assert.equal((await bench.run("no-such-program-here", SETUP)).unstartable, true);
    const slow = await bench.run("sh -c 'trap \"touch cleaned; exit 0\" TERM; while true; do sleep 0.01; done'", { ...SETUP, timeoutMs: 2000 });
    assert.equal(slow.timedOut, true);
    assert.ok(existsSync(path.join(bench.worktree, "cleaned")));
  });

  it("lets set-up alone fill the packages of the repository, and the others read them", async () => {
    assert.equal(await bench.ask('mkdir -p "$CARGO_HOME" && echo crate > "$CARGO_HOME/x" && touch "$npm_config_cache"-written && cat "$CARGO_HOME/x"', SETUP), "crate\n[0]");
    assert.match(await bench.ask('cat "$CARGO_HOME/x"; echo planted > "$CARGO_HOME/x"', { purpose: "check" }), /^crate\n[^]*Read-only/);
    assert.equal(await bench.ask('mkdir -p "$npm_config_cache" && case "$npm_config_cache" in /tmp/*) echo own;; esac'), "own\n[0]");
  });

  it("leaves no gate behind, and removes those of processes that were killed", async () => {
    const gates = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith(`countersign-gate-${process.pid}-`));
    await get(SETUP);
    assert.deepEqual(gates(), []);
    const left = path.join(tmpdir(), "countersign-gate-999999999-abc");
    const others = path.join(tmpdir(), `countersign-gate-${process.ppid}-abc`);
    for (const folder of [left, others]) mkdirSync(folder, { recursive: true });
    await sweepGates((pid) => pid === process.ppid);
    assert.deepEqual([existsSync(left), existsSync(others)], [false, true]);
    await sweepGates(() => false);
    assert.ok(!existsSync(others));
  });
});

const JAVA = `
import java.net.*;
import java.io.*;
class Get {
  public static void main(String[] addresses) throws Exception {
    for (String address : addresses) {
      HttpURLConnection it = (HttpURLConnection) new URL(address).openConnection();
      int status = it.getResponseCode();
      InputStream body = status < 400 ? it.getInputStream() : it.getErrorStream();
      System.out.println(status + " " + new String(body.readAllBytes()).trim());
    }
  }
}
`;

/** Asks the proxy of its environment for a tunnel, and speaks HTTP through it. */
const TUNNEL = `
const http = require("node:http");
const [target] = process.argv.slice(2);
if (!process.env.HTTPS_PROXY) { console.log("no proxy"); process.exit(); }
const proxy = new URL(process.env.HTTPS_PROXY);
http.request({ host: proxy.hostname, port: proxy.port, method: "CONNECT", path: target })
  .on("response", (answer) => { console.log(answer.statusCode); answer.pipe(process.stdout); })
  .on("connect", (answer, socket) => {
    console.log(answer.statusCode);
    if (answer.statusCode !== 200) { socket.pipe(process.stdout); return; }
    socket.write("GET /tunnelled HTTP/1.1\\r\\nHost: inner\\r\\nConnection: close\\r\\n\\r\\n");
    socket.pipe(process.stdout);
  })
  .on("error", (error) => console.log(error.code)).end();
`;
