// The script file: what a model said in a run, turn by turn, so that it can be said again. Format and reading only.
import { readFile } from "node:fs/promises";
import * as z from "zod/mini";
import { CountersignError, messageOf } from "../../core/domain/errors";
import { parseWith } from "../../core/domain/schema";
import { ROLES } from "../../core/domain/task";

export const SCRIPT_VERSION = 1;

const FAILURE_CODES = [
  "rateLimited",
  "overloaded",
  "serverError",
  "unreachable",
  "disconnected",
  "stalled",
  "invalidKey",
  "notPermitted",
  "spendLimit",
  "contextFull",
  "modelNotFound",
  "badRequest",
  "unsupported",
] as const;

const count = z.int().check(z.minimum(0));
const usageSchema = z.strictObject({ input: count, output: count, cacheRead: count, cacheWrite5m: count, cacheWrite1h: count });

const toolCallSchema = z.strictObject({
  name: z.string().check(z.minLength(1)),
  /** In strings, here and in `text` and `json`, `{{taskId}}` and `{{deliverables}}` stand for the running task's own. */
  input: z._default(z.unknown(), {}),
  /** The raw text of an input that is no JSON object; `input` is then left out. */
  malformed: z.optional(z.string()),
  /** Made up from role, attempt, turn and place when left out. */
  id: z.optional(z.string()),
});

const plainTurn = z.strictObject({
  thinking: z.optional(z.string()),
  text: z.optional(z.string()),
  /** Printed as the text of the turn: a role's structured output, readable in the file. */
  json: z.optional(z.unknown()),
  toolCalls: z._default(z.array(toolCallSchema), []),
  /** Computed from the sizes of request and answer when left out. */
  usage: z.optional(usageSchema),
  /** `toolUse` with tool calls, `endTurn` without, when left out. */
  stop: z.optional(z.enum(["endTurn", "toolUse", "maxTokens", "refusal", "contextFull", "pause"])),
  /** Waited before the turn, milliseconds. */
  delayMs: z.optional(count),
  /** The first `times` requests for this turn fail so, after the text has streamed where `midStream` is set. */
  failure: z.optional(
    z.strictObject({
      code: z.enum(FAILURE_CODES),
      times: z._default(z.int().check(z.minimum(1)), 1),
      retryAfterMs: z.optional(count),
      midStream: z._default(z.boolean(), false),
    }),
  ),
});

const turnSchema = plainTurn.check(
  z.refine(({ toolCalls, ...rest }) => toolCalls.length > 0 || Object.keys(rest).length > 0, { error: "the turn says nothing" }),
);

const scriptSchema = z
  .strictObject({
    version: z.literal(SCRIPT_VERSION),
    description: z._default(z.string(), ""),
    sessions: z.array(
      z.strictObject({
        role: z.enum(ROLES),
        /** 0 for roles that come before the first attempt. */
        attempt: count,
        /** Of a mission's graph; a session without one is said for every task of it that has none of its own. */
        node: z.optional(z.string()),
        turns: z.array(turnSchema),
      }),
    ),
  })
  .check(z.refine((script) => duplicate(script.sessions) === null, { error: "two sessions have the same role, attempt and node" }));

export type Script = z.output<typeof scriptSchema>;
/** As it may be written: what has a default may be left out. */
export type ScriptInput = z.input<typeof scriptSchema>;
export type ScriptSession = Script["sessions"][number];
export type ScriptTurn = ScriptSession["turns"][number];

/** Throws CountersignError `badRequest` that names `source` and what is wrong in it. */
export function parseScript(data: unknown, source: string): Script {
  const parsed = parseWith<Script>(scriptSchema, data);
  if (parsed.ok) return parsed.value;
  throw new CountersignError("badRequest", `The script ${source} cannot be used: ${parsed.problems.slice(0, 5).join("; ")}.`);
}

/** Throws CountersignError `notFound` or `badRequest`. */
export async function loadScript(path: string): Promise<Script> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new CountersignError("notFound", `The script ${path} cannot be read: ${messageOf(cause)}.`, { cause });
  }
  try {
    return parseScript(JSON.parse(text) as unknown, path);
  } catch (cause) {
    if (CountersignError.is(cause)) throw cause;
    throw new CountersignError("badRequest", `The script ${path} is no JSON: ${messageOf(cause)}.`, { cause });
  }
}

export function printScript(script: Script): string {
  return `${JSON.stringify(script, null, 2)}\n`;
}

function duplicate(sessions: readonly { readonly role: string; readonly attempt: number; readonly node?: string | undefined }[]): string | null {
  const keys = sessions.map(({ role, attempt, node = "" }) => `${role} ${attempt} ${node}`);
  return keys.find((key, index) => keys.indexOf(key) !== index) ?? null;
}
