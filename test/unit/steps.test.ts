import assert from "node:assert/strict";
import { askInOrder, type Answer, type Place, type Step } from "../../src/vscode/commands/steps";

interface State {
  readonly said: readonly string[];
  readonly skips: boolean;
}

describe("askInOrder", () => {
  const START: State = { said: [], skips: false };
  const places: string[] = [];
  beforeEach(() => places.splice(0));

  /** A step that gives its answers one after the other. */
  function step(name: string, answers: readonly Answer<State>["kind"][], change: Partial<State> = {}): Step<State> {
    const left = [...answers];
    return {
      applies: (state) => name !== "optional" || !state.skips,
      ask: (state, { step: at, of, canGoBack }: Place) => {
        places.push(`${name} ${at}/${of}${canGoBack ? " back" : ""}`);
        return Promise.resolve({ kind: left.shift() ?? "next", state: { ...state, ...change, said: [...state.said, name] } });
      },
    };
  }

  it("asks all, counts them, and has no way back from the first", async () => {
    const outcome = await askInOrder([step("text", []), step("optional", []), step("last", [])], START);
    assert.deepEqual(outcome, { kind: "done", state: { skips: false, said: ["text", "optional", "last"] } });
    assert.deepEqual(places, ["text 1/3", "optional 2/3 back", "last 3/3 back"]);
  });

  it("leaves out what does not apply, forwards and backwards, and counts without it", async () => {
    const outcome = await askInOrder([step("text", [], { skips: true }), step("optional", []), step("last", ["back", "next"])], START);
    assert.equal(outcome.kind, "done");
    assert.deepEqual(places, ["text 1/3", "last 2/2 back", "text 1/2", "last 2/2 back"]);
  });

  it("goes back with what was answered since", async () => {
    const outcome = await askInOrder([step("text", []), step("last", ["back", "next"])], START);
    assert.deepEqual(outcome.state.said, ["text", "last", "text", "last"]);
  });

  it("ends with what is known when the person leaves, and stays where there is nothing before", async () => {
    const left = await askInOrder([step("text", ["back", "next"]), step("last", ["left"])], START);
    assert.deepEqual(left, { kind: "left", state: { skips: false, said: ["text", "text", "last"] } });
  });
});
