import { strict as assert } from "node:assert";
import { pricedAs, scriptFileOf } from "../../src/core/domain/scriptModel";

describe("the id of a scripted model", () => {
  const IDS: readonly (readonly [id: string, file: string, priced: string])[] = [
    ["script:/home/ada/a.json#claude-opus-5-5", "/home/ada/a.json", "claude-opus-5-5"],
    ["script:a.json", "a.json", "script:a.json"],
    ["script:/home/ada/c#/a.json", "/home/ada/c#/a.json", "script:/home/ada/c#/a.json"],
    ["script:C:\\c#\\a.json#m", "C:\\c#\\a.json", "m"],
    ["script:no#1.json", "no#1.json", "script:no#1.json"],
    ["claude-opus-5-5", "", "claude-opus-5-5"],
    ["other#model", "", "other#model"],
  ];
  for (const [id, file, priced] of IDS) {
    it(`tells file and price of ${id}`, () => {
      assert.deepEqual([scriptFileOf(id), pricedAs(id)], [file, priced]);
    });
  }
});
