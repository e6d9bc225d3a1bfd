import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { Headers as LightHeaders } from "../../src/adapters/model/lightHeaders";

const name = fc.constantFrom("Accept", "accept", "ACCEPT", "x-api-key", "X-Api-Key", "content-type", "anthropic-version");
const value = fc.constantFrom("", "a", " a ", "\ta, b\r\n", "text/event-stream; charset=utf-8", "é", "null");

const sorted = (items: Iterable<string | readonly [string, string]>): readonly string[] => Array.from(items, String).toSorted((a, b) => (a < b ? -1 : 1));

const step = fc.oneof(
  fc.record({ kind: fc.constantFrom("append" as const, "set" as const), name, value }),
  fc.record({ kind: fc.constantFrom("delete" as const, "get" as const, "has" as const), name }),
);

describe("Headers, the light ones", () => {
  it("answer as the global class does, whatever is done to them (property)", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), fc.array(step), (pairs, steps) => {
        const [light, real] = [new LightHeaders(pairs), new Headers(pairs)];
        for (const s of steps) {
          const answers = [light, real].map((headers) => ("value" in s ? headers[s.kind](s.name, s.value) : headers[s.kind](s.name)));
          assert.equal(answers[0], answers[1], s.kind);
        }
        assert.deepEqual(sorted(light), sorted(real));
        assert.deepEqual(sorted(light.entries()), sorted(real.entries()));
        assert.deepEqual(sorted(light.keys()), sorted(real.keys()));
        assert.deepEqual(sorted(light.values()), sorted(real.values()));
        const seen: [string, string][] = [];
        light.forEach((text, key) => seen.push([key, text]));
        assert.deepEqual(sorted(seen), sorted(real));
      }),
    );
  });

  it("are made from whatever a request's headers may be", () => {
    const made = [{ "X-One": "1", two: " 2 " }, [["x-one", "1"], ["TWO", "2"]] as const, new Headers({ "x-one": "1", two: "2" }), new LightHeaders({ "X-ONE": "1", two: "2" })];
    for (const init of made) assert.deepEqual(sorted(new LightHeaders(init)), ["two,2", "x-one,1"]);
    for (const init of [undefined, null, {}, []]) assert.deepEqual([...new LightHeaders(init)], []);
  });
});
