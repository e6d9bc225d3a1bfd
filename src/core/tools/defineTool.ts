// Makes a tool of a schema and two functions: wrong input and every failure become outcomes here, once for all tools.
import type * as z from "zod/mini";
import { CountersignError, messageOf } from "../domain/errors";
import { jsonSchemaOf, parseWith } from "../domain/schema";
import type { Tool, ToolContext, ToolOutcome } from "./tool";

/** Characters of a description; it stands in one line of a tree or a terminal. */
const LONGEST_LINE = 100;

export interface ToolDefinition<Input> {
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodMiniType<Input>;
  readonly readOnly: boolean;
  /** Tools that only read always are. */
  readonly repeatable?: boolean;
  describe(input: Input): string;
  run(input: Input, context: ToolContext): Promise<ToolOutcome>;
}

export function defineTool<Input>(definition: ToolDefinition<Input>): Tool {
  const { name, description, schema, readOnly } = definition;
  return {
    name,
    description,
    inputSchema: jsonSchemaOf(schema),
    readOnly,
    repeatable: definition.repeatable ?? readOnly,
    describe: (input) => describeAny(definition, input),
    run: async (input, context) => {
      try {
        const parsed = parseWith(schema, input);
        if (parsed.ok) return await definition.run(parsed.value, context);
        return failed(`Wrong input for ${name}. ${parsed.problems.join("; ")}`, "wrong input");
      } catch (error) {
        return failed(messageOf(error), CountersignError.is(error) ? error.code : "failed");
      }
    },
  };
}

export function failed(text: string, summary: string): ToolOutcome {
  return { ok: false, text, summary };
}

function describeAny<Input>(definition: ToolDefinition<Input>, input: unknown): string {
  try {
    const parsed = parseWith(definition.schema, input);
    return parsed.ok ? oneLine(definition.describe(parsed.value)) : definition.name;
  } catch {
    // A description is decoration: input that cannot even be looked at has none.
    return definition.name;
  }
}

/** What a person sees in a list: no line breaks, no control or bidirectional characters, not long. */
export function oneLine(text: string): string {
  const plain = text
    .slice(0, 4 * LONGEST_LINE)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .trim();
  const characters = Array.from(plain);
  return characters.length <= LONGEST_LINE ? plain : `${characters.slice(0, LONGEST_LINE - 1).join("")}…`;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : noun.endsWith("ch") ? "es" : "s"}`;
}
