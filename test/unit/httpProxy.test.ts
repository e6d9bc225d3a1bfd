import { strict as assert } from "node:assert";
import { proxyOf } from "../../src/adapters/model/httpProxy";

const API = "https://api.example.com/v1";

describe("proxyOf", () => {
  const rows: readonly (readonly [string, string, Readonly<Record<string, string>>, string | null])[] = [
    ["no proxy", API, {}, null],
    ["the one for TLS", API, { HTTPS_PROXY: "http://p:1", HTTP_PROXY: "http://q:2" }, "http://p:1/"],
    ["the one for plain HTTP", "http://x.test", { HTTPS_PROXY: "http://p:1", HTTP_PROXY: "http://q:2" }, "http://q:2/"],
    ["lower case first", API, { HTTPS_PROXY: "http://p:1", https_proxy: "http://low:3" }, "http://low:3/"],
    ["the one for all", API, { ALL_PROXY: "http://all:4" }, "http://all:4/"],
    ["an address without a scheme", API, { HTTPS_PROXY: "p.test:3128" }, "http://p.test:3128/"],
    ["none for SOCKS, which is not spoken", API, { ALL_PROXY: "socks5://s:1080" }, null],
    ["none for an excluded host", API, { HTTPS_PROXY: "http://p:1", NO_PROXY: "other, api.example.com" }, null],
    ["none for an excluded domain", API, { HTTPS_PROXY: "http://p:1", no_proxy: ".example.com" }, null],
    ["none for a domain with a star", API, { HTTPS_PROXY: "http://p:1", no_proxy: "*.example.com" }, null],
    ["one where only the end of the name is alike", "https://myexample.com", { HTTPS_PROXY: "http://p:1", no_proxy: "example.com" }, "http://p:1/"],
    ["one where the excluded port is another", API, { HTTPS_PROXY: "http://p:1", no_proxy: "api.example.com:8443" }, "http://p:1/"],
    ["none for the excluded port", API, { HTTPS_PROXY: "http://p:1", no_proxy: "api.example.com:443" }, null],
    ["none when everything is excluded", API, { HTTPS_PROXY: "http://p:1", NO_PROXY: "*" }, null],
    ["none for this machine", "http://localhost:11434", { HTTP_PROXY: "http://p:1" }, null],
    ["none for this machine by address", "http://127.0.0.2", { HTTP_PROXY: "http://p:1" }, null],
    ["none for this machine by IPv6", "http://[::1]:80", { HTTP_PROXY: "http://p:1" }, null],
  ];
  for (const [what, url, environment, expected] of rows) {
    it(`names ${what}`, () => assert.equal(proxyOf(new URL(url), environment)?.href ?? null, expected));
  }
});
