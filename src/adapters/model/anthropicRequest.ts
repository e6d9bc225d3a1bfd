// Writes a request in the words of the Messages API. Pure; the same conversation always gives the same bytes, except
// for the cache marks, which move on with it.
import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  TextBlockParam,
  Tool,
} from "@anthropic-ai/sdk/resources/messages/messages";
import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema";
import type { AssistantBlock, Message, UserBlock } from "../../core/domain/conversation";
import type { JsonSchema, ModelRequest } from "../../core/ports/modelClient";
import type { Feature } from "./anthropicFeatures";

export const PROVIDER = "anthropic";

const MARK = { cache_control: { type: "ephemeral" } } as const;

/** `messages` stands last, so that consecutive requests of a session share everything before the newest messages. */
export function wireRequest(request: ModelRequest, features: ReadonlySet<Feature>): MessageCreateParamsStreaming {
  const { model, maxOutputTokens, system, tools, outputSchema, effort } = request;
  const cached = features.has("cache");
  const schema = outputSchema !== null && features.has("format") ? closedSchema(outputSchema) : null;
  const outputConfig: MessageCreateParamsStreaming["output_config"] = {
    ...(features.has("effort") ? { effort } : {}),
    ...(schema === null ? {} : { format: { type: "json_schema", schema } }),
  };
  return {
    model,
    max_tokens: maxOutputTokens,
    stream: true,
    // Without `display` newer models send thinking empty, and nothing would move on the screen meanwhile.
    ...(features.has("thinking") ? { thinking: { type: "adaptive", display: "summarized" } } : {}),
    ...(Object.keys(outputConfig).length > 0 ? { output_config: outputConfig } : {}),
    ...(tools.length > 0 ? { tools: tools.map(wireTool) } : {}),
    ...(system === "" ? {} : { system: cached ? [{ type: "text", text: system, ...MARK }] : system }),
    messages: wireMessages(request.messages, cached),
  };
}

function wireTool({ name, description, inputSchema }: ModelRequest["tools"][number]): Tool {
  return { name, description, input_schema: inputSchema as Tool.InputSchema };
}

const closedSchemas = new WeakMap<JsonSchema, JsonSchema | null>();

/**
 * What structured output does not take (`oneOf`, bounds, formats) becomes `anyOf` or words; done once a schema. Null
 * for a schema that says nothing about some part, which cannot be asked for.
 */
function closedSchema(schema: JsonSchema): JsonSchema | null {
  const known = closedSchemas.get(schema);
  if (known !== undefined) return known;
  const closed = transformed(schema);
  closedSchemas.set(schema, closed);
  return closed;
}

function transformed(schema: JsonSchema): JsonSchema | null {
  try {
    return transformJSONSchema(schema);
  } catch {
    return null;
  }
}

/**
 * Marks the end of the newest message, so that everything is written to the cache once, and the end of the user
 * message before it, where the last request's mark was: the server looks back only 20 blocks from a mark, and a turn
 * of many parallel tool calls has more. With the one on the system prompt these are three of the four allowed marks.
 */
function wireMessages(messages: readonly Message[], cached: boolean): MessageParam[] {
  const wire = messages.flatMap((message): MessageParam[] => {
    const content = message.role === "user" ? message.content.flatMap(wireUserBlock) : message.content.flatMap(wireAssistantBlock);
    return content.length === 0 ? [] : [{ role: message.role, content }];
  });
  if (!cached) return wire;
  const users = wire.flatMap(({ role }, index) => (role === "user" ? [index] : []));
  for (const index of users.slice(-2)) markEnd(wire[index]);
  return wire;
}

function markEnd(message: MessageParam | undefined): void {
  if (message === undefined || typeof message.content === "string") return;
  const last = message.content.at(-1);
  if (last?.type === "text" || last?.type === "tool_result") Object.assign(last, MARK);
}

function wireUserBlock(block: UserBlock): ContentBlockParam[] {
  if (block.kind === "text") return wireText(block.text);
  const { callId, content, isError } = block;
  return [{ type: "tool_result", tool_use_id: callId, content, ...(isError ? { is_error: true } : {}) }];
}

function wireAssistantBlock(block: AssistantBlock): ContentBlockParam[] {
  switch (block.kind) {
    case "text":
      return wireText(block.text);
    case "toolCall":
      // The API takes objects only; what the model really wrote is told in the call's result.
      return [{ type: "tool_use", id: block.id, name: block.name, input: block.malformed === undefined ? block.input : {} }];
    case "opaque":
      return block.provider === PROVIDER ? [block.block as ContentBlockParam] : [];
  }
}

/** The API refuses text without a visible character. */
function wireText(text: string): TextBlockParam[] {
  return text.trim() === "" ? [] : [{ type: "text", text }];
}
