import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { listAnthropicModels } from "../../src/adapters/model/anthropicModel";
import type { ModelListing } from "../../src/core/ports/modelCatalog";
import { FakeModelApi } from "../fakes/fakeModelApi";

const KEY = "sk-ant-test-0123456789";
const SETTINGS = { key: "the key (Countersign: Set API Key)", baseUrl: "the setting countersign.baseUrl" };

describe("listAnthropicModels", () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => server.close()));
  });

  const list = (baseUrl: string, apiKey: string | undefined = KEY, signal = new AbortController().signal): Promise<ModelListing> =>
    listAnthropicModels({ apiKey, baseUrl, settings: SETTINGS }, signal);

  function failureOf(listing: ModelListing): Extract<ModelListing, { readonly kind: "failed" }>["failure"] {
    if (listing.kind !== "failed") throw new Error(`expected a failure, got ${listing.kind}`);
    return listing.failure;
  }

  async function api(): Promise<FakeModelApi> {
    const fake = await FakeModelApi.start([], { keys: [KEY] });
    open.push(fake);
    return fake;
  }

  async function server(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const http: Server = createServer(answer);
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    open.push({
      close: async () => {
        http.closeAllConnections();
        await new Promise((resolve) => http.close(resolve));
      },
    });
    return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  }

  const json = (response: ServerResponse, body: unknown, status = 200): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };

  it("lists what the server has, for a key that it takes", async () => {
    const listing = await list((await api()).url);
    assert.ok(listing.kind === "listed");
    assert.deepEqual(listing.models.map(({ id }) => id), ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5"]);
  });

  it("reads names and sizes, follows the pages, and leaves retired models out", async () => {
    const asked: string[] = [];
    const first = { id: "a", display_name: "Model A", max_input_tokens: 400_000, max_tokens: 64_000, lifecycle: "active" };
    const url = await server((request, response) => {
      asked.push(request.url ?? "");
      const isFirst = !(request.url ?? "").includes("after_id");
      const gone = { id: "gone", lifecycle: "retired" };
      const last = { id: "b", lifecycle: "deprecated", max_input_tokens: null };
      json(response, isFirst ? { data: [first, gone], has_more: true, last_id: "gone" } : { data: [last], has_more: false, last_id: "b" });
    });
    const listing = await list(url);
    assert.deepEqual(listing, {
      kind: "listed",
      models: [
        { id: "a", name: "Model A", contextTokens: 400_000, outputTokens: 64_000, lifecycle: "active" },
        { id: "b", name: "b", contextTokens: null, outputTokens: null, lifecycle: "deprecated" },
      ],
    });
    assert.equal(asked.length, 2);
    assert.match(asked[1] ?? "", /after_id=gone/);
  });

  it("says that a key is refused and where to set another, without the key", async () => {
    const failure = failureOf(await list((await api()).url, "sk-ant-wrong-987654321"));
    assert.equal(failure.code, "invalidKey");
    assert.match(failure.message, /Check the key \(Countersign: Set API Key\)/);
    assert.doesNotMatch(failure.message, /987654321/);
  });

  it("says that nobody answers, and names the setting", async () => {
    const url = await server(() => undefined);
    await Promise.all(open.splice(0).map((one) => one.close()));
    const failure = failureOf(await list(url));
    assert.equal(failure.code, "unreachable");
    assert.match(failure.message, /countersign\.baseUrl/);
  });

  it("tells a server without a list from one that refuses", async () => {
    for (const status of [404, 405, 501]) {
      const url = await server((_request, response) => json(response, { error: { message: "no such route" } }, status));
      assert.deepEqual(await list(url), { kind: "noList" }, String(status));
    }
    const odd = await server((_request, response) => json(response, { models: [] }));
    assert.deepEqual(await list(odd), { kind: "noList" });
  });

  it("takes a web page for what it is", async () => {
    const url = await server((_request, response) => response.writeHead(200, { "content-type": "application/json" }).end("<html>sign in</html>"));
    const failure = failureOf(await list(url));
    assert.equal(failure.retryable, false);
    assert.match(failure.message, /no list of models/);
  });

  it("ends at once when it is cancelled, before and while it waits", async () => {
    assert.equal(failureOf(await list((await api()).url, KEY, AbortSignal.abort())).code, "cancelled");
    const controller = new AbortController();
    const url = await server(() => controller.abort());
    assert.equal(failureOf(await list(url, KEY, controller.signal)).code, "cancelled");
  });
});
