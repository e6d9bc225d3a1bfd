// What every Transcripts must do.
import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { CountersignError } from "../../src/core/domain/errors";
import type { SessionId, TaskId } from "../../src/core/domain/task";
import type { TranscriptEntry, Transcripts } from "../../src/core/ports/transcripts";
import { ANY_CHARACTER } from "../builders/anyCharacter";
import { SOME_USAGE } from "../builders/samples";

const TASK = "add-fibonacci-7k2m" as TaskId;
const SESSION = "generator-1-0001" as SessionId;

/** One entry of every kind, with what providers and models put into them. */
export const ENTRIES: readonly TranscriptEntry[] = [
  {
    kind: "header",
    session: SESSION,
    role: "generator",
    attempt: 1,
    model: "claude-opus-5-5",
    system: "You are the generator.\n",
    tools: ["read_file", "edit_file"],
  },
  { kind: "user", message: { role: "user", content: [{ kind: "text", text: "Add a Fibonacci command." }] } },
  {
    kind: "assistant",
    message: {
      role: "assistant",
      content: [
        { kind: "opaque", provider: "anthropic", block: { type: "thinking", thinking: "…", signature: "Ab+/=" } },
        { kind: "text", text: "“Quoted” \u2028 line\r\nand 🙂" },
        { kind: "toolCall", id: "call_1", name: "read_file", input: { path: "a.js", deep: [1, null, { x: 1e-7 }] } },
        { kind: "toolCall", id: "call_2", name: "edit_file", input: null, malformed: '{"path": ' },
      ],
    },
    stop: "toolUse",
    usage: SOME_USAGE,
  },
  { kind: "toolStarted", call: "call_2" },
  { kind: "toolResult", result: { kind: "toolResult", callId: "call_1", content: "", isError: false } },
];

export function transcriptsContract(create: () => Transcripts): void {
  it("has recovered nothing of a new session", async () => {
    const transcript = await create().open(TASK, SESSION);
    assert.deepEqual(transcript.recovered, []);
    await transcript.close();
  });

  it("gives back every kind of entry verbatim when the session is opened again", async () => {
    const transcripts = create();
    const first = await transcripts.open(TASK, SESSION);
    for (const entry of ENTRIES) first.append(entry);
    await first.flush();
    await first.close();
    const second = await transcripts.open(TASK, SESSION);
    assert.deepEqual(second.recovered, ENTRIES);
    second.append(ENTRIES[3]!);
    await second.close();
    const third = await transcripts.open(TASK, SESSION);
    assert.deepEqual(third.recovered, [...ENTRIES, ENTRIES[3]]);
    await third.close();
  });

  it("keeps sessions and tasks apart", async () => {
    const transcripts = create();
    const places = [
      [TASK, SESSION],
      [TASK, "planner-0-0002"],
      ["other-0000", SESSION],
    ] as const;
    for (const [task, session] of places) {
      const transcript = await transcripts.open(task as TaskId, session as SessionId);
      transcript.append({ kind: "toolStarted", call: `${task} ${session}` });
      await transcript.close();
    }
    for (const [task, session] of places) {
      const transcript = await transcripts.open(task as TaskId, session as SessionId);
      assert.deepEqual(transcript.recovered, [{ kind: "toolStarted", call: `${task} ${session}` }]);
      await transcript.close();
    }
  });

  it("refuses entries once closed, and closes twice without harm", async () => {
    const transcript = await create().open(TASK, SESSION);
    transcript.append(ENTRIES[0]!);
    await transcript.close();
    await transcript.close();
    assert.throws(() => transcript.append(ENTRIES[1]!), CountersignError);
  });

  it("keeps any text and any input as they are (property)", async () => {
    const transcripts = create();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.string({ unit: ANY_CHARACTER }), fc.jsonValue({ stringUnit: ANY_CHARACTER }))), async (turns) => {
        const session = `generator-1-p${++count}` as SessionId;
        const entries = turns.map(([text, value]): TranscriptEntry => {
          const input: unknown = JSON.parse(JSON.stringify(value));
          const call = { kind: "toolCall", id: "call_1", name: text, input } as const;
          return { kind: "assistant", message: { role: "assistant", content: [call] }, stop: "toolUse", usage: SOME_USAGE };
        });
        const transcript = await transcripts.open(TASK, session);
        for (const entry of entries) transcript.append(entry);
        await transcript.close();
        const again = await transcripts.open(TASK, session);
        assert.deepEqual(again.recovered, entries);
        await again.close();
      }),
      { numRuns: 40 },
    );
  });
}
