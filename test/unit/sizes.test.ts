import assert from "node:assert/strict";
import { bytesText } from "../../src/vscode/commands/sizes";

describe("bytesText", () => {
  for (const [bytes, text] of [[0, "0 bytes"], [999, "999 bytes"], [1000, "1 kB"], [1499, "1.5 kB"], [99_949, "99.9 kB"], [123_456, "123 kB"], [999_999, "1 MB"], [2_500_000_000, "2.5 GB"], [7e15, "7000 TB"]] as const) {
    it(`shows ${bytes} as ${text}`, () => assert.equal(bytesText(bytes), text));
  }
});
