// What a role is to the engine: a system prompt that never changes, tools, and the shape of its last message.
import type * as z from "zod/mini";
import type { Role } from "../domain/task";
import type { Tool } from "../tools/tool";

export interface RoleDefinition<T> {
  readonly role: Role;
  /** Byte-stable: it is the cached prefix of every session of this role. */
  readonly system: string;
  readonly tools: readonly Tool[];
  /** null: the last message is plain text. */
  readonly output: z.ZodMiniType<T> | null;
}

/** A titled block of a first message; empty ones are left out. */
export function section(title: string, text: string): string {
  return text.trim() === "" ? "" : `# ${title}\n\n${text.trim()}`;
}

export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

export function joinSections(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n\n");
}

/** Wraps text that comes from the repository, so that it cannot be taken for anything else. */
export function quoted(tag: string, source: string, text: string): string {
  const closing = new RegExp(`</(?=${tag}\\b)`, "gi");
  return `<${tag} source=${JSON.stringify(source)}>\n${text.trim().replace(closing, "<\\/")}\n</${tag}>`;
}
