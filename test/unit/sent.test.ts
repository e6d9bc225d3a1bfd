import assert from "node:assert/strict";
import { sent } from "../../src/vscode/sent";

describe("sent", () => {
  it("lets what the extension host sends with a timer go before the work that follows", async () => {
    const order: string[] = [];
    // As the host's connection does when something is said.
    setTimeout(() => order.push("said"));
    const work = sent().then(() => order.push("worked"));
    assert.deepEqual(order, [], "nothing waits for it on the spot");
    await work;
    assert.deepEqual(order, ["said", "worked"]);
  });
});
