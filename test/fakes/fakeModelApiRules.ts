// What the Messages API refuses, with the words it refuses it in. The first broken rule of a request counts.
import { createHash } from "node:crypto";
import type { Wire } from "./fakeModelApiCache";

const FIELDS = new Set(
  ("model max_tokens messages cache_control container diagnostics inference_geo metadata output_config service_tier speed " +
    "stop_sequences stream system thinking tool_choice tools").split(" "),
);

/** The signature of a thinking block: it is bound to the model and to every character of the thought. */
export function signatureOf(model: unknown, thinking: string): string {
  return `sig-${createHash("sha256").update(`${String(model)}\n${thinking}`).digest("base64url")}`;
}

/** Why the request is refused (400); null when it is not. */
export function brokenRule(body: Wire): string | null {
  const rules = [unknownField, required, sampling, thinkingRule, outputRule, toolsRule, messagesRule, pairsRule, marksRule];
  for (const rule of rules) {
    const broken = rule(body);
    if (broken !== null) return broken;
  }
  return null;
}

function unknownField(body: Wire): string | null {
  const field = Object.keys(body).find((key) => !FIELDS.has(key) && !/^(temperature|top_p|top_k)$/.test(key));
  return field === undefined ? null : `${field}: Extra inputs are not permitted`;
}

function required({ model, max_tokens: limit, messages }: Wire): string | null {
  if (typeof model !== "string" || model === "") return "model: Field required";
  if (limit === undefined) return "max_tokens: Field required";
  if (!Number.isInteger(limit) || (limit as number) < 1) return "max_tokens: Input should be greater than or equal to 1";
  if (!Array.isArray(messages)) return "messages: Field required";
  return messages.length === 0 ? "messages: at least one message is required" : null;
}

function sampling(body: Wire): string | null {
  const field = ["temperature", "top_p", "top_k"].find((key) => body[key] !== undefined);
  return field === undefined ? null : `${field}: sampling parameters are not supported on this model`;
}

/** 4.6 and later take adaptive thinking, 4.7 and later nothing else. */
function generation(model: unknown): number {
  const [, major = "", minor = "0"] = /claude-[a-z]+-(\d+)(?:-(\d{1,2})(?!\d))?/.exec(String(model)) ?? [];
  return major === "" ? 0 : Number(major) + Number(minor) / 10;
}

function thinkingRule({ thinking, model }: Wire): string | null {
  if (thinking === undefined) return null;
  const { type } = thinking as Wire;
  if (type === "adaptive" && generation(model) < 4.6) return "thinking: adaptive thinking is not supported on this model";
  if (type === "enabled" && generation(model) > 4.6) return '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive"';
  return null;
}

const EFFORTS: readonly unknown[] = ["low", "medium", "high", "xhigh", "max"];

function outputRule({ output_config: config, model }: Wire): string | null {
  if (config === undefined) return null;
  const { effort, format, ...rest } = config as Wire;
  const [other] = Object.keys(rest);
  if (other !== undefined) return `output_config.${other}: Extra inputs are not permitted`;
  if (effort !== undefined && !EFFORTS.includes(effort)) return "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'";
  const takesEffort = generation(model) >= 4.6 || String(model).startsWith("claude-opus-4-5");
  if (effort !== undefined && !takesEffort) return "This model does not support the effort parameter.";
  if (format === undefined) return null;
  const { type, schema } = format as Wire;
  if (type !== "json_schema") return "output_config.format.type: Input should be 'json_schema'";
  return schemaRule(schema, "output_config.format.schema");
}

const REFUSED_KEYWORDS = [
  "oneOf", "not", "if", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
  "minLength", "maxLength", "pattern", "maxItems", "uniqueItems", "patternProperties", "$schema",
];

function schemaRule(schema: unknown, place: string): string | null {
  if (Array.isArray(schema)) return firstOf(schema, (item, index) => schemaRule(item, `${place}.${index}`));
  if (typeof schema !== "object" || schema === null) return null;
  const node = schema as Wire;
  const refused = REFUSED_KEYWORDS.find((keyword) => keyword in node);
  if (refused !== undefined) return `${place}: For '${typeof node["type"] === "string" ? node["type"] : "schema"}' type, property '${refused}' is not supported`;
  if (node["type"] === "object" && node["additionalProperties"] !== false) {
    return `${place}: For 'object' type, 'additionalProperties' must be explicitly set to false`;
  }
  const children = Object.entries(node).filter(([key]) => key !== "properties" && key !== "enum" && key !== "const" && key !== "required");
  const properties = Object.entries((node["properties"] ?? {}) as Wire);
  return firstOf([...children, ...properties], ([key, child]) => schemaRule(child, `${place}.${key}`));
}

function toolsRule({ tools, tool_choice: choice }: Wire): string | null {
  const type = (choice as Wire | undefined)?.["type"];
  if (type === "any" || type === "tool") return `tool_choice: forced tool use ("${type}") is not supported on this model`;
  const names = new Set<unknown>();
  return firstOf(list(tools), ({ name, input_schema: schema }, index) => {
    if (!/^[a-zA-Z0-9_-]{1,128}$/.test(String(name))) return `tools.${index}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`;
    if (names.has(name)) return "tools: Tool names must be unique.";
    names.add(name);
    return (schema as Wire | undefined)?.["type"] === "object" ? null : `tools.${index}.custom.input_schema.type: Field required`;
  });
}

function messagesRule({ messages, model }: Wire): string | null {
  const all = list(messages);
  if (all[0]?.["role"] !== "user") return "messages: first message must use the \"user\" role";
  if (all.at(-1)?.["role"] !== "user") return "This model does not support assistant message prefill. The conversation must end with a user message.";
  return firstOf(all, ({ role, content }, index) => {
    if (role !== "user" && role !== "assistant") return `messages.${index}.role: Input should be 'user' or 'assistant'`;
    if (typeof content === "string") return content.trim() === "" ? `messages.${index}: text content blocks must contain non-whitespace text` : null;
    if (list(content).length === 0) return `messages.${index}: all messages must have non-empty content`;
    return firstOf(list(content), (block, place) => blockRule(block, String(role), `messages.${index}.content.${place}`, model));
  });
}

function blockRule(block: Wire, role: string, place: string, model: unknown): string | null {
  switch (block["type"]) {
    case "text":
      return String(block["text"]).trim() === "" ? `${place}: text content blocks must contain non-whitespace text` : null;
    case "tool_use": {
      if (role !== "assistant") return `${place}: tool_use blocks can only be in assistant messages`;
      const { input } = block;
      return typeof input === "object" && input !== null && !Array.isArray(input) ? null : `${place}.tool_use.input: Input should be a valid dictionary`;
    }
    case "tool_result":
      return role === "user" ? null : `${place}: tool_result blocks can only be in user messages`;
    case "thinking":
      return block["signature"] === signatureOf(model, String(block["thinking"])) ? null : `${place}: Invalid \`signature\` in \`thinking\` block`;
    case "redacted_thinking":
      return null;
    default:
      return `${place}: Input tag '${String(block["type"])}' found using 'type' does not match any of the expected tags`;
  }
}

/** Every call has its result in the next message, first in it; no result is without its call. */
function pairsRule({ messages }: Wire): string | null {
  const all = merged(list(messages));
  const seen = new Set<unknown>();
  return firstOf(all, ({ role, content }, index) => {
    const uses = content.filter(({ type }) => type === "tool_use").map(({ id }) => id);
    const repeated = uses.find((id) => seen.has(id) || uses.indexOf(id) !== uses.lastIndexOf(id));
    if (repeated !== undefined) return `messages.${index}: \`tool_use\` ids must be unique`;
    for (const id of uses) seen.add(id);
    const next = all[index + 1]?.content ?? [];
    const results = next.filter(({ type }) => type === "tool_result").map(({ tool_use_id: id }) => id);
    const missing = role === "assistant" ? uses.filter((id) => !results.includes(id)) : [];
    if (missing.length > 0) return `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(", ")}`;
    if (role !== "user") return null;
    const before = (all[index - 1]?.content ?? []).filter(({ type }) => type === "tool_use").map(({ id }) => id);
    const stray = content.find(({ type, tool_use_id: id }) => type === "tool_result" && !before.includes(id));
    if (stray !== undefined) return `messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${String(stray["tool_use_id"])}`;
    const firstText = content.findIndex(({ type }) => type !== "tool_result");
    const late = firstText >= 0 && content.slice(firstText).some(({ type }) => type === "tool_result");
    return late ? `messages.${index}: \`tool_result\` blocks must come first` : null;
  });
}

function marksRule(body: Wire): string | null {
  const blocks = [...list(body["tools"]), ...list(body["system"]), ...list(body["messages"]).flatMap(({ content }) => list(content))];
  const marked = blocks.filter((block) => block["cache_control"] !== undefined && block["cache_control"] !== null);
  if (marked.length > 4) return `A maximum of 4 blocks with cache_control may be provided. Found ${marked.length}.`;
  const wrong = marked.find(({ type }) => type === "thinking" || type === "redacted_thinking");
  return wrong === undefined ? null : "cache_control cannot be set for thinking blocks";
}

function merged(messages: readonly Wire[]): { role: unknown; content: readonly Wire[] }[] {
  const turns: { role: unknown; content: readonly Wire[] }[] = [];
  for (const { role, content } of messages) {
    const last = turns.at(-1);
    if (last !== undefined && last.role === role) last.content = [...last.content, ...list(content)];
    else turns.push({ role, content: list(content) });
  }
  return turns;
}

function list(value: unknown): readonly Wire[] {
  return Array.isArray(value) ? (value as readonly Wire[]) : [];
}

function firstOf<T>(items: readonly T[], rule: (item: T, index: number) => string | null): string | null {
  for (const [index, item] of items.entries()) {
    const broken = rule(item, index);
    if (broken !== null) return broken;
  }
  return null;
}
