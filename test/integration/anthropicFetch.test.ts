import { strict as assert } from "node:assert";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { nodeFetch } from "../../src/adapters/model/nodeFetch";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

describe("nodeFetch", () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  async function serve(handler: Handler): Promise<{ readonly url: string; readonly port: number; readonly server: Server }> {
    const server = createServer(handler);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}`, port, server };
  }

  it("sends method, headers and body, and reads status, headers and text", async () => {
    const { url } = await serve((request, response) => {
      request.on("data", (chunk: Buffer) => response.writeHead(418, { "x-a": ["1", "2"] }).end(`${request.method} ${request.headers["x-b"]} ${chunk}`));
    });
    const response = await nodeFetch({})(`${url}/p?q=1`, { method: "POST", headers: { "x-b": "y" }, body: "größe" });
    assert.deepEqual([response.status, response.ok, response.headers.get("x-a"), await response.text()], [418, false, "1, 2", "POST y größe"]);
  });

  it("keeps its connection for the next request", async () => {
    const sockets = new Set<Socket>();
    const { url } = await serve((request, response) => {
      sockets.add(request.socket);
      response.end("x");
    });
    const fetch = nodeFetch({});
    for (let i = 0; i < 3; i += 1) await (await fetch(url)).text();
    assert.equal(sockets.size, 1);
  });

  it("asks again on a new connection when the server has closed the kept one meanwhile", async () => {
    const sockets = new Set<Socket>();
    const { url } = await serve((request, response) => {
      const isReused = sockets.has(request.socket);
      sockets.add(request.socket);
      if (isReused) request.socket.resetAndDestroy();
      else response.end("x");
    });
    const fetch = nodeFetch({});
    await (await fetch(url)).text();
    assert.equal(await (await fetch(url, { method: "POST", body: "again" })).text(), "x");
    assert.equal(sockets.size, 2);
  });

  it("does not ask again when a new connection is reset", async () => {
    let requests = 0;
    const { url } = await serve((request) => {
      requests += 1;
      request.socket.resetAndDestroy();
    });
    await assert.rejects(nodeFetch({})(url, { method: "POST", body: "x" }), { code: "ECONNRESET" });
    assert.equal(requests, 1);
  });

  it("reads a compressed answer that nobody asked for", async () => {
    const { url } = await serve((_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("hello")));
    assert.equal(await (await nodeFetch({})(url)).text(), "hello");
  });

  it("reports a compressed answer that is cut", async () => {
    const { url } = await serve((_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("hello".repeat(99)).subarray(0, 20)));
    const response = await nodeFetch({})(url);
    await assert.rejects(response.text(), /unexpected end/);
  });

  it("is aborted before the headers and within the body", async () => {
    const { url } = await serve((request, response) => {
      if (request.url === "/body") response.write("begin");
    });
    for (const path of ["/none", "/body"]) {
      const controller = new AbortController();
      const text = nodeFetch({})(url + path, { signal: controller.signal }).then((response) => response.text());
      setTimeout(() => controller.abort(), 30);
      await assert.rejects(text, { name: "AbortError" });
    }
    await assert.rejects(nodeFetch({})(url, { signal: AbortSignal.abort() }), { name: "AbortError" });
  });

  describe("behind a proxy", () => {
    it("opens a tunnel for TLS and says who it is to the proxy only", async () => {
      const { server, port } = await serve(() => assert.fail("not asked directly"));
      const tunnelled = new Promise<Buffer>((resolve) => {
        server.on("connect", (request, socket: Socket) => {
          assert.equal(request.url, "api.example.test:443");
          assert.equal(request.headers["proxy-authorization"], `Basic ${Buffer.from("me:p@ss").toString("base64")}`);
          assert.equal(request.headers.authorization, undefined);
          socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
          socket.once("data", (data: Buffer) => {
            resolve(data);
            socket.destroy();
          });
        });
      });
      const fetch = nodeFetch({ HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${port}` });
      await assert.rejects(fetch("https://api.example.test/v1/messages", { headers: { authorization: "Bearer secret" } }));
      const hello = await tunnelled;
      assert.equal(hello[0], 0x16, "a TLS handshake");
      assert.ok(hello.includes("api.example.test"), "the name of the server in it");
      assert.ok(!hello.includes("secret"));
    });

    it("says what the proxy answered when it refuses", async () => {
      const { server, port } = await serve(() => undefined);
      server.on("connect", (_request, socket: Socket) => socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
      const fetch = nodeFetch({ https_proxy: `127.0.0.1:${port}` });
      await assert.rejects(fetch("https://api.example.test/"), /the proxy 127\.0\.0\.1:\d+ answered 407/);
    });

    it("asks the proxy for plain HTTP", async () => {
      const { port } = await serve((request, response) => response.end(`${request.url} ${request.headers.host}`));
      const response = await nodeFetch({ HTTP_PROXY: `http://127.0.0.1:${port}` })("http://models.example.test:8080/v1");
      assert.equal(await response.text(), "http://models.example.test:8080/v1 models.example.test:8080");
    });

    it("goes to this machine directly", async () => {
      const { url } = await serve((request, response) => response.end(request.url));
      assert.equal(await (await nodeFetch({ HTTP_PROXY: "http://127.0.0.1:1", ALL_PROXY: "http://127.0.0.1:1" })(`${url}/a`)).text(), "/a");
    });
  });
});
