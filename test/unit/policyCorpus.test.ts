import { strict as assert } from "node:assert";
import { decide, type Decision } from "../../src/core/policy/commandPolicy";
import { MUST_ASK, MUST_DENY, PLAIN_READS, READING, READS_THAT_NAME_DENIED_WORDS } from "../fixtures/commandPolicy";

const LISTS: readonly (readonly [Decision, readonly string[]])[] = [
  ["allow", PLAIN_READS],
  ["allow", READS_THAT_NAME_DENIED_WORDS],
  ["ask", MUST_ASK],
  ["deny", MUST_DENY],
];

describe("decide, over the corpus", () => {
  for (const [expected, commands] of LISTS) {
    for (const command of commands) {
      it(`${expected}: ${JSON.stringify(command)}`, () => {
        const { decision, reason } = decide(command, READING);
        assert.equal(decision, expected, reason);
        assert.match(reason, /\S.*\.$/s);
      });
    }
  }

  it("has rows enough, and none twice", () => {
    const all = LISTS.flatMap(([, commands]) => commands);
    assert.ok(all.length >= 300, `${all.length} rows`);
    assert.deepEqual(all.filter((command, at) => all.indexOf(command) !== at), []);
  });

  it("allows nothing where there are no entries", () => {
    for (const [, commands] of LISTS) {
      for (const command of commands) assert.equal(decide(command, { allow: [], deny: [] }).decision, "ask", command);
    }
  });

  it("never lets what is denied be allowed when nothing denies it", () => {
    const { allow } = READING;
    for (const command of MUST_DENY) assert.equal(decide(command, { allow, deny: [] }).decision, "ask", command);
  });
});
