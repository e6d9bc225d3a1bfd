// The words of a script that stand for what is known only while a task runs: its id and its deliverables folder.
// Both are read off the first message of the conversation, so that nothing has to be kept between requests.
import type { ModelRequest } from "../../core/ports/modelClient";

const DELIVERABLES = /[^\s`"'(]*\/plans\/([A-Za-z0-9][\w-]*)\/deliverables/;

export type Placeholders = ReadonlyMap<string, string>;

export function placeholdersOf(request: ModelRequest): Placeholders {
  const texts = request.messages[0]?.content.map((block) => (block.kind === "text" ? block.text : "")) ?? [];
  return placeholdersIn(texts.join("\n"));
}

/** `first`: the text of a conversation's first message. */
export function placeholdersIn(first: string): Placeholders {
  const [folder, task] = DELIVERABLES.exec(first) ?? [];
  if (folder === undefined || task === undefined) return new Map();
  // The longer one first: the folder's name holds the id.
  return new Map([
    ["{{deliverables}}", folder],
    ["{{taskId}}", task],
  ]);
}

/** Every string within `value`, with the words replaced by what they stand for. */
export function fillIn<T>(value: T, placeholders: Placeholders): T {
  return mapStrings(value, (text) => {
    let filled = text;
    for (const [word, meaning] of placeholders) filled = filled.replaceAll(word, () => meaning);
    return filled;
  });
}

/** The inverse of `fillIn`. */
export function takeOut<T>(value: T, placeholders: Placeholders): T {
  return mapStrings(value, (text) => {
    let general = text;
    for (const [word, meaning] of placeholders) general = general.replaceAll(meaning, () => word);
    return general;
  });
}

function mapStrings<T>(value: T, change: (text: string) => string): T {
  return visit(value, change) as T;
}

function visit(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => visit(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, visit(child, change)]));
}
