import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { HOLD_MS, printable, Terminal } from "../../src/cli/terminal";
import { ANY_CHARACTER } from "../builders/anyCharacter";
import { aTerminal } from "../builders/terminalBuilder";
import { ManualClock } from "../fakes/manualClock";

/** What can move a cursor, change a title, answer a question, or turn text around. */
const HOSTILE = ["\u001b[31m", "\u001b]0;title\u0007", "\u009b2J", "\u0000", "\b", "\r", "\u007f", "\u0085", "\u202e", "\u202a", "\u2066", "\u2069", "\u200e", "\u200f", "\u061c", "\ue0008\ue001", "\ue000", "\ue001"];
const CONTROL = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ue000\ue001]/u;

describe("printable", () => {
  for (const text of HOSTILE) {
    it(`makes ${JSON.stringify(text)} harmless`, () => assert.doesNotMatch(printable(`a${text}b`), CONTROL));
  }

  it("keeps what people write", () => {
    const text = "tabs\tand\nlines, é, 日本語, 🙂, עברית, e\u0301, ✔";
    assert.equal(printable(text), text);
  });

  it("lets no text through that controls a terminal", () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: ANY_CHARACTER }))), (parts) => assert.doesNotMatch(printable(parts.join("")), CONTROL)));
  });
});

describe("Terminal", () => {
  it("colours where somebody looks, nested colours included", () => {
    const { terminal: t, text } = aTerminal({ isTTY: true });
    t.line(`${t.green(t.bold("ok"))} ${t.dim("x")}`);
    assert.equal(text(), "\u001b[32m\u001b[1mok\u001b[0m\u001b[0m \u001b[2mx\u001b[0m\n");
  });

  const plain: readonly (readonly [string, Parameters<typeof aTerminal>[0]])[] = [
    ["a pipe", { isTTY: false }],
    ["NO_COLOR", { isTTY: true, env: { NO_COLOR: "" } }],
    ["a dumb terminal", { isTTY: true, env: { TERM: "dumb" } }],
  ];
  for (const [what, options] of plain) {
    it(`writes plain text to ${what}`, () => {
      const { terminal: t, text } = aTerminal(options);
      t.line(t.red("failed"));
      t.line();
      assert.equal(text(), "failed\n\n");
    });
  }

  it("lets nobody else colour a line", () => {
    for (const options of [{ isTTY: true }, { isTTY: false }]) {
      const { terminal: t, text } = aTerminal(options);
      t.line("\u001b[32m✔ QA passed\u001b[0m \ue00032\ue001✔ QA passed\ue0000\ue001");
      assert.equal(text(), "[32m✔ QA passed[0m 32✔ QA passed0\n");
    }
  });

  it("passes raw text on to a pipe as it is, and cleans it for a person", () => {
    const diff = "+\u001b[2Jred\r\n";
    const pipe = aTerminal();
    pipe.terminal.raw(diff);
    assert.equal(pipe.text(), diff);
    const person = aTerminal({ isTTY: true });
    person.terminal.raw(diff);
    assert.equal(person.text(), "+[2Jred\n");
  });

  it("writes at once unless it is told to hold", () => {
    const { terminal: t, text } = aTerminal();
    t.line("now");
    assert.equal(text(), "now\n");
  });

  it("holds text for a moment and writes it in one go, in order", async () => {
    const clock = new ManualClock();
    const { terminal: t, writes } = aTerminal({ holdWith: clock });
    t.line("one");
    t.raw("two");
    await clock.advance(HOLD_MS - 1);
    assert.deepEqual(writes(), []);
    await clock.advance(1);
    assert.deepEqual(writes(), ["one\ntwo"]);
    t.line("three");
    await clock.advance(HOLD_MS);
    assert.deepEqual(writes(), ["one\ntwo", "three\n"]);
  });

  it("writes what it holds when it is flushed, and not again", async () => {
    const clock = new ManualClock();
    const { terminal: t, writes } = aTerminal({ holdWith: clock });
    t.line("last words");
    t.flush();
    t.flush();
    await clock.advance(HOLD_MS);
    assert.deepEqual(writes(), ["last words\n"]);
  });

  it("lets the text of the stream before it out first", () => {
    const written: string[] = [];
    const stream = (name: string) => ({ isTTY: false, write: (text: string) => written.push(`${name} ${text}`) > 0 }) as unknown as NodeJS.WriteStream;
    const out = new Terminal(stream("out"), {}, { holdWith: new ManualClock() });
    const err = new Terminal(stream("err"), {}, { after: out });
    out.line("a");
    err.line("b");
    assert.deepEqual(written, ["out a\n", "err b\n"]);
  });
});
