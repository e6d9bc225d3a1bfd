import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { AssistantBlock, StopReason } from "../../src/core/domain/conversation";
import type { EventBody, JournalEvent } from "../../src/core/domain/event";
import type { SessionId, TaskId } from "../../src/core/domain/task";
import type { TranscriptEntry } from "../../src/core/ports/transcripts";
import { UTC_STAMP } from "../../src/core/reports/printTranscript";
import { transcriptOutline } from "../../src/core/reports/transcriptOutline";
import { TranscriptText, textOf as printed, type TranscriptPieces } from "../../src/core/reports/transcriptText";
import { ANY_CHARACTER } from "../builders/anyCharacter";
import { nastyText } from "../builders/contractBuilder";
import { numbered } from "../builders/eventBuilder";
import { GoldenFolder } from "../builders/goldenFile";
import { GENERATOR, NEGOTIATOR, sampleEntries, sampleEvents, sampleView, sessionIn } from "../builders/sampleRun";
import { SOME_USAGE } from "../builders/samples";

const golden = new GoldenFolder("reports/transcript");
const OPTIONS = { stamp: UTC_STAMP, maxBytes: 4000 };
const view = sampleView();
const live = { ...sessionIn(view, GENERATOR), endedAt: null, outcome: null };

function whole(session: SessionId): string {
  const text = new TranscriptText(session, OPTIONS);
  for (const event of sampleEvents()) text.apply(event);
  text.add(sampleEntries(session));
  return printed(text.pieces(view, sessionIn(view, session), "ended"));
}

const HEADER = { kind: "header", session: GENERATOR, role: "generator", attempt: 1, model: "m", system: "You work.", tools: ["read_file"] } as const;
const said = (text: string): TranscriptEntry => ({ kind: "user", message: { role: "user", content: [{ kind: "text", text }] } });
const answered = (content: readonly AssistantBlock[], stop: StopReason = "toolUse"): TranscriptEntry => ({ kind: "assistant", message: { role: "assistant", content }, stop, usage: SOME_USAGE });
const called = (id: string, name: string, input: unknown): AssistantBlock => ({ kind: "toolCall", id, name, input });
const result = (callId: string, content: string, isError = false): TranscriptEntry => ({ kind: "toolResult", result: { kind: "toolResult", callId, content, isError } });

function textOf(entries: readonly TranscriptEntry[], bodies: readonly EventBody[] = [], maxBytes = OPTIONS.maxBytes): TranscriptText {
  const text = new TranscriptText(GENERATOR, { ...OPTIONS, maxBytes });
  for (const event of events(bodies)) text.apply(event);
  text.add(entries);
  return text;
}

const events = (bodies: readonly EventBody[]): readonly JournalEvent[] => numbered("t" as TaskId, bodies);
const bodyOf = (pieces: TranscriptPieces): string => printed({ ...pieces, header: "" });
const running = (text: TranscriptText): string => bodyOf(text.pieces(view, live, "live"));
const ended = (text: TranscriptText): string => bodyOf(text.pieces(view, sessionIn(view, GENERATOR), "ended"));
const stream = (kind: "textStreamed" | "thinkingStreamed", text: string) => ({ kind, task: "t" as TaskId, session: GENERATOR, text });

describe("TranscriptText of the recorded sample run", () => {
  after(() => golden.hasNoOthers());

  it("prints the generator's session: reads, edits as diffs, commands", () => golden.matches("generator.md", whole(GENERATOR)));
  it("prints the contract negotiator's session: an answer that was sent back", () => golden.matches("negotiator.md", whole(NEGOTIATOR)));
});

describe("TranscriptText", () => {
  it("says the same however the entries and events came in, and whenever it was looked at", () => {
    const [entries, journal] = [sampleEntries(GENERATOR), sampleEvents()];
    const expected = whole(GENERATOR);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(6), fc.nat(40), fc.boolean()), { maxLength: 30 }), (steps) => {
        const text = new TranscriptText(GENERATOR, OPTIONS);
        let [read, heard] = [0, 0];
        for (const [some, more, looks] of [...steps, [entries.length, journal.length, false] as const]) {
          for (const event of journal.slice(heard, heard + more)) text.apply(event);
          text.add(entries.slice(read, read + some));
          [read, heard] = [read + some, heard + more];
          // Whoever looks has heard of what is settled: the journal is told first.
          if (looks && heard >= journal.length) text.pieces(view, live, "live");
        }
        assert.equal(printed(text.pieces(view, sessionIn(view, GENERATOR), "ended")), expected);
      }),
      { numRuns: 30 },
    );
  });

  it("only ever changes its end while it grows, so that what a reader looks at stays", () => {
    const text = new TranscriptText(GENERATOR, OPTIONS);
    for (const event of sampleEvents()) text.apply(event);
    let before: readonly string[] = [];
    for (const entry of sampleEntries(GENERATOR)) {
      text.add([entry]);
      const now = running(text).split(/^(?=## )/m);
      for (const [index, part] of before.slice(0, -1).entries()) assert.equal(now[index], part);
      before = now;
    }
  });

  it("keeps its header as many lines long, whatever the session comes to", () => {
    const text = textOf([]);
    const lines = [
      text.pieces(view, live, "live"),
      text.pieces(view, { ...live, outcome: "timedOut", detail: "the phase\nreached its limit", endedAt: view.updatedAt, retries: 2 }, "ended"),
      text.pieces(view, live, "interrupted"),
    ].map(({ header }) => header.split("\n").length);
    assert.equal(new Set(lines).size, 1);
  });

  it("shows what streams in under the turn that it will be, and shows it until the turn is read", () => {
    const text = textOf([HEADER, said("Do it.")]);
    assert.match(running(text), /\n## Turn 1 · waiting for the model\n$/);
    assert.equal(text.stream(stream("thinkingStreamed", "Let me\nsee. ")), true);
    text.stream(stream("textStreamed", "I look"));
    assert.match(running(text), /## Turn 1 · in progress\n\n### Thinking\n\n> Let me\n> see\.\n\nI look\n$/);
    const [completed] = events([{ kind: "turnCompleted", session: GENERATOR, turn: 1, model: "m", usage: SOME_USAGE, usd: null, durationMs: 1500, stop: "endTurn", toolCalls: 0 }]);
    assert.ok(completed && text.apply(completed));
    assert.match(running(text), /## Turn 1 · in progress[^]*I look\n$/);
    text.add([answered([{ kind: "text", text: "I looked." }], "endTurn")]);
    assert.match(running(text), /## Turn 1 · 08:59:59 · 1\.5 s · 7,257 in \(94 % from cache\), 345 out · cost unknown\n\nI looked\.\n\n$/);
  });

  it("forgets what had streamed in when the model is asked again, and says why", () => {
    const text = textOf([HEADER, said("Do it.")]);
    text.stream(stream("textStreamed", "I loo"));
    const [retried] = events([{ kind: "modelRetried", session: GENERATOR, reason: "The server is overloaded.", tries: 1, delayMs: 1500 }]);
    assert.ok(retried && text.apply(retried));
    assert.match(running(text), /## Turn 1 · waiting for the model\n\n> 09:00:01 The server is overloaded\. Asked again after 1\.5 s\.\n$/);
  });

  it("shows the end of a running command's output, then its result", () => {
    const bodies: readonly EventBody[] = [{ kind: "toolCalled", session: GENERATOR, call: "c1", tool: "run_command", summary: "npm test" }];
    const text = textOf([HEADER, said("Do it."), answered([called("c1", "run_command", { command: "npm test" })])], bodies);
    text.stream({ kind: "outputStreamed", task: "t" as TaskId, source: GENERATOR, text: "ok 1\n" });
    assert.equal(text.stream({ kind: "outputStreamed", task: "t" as TaskId, source: "K1", text: "of a check" }), false);
    assert.match(running(text), /### ● run_command `npm test`\n\nOutput so far:\n\n```text\nok 1\n```\n\n$/);
    const [finished] = events([{ kind: "toolFinished", session: GENERATOR, call: "c1", tool: "run_command", ok: false, summary: "exit 1", durationMs: 4300 }]);
    assert.ok(finished && text.apply(finished));
    text.add([result("c1", "exit 1\nnot ok 2", true)]);
    assert.match(running(text), /### ✘ run_command `npm test` · exit 1 · 4\.3 s\n\nResult:\n\n```text\nexit 1\nnot ok 2\n```\n\n## Turn 2 · waiting for the model\n$/);
  });

  it("shows thoughts quoted, tells encrypted ones, and leaves a provider's other blocks out", () => {
    const opaque = (block: unknown): AssistantBlock => ({ kind: "opaque", provider: "anthropic", block });
    const body = ended(textOf([answered([
      opaque({ type: "thinking", thinking: "First.\n\n## Second", signature: "x" }),
      opaque({ type: "redacted_thinking", data: "x" }),
      opaque({ type: "server_tool_use", secret: "hidden" }),
      opaque({ type: "thinking", thinking: "" }),
      { kind: "text", text: "Done." },
    ], "endTurn")]));
    assert.match(body, /### Thinking\n\n> First\.\n>\n> #### Second\n\n### Thinking\n\n> The provider has encrypted it\.\n\nDone\.\n/);
    assert.doesNotMatch(body, /hidden|signature/);
  });

  it("says why an answer is not whole, and what was called with unreadable input", () => {
    const body = ended(textOf([answered([{ kind: "toolCall", id: "c", name: "write_file", input: null, malformed: '{"path": "a' }], "maxTokens")]));
    assert.match(body, /## Turn 1 · [^\n]*\n\n_The answer was cut at the output limit\._\n\n### ○ write_file\n\nInput:\n\n```text\n\{"path": "a\n```/);
  });

  it("shows head and tail of a long result, and says how long it is", () => {
    const content = Array.from({ length: 2000 }, (_, index) => `line ${index}`).join("\n");
    const body = ended(textOf([answered([called("c", "list_files", {})]), result("c", content)], [], 1000));
    assert.match(body, /\nline 0\n[^]*… \d+ bytes left out …[^]*line 1999\n```\n\nOpen the whole result \(19 KB\)\n/);
    assert.ok(body.length < 1500, String(body.length));
    assert.doesNotMatch(ended(textOf([answered([called("c", "list_files", {})]), result("c", content)], [], Infinity)), /left out|Open the whole/);
  });

  it("lets no control character and no odd line end through, wherever it comes from", () => {
    fc.assert(
      fc.property(fc.string({ unit: ANY_CHARACTER, maxLength: 60 }), (wild) => {
        const text = textOf([{ ...HEADER, system: wild }, said(wild), answered([{ kind: "text", text: wild }, called("c", "search", { pattern: wild })]), result("c", wild)]);
        const pieces = text.pieces({ ...view, request: { ...view.request, title: wild } }, { ...live, detail: wild, outcome: "refused" }, "ended");
        // oxlint-disable-next-line no-control-regex
        assert.doesNotMatch(printed(pieces), /[\u0000-\u0008\u000b-\u001f\u007f\u0085\u2028\u2029]/);
      }),
    );
  });
});

describe("transcriptOutline", () => {
  it("finds the turns and calls again that were printed, whatever models and tools wrote", () => {
    const call = fc.record({ name: fc.constantFrom("read_file", "edit_file", "run_command", "search"), text: nastyText });
    const turns = fc.array(fc.record({ text: nastyText, thinking: nastyText, calls: fc.array(call, { maxLength: 3 }), reply: nastyText }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(turns, nastyText, (given, request) => {
        const entries = given.flatMap(({ text, thinking, calls, reply }, turn) => [
          answered([
            { kind: "opaque", provider: "p", block: { type: "thinking", thinking } },
            { kind: "text", text },
            ...calls.map((one, index) => called(`${turn}-${index}`, one.name, { path: one.text, command: one.text, edits: [{ find: one.text, replace: text }] })),
          ]),
          ...calls.map((one, index) => result(`${turn}-${index}`, one.text)),
          said(reply),
        ]);
        const { sections } = transcriptOutline(printed(textOf([HEADER, said(request), ...entries]).pieces(view, sessionIn(view, GENERATOR), "ended")));
        assert.deepEqual(
          sections.map(({ kind }) => kind),
          ["instructions", "request", ...given.flatMap(() => ["turn", "remark"]), "other"],
        );
        const calls = sections.flatMap(({ children }) => children).filter(({ kind }) => kind === "call");
        assert.deepEqual(calls.map(({ ordinal }) => ordinal), calls.map((_, index) => index));
        assert.deepEqual(sections.map(({ children }) => children.filter(({ kind }) => kind === "call").length).filter((_, at) => sections[at]?.kind === "turn"), given.map((turn) => turn.calls.length));
        for (const [index, { start, end }] of sections.entries()) assert.ok(start <= end && end < (sections[index + 1]?.start ?? Infinity));
      }),
    );
  });

  it("ends a thought with its quote and a call before what follows it", () => {
    const text = textOf([
      answered([{ kind: "opaque", provider: "p", block: { type: "thinking", thinking: "a\n\nb" } }, { kind: "text", text: "So." }, called("c", "search", { pattern: "x" }), { kind: "text", text: "Then." }]),
      result("c", "found"),
    ]);
    const lines = ended(text).split("\n");
    const [section] = transcriptOutline(lines.join("\n")).sections;
    assert.deepEqual(
      section?.children.map(({ kind, start, end }) => [kind, lines[start], lines[end]]),
      [
        ["thinking", "### Thinking", "> b"],
        ["call", "### ✔ search", "```"],
        ["said", "### Said", "Then."],
      ],
    );
  });

  it("tells paths from what follows them, and what was left out from what models say was", () => {
    const bodies: readonly EventBody[] = [
      { kind: "toolCalled", session: GENERATOR, call: "c1", tool: "read_file", summary: "src/a ` b.js 3–9" },
      { kind: "toolFinished", session: GENERATOR, call: "c1", tool: "read_file", ok: true, summary: "7 lines", durationMs: 1 },
      { kind: "toolCalled", session: GENERATOR, call: "c2", tool: "run_command", summary: "echo a · b" },
      { kind: "toolFinished", session: GENERATOR, call: "c2", tool: "run_command", ok: true, summary: "exit 0", durationMs: 2 },
    ];
    const entries = [
      answered([called("c1", "read_file", { path: "src/a ` b.js", from: 3, count: 7 }), called("c2", "run_command", { command: "echo a · b" })]),
      result("c1", "x".repeat(5000)),
      result("c2", "Open the whole result (9 KB)"),
    ];
    const lines = ended(textOf(entries, bodies)).split("\n");
    const { sections, paths, wholes } = transcriptOutline(lines.join("\n"));
    assert.deepEqual(sections[0]?.children.map(({ title, detail }) => [title, detail]), [
      ["✔ read_file ``src/a ` b.js`` 3–9", "7 lines · 1 ms"],
      ["✔ run_command `echo a · b`", "exit 0 · 2 ms"],
    ]);
    assert.deepEqual(paths.map(({ line, from, to, path }) => [path, lines[line]?.slice(from, to)]), [["src/a ` b.js", "src/a ` b.js"]]);
    assert.deepEqual(wholes.map(({ ordinal, part, line }) => [ordinal, part, lines[line]]), [[0, "result", "Open the whole result (5 KB)"]]);
  });
});
