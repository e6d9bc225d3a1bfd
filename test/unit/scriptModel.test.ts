import { strict as assert } from "node:assert";
import { canGoOn, playedBy, pricedAs, scriptFileOf } from "../../src/core/domain/scriptModel";

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

  it("is made so that file and model are told apart again, or without the model", () => {
    const made = [playedBy("/a.json", "claude-opus-5-5"), playedBy("/a.json", "script:/old.json#claude-opus-5-5"), playedBy("/a.json", "script:/old.json"), playedBy("/a.json", "vscode:copilot/gpt")];
    assert.deepEqual(made, ["script:/a.json#claude-opus-5-5", "script:/a.json#claude-opus-5-5", "script:/a.json", "script:/a.json"]);
  });

  const GOES_ON: readonly (readonly [earlier: string, model: string, goesOn: boolean])[] = [
    ["m", "m", true],
    ["m", "n", false],
    ["m", "script:/a.json#m", true],
    ["script:/a.json#m", "script:/b.json#m", true],
    ["script:/a.json#m", "m", false],
    ["m", "script:/a.json#n", false],
  ];
  for (const [earlier, model, goesOn] of GOES_ON) it(`lets a session of ${earlier} ${goesOn ? "go on" : "begin anew"} with ${model}`, () => assert.equal(canGoOn(earlier, model), goesOn));
});
