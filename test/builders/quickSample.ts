// The sample's script for tests that are about a run and not about its checks: they start a process or two, none of them
// npm, and are red and green where the sample's are.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { ScriptInput } from "../../src/adapters/model/script";

/** Fields of a script that hold commands. */
const COMMANDS: ReadonlySet<string> = new Set(["run", "command"]);
const SEALED = `import assert from "node:assert/strict";
import { it } from "node:test";
import { findCommand } from "../src/registry.js";

it("is exact beyond 2^53", () => assert.equal(findCommand("fibonacci").run(["79"], {}), 14472334024676221n));
`;

/** For a copy of samples/tally. */
export function quickSampleScript(): ScriptInput {
  const text = readFileSync(path.resolve("samples/fibonacci.script.json"), "utf8");
  const script = JSON.parse(text, (field, value: unknown) => {
    if (field === "sealedFiles") return (value as readonly object[]).map((file) => ({ ...file, text: SEALED }));
    return COMMANDS.has(field) && typeof value === "string" ? quick(value) : value;
  }) as ScriptInput;
  assert.doesNotMatch(JSON.stringify(script), /"(?:run|command)":"(?:npm|node --test test)/);
  return script;
}

/** A sealed check has to be a test runner's. */
function quick(command: string): string {
  return command.replace(/^npm test$/, "node test/parts.test.js").replace(/^node --test (?=test\/)/, "node ");
}
