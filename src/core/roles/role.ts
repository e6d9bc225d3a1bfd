// What a role is to the engine: a system prompt that never changes, tools, and the shape of its last message.
import type * as z from "zod/mini";
import { jsonSchemaOf, parseWith, type Parsed } from "../domain/schema";
import type { Role, TaskRequest } from "../domain/task";
import { visibleText } from "../domain/visibleText";
import type { JsonSchema } from "../ports/modelClient";
import type { Tool } from "../tools/tool";

/** The shape of a last message and how it is read. */
export interface OutputFormat<T> {
  /** null: plain text. */
  readonly schema: () => JsonSchema | null;
  readonly parse: (text: string) => Parsed<T>;
}

export interface RoleDefinition<T> {
  readonly role: Role;
  /** Byte-stable: it is the cached prefix of every session of this role. */
  readonly system: string;
  readonly tools: readonly Tool[];
  readonly output: OutputFormat<T>;
}

/** The whole message, or the one fenced block it consists of, is JSON of the schema. JSON within prose is not looked for. */
export function jsonOutput<T>(schema: z.ZodMiniType<T>): OutputFormat<T> {
  return {
    schema: () => askingForAll(jsonSchemaOf(schema)),
    parse: (text) => {
      const trimmed = text.trim();
      const body = /^```(?:json)?\s*\n([\s\S]*)\n```$/.exec(trimmed)?.[1] ?? trimmed;
      try {
        return parseWith(schema, JSON.parse(body) as unknown);
      } catch {
        return { ok: false, problems: ["the message is not one JSON object and nothing else"] };
      }
    },
  };
}

/** A model is asked for every field, empty or not: the API refuses schemas with more than ten that may be left out. */
function askingForAll(schema: JsonSchema): JsonSchema {
  const { properties } = schema;
  return typeof properties === "object" && properties !== null ? { ...schema, required: Object.keys(properties) } : schema;
}

export const textOutput: OutputFormat<string> = {
  schema: () => null,
  parse: (text) => (text.trim() === "" ? { ok: false, problems: ["the message has no text"] } : { ok: true, value: text.trim() }),
};

/** What the user asked for; a title that is just the beginning of the description is not said twice. */
export function taskText({ title, description }: Pick<TaskRequest, "title" | "description">): string {
  const start = title.replace(/…$/, "");
  return description.trim().startsWith(start) ? description : `${title}\n\n${description}`;
}

/** A titled block of a first message; empty ones are left out. */
export function section(title: string, text: string, level: 1 | 2 = 1): string {
  return text.trim() === "" ? "" : `${"#".repeat(level)} ${title}\n\n${text.trim()}`;
}

/** Items of several lines stay recognisable as one. */
export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item.trim().replaceAll(/\n(?=[^\n])/g, "\n  ")}`).join("\n");
}

export function joinSections(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n\n");
}

const BLOCK_TAGS = ["check_output", "diff", "repository_instructions", "commented_code", "question", "dependency"] as const;
type BlockTag = (typeof BLOCK_TAGS)[number];

const BLOCK_MARKS = new RegExp(`<(?=\\s*/?\\s*(?:${BLOCK_TAGS.join("|")})\\b)`, "gi");

/** Wraps text of the repository, of commands or of other models, so that it cannot be taken for anything else: nothing in it, or in its source's name, closes or opens a block of ours. */
export function quoted(tag: BlockTag, source: string, text: string): string {
  const name = JSON.stringify(visibleText(source)).replace(/[<>]/g, (bracket) => (bracket === "<" ? "\\u003c" : "\\u003e"));
  return `<${tag} source=${name}>\n${visibleText(text).trim().replace(BLOCK_MARKS, "<\\")}\n</${tag}>`;
}
