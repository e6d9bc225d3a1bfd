// VS Code's own language models as a model client. Their ids are `vscode:<vendor>/<id>`. Only this file speaks the API.
import {
  CancellationTokenSource,
  LanguageModelChatMessage,
  LanguageModelChatMessageRole,
  LanguageModelTextPart,
  LanguageModelToolCallPart,
  LanguageModelToolResultPart,
  lm,
  type LanguageModelChat,
  type LanguageModelChatTool,
} from "vscode";
import type { ModelClient, ToolSpec } from "../../core/ports/modelClient";
import type { ChatMessage, ChatPart } from "./editorConversation";
import { EDITOR_PREFIX, editorModelClient, type EditorChat } from "./editorModelClient";

/** `idleMs`: silence after which a request is given up. */
export function editorModels(idleMs: () => number): ModelClient {
  return editorModelClient({ idleMs, find: async (id) => asChat(await chatModel(id)) });
}

/** The id by which a role names one of the editor's models. */
export function editorModelId(model: Pick<LanguageModelChat, "vendor" | "id">): string {
  return `${EDITOR_PREFIX}${model.vendor}/${model.id}`;
}

/** Whether the editor has the model that such an id names now. */
export async function hasEditorModel(id: string): Promise<boolean> {
  return (await chatModel(id.slice(EDITOR_PREFIX.length))) !== undefined;
}

async function chatModel(name: string): Promise<LanguageModelChat | undefined> {
  const slash = name.indexOf("/");
  const [first] = await lm.selectChatModels({ vendor: name.slice(0, slash), id: name.slice(slash + 1) });
  return first;
}

function asChat(model: LanguageModelChat | undefined): EditorChat | null {
  if (model === undefined) return null;
  return {
    countTokens: (text) => model.countTokens(text),
    send: async (messages, tools, signal) => {
      const source = new CancellationTokenSource();
      signal.addEventListener("abort", () => source.cancel(), { once: true });
      const justification = "It runs the task that you have started.";
      const response = await model.sendRequest(messages.map(wireMessage), { justification, ...(tools.length > 0 ? { tools: tools.map(wireTool) } : {}) }, source.token);
      return partsOf(response.stream);
    },
  };
}

/** Parts of kinds that came with later editors, such as thinking, are left out. */
async function* partsOf(stream: AsyncIterable<unknown>): AsyncGenerator<ChatPart> {
  for await (const part of stream) {
    if (part instanceof LanguageModelTextPart) yield { kind: "text", text: part.value };
    else if (part instanceof LanguageModelToolCallPart) yield { kind: "toolCall", id: part.callId, name: part.name, input: part.input };
  }
}

function wireMessage({ role, parts }: ChatMessage): LanguageModelChatMessage {
  return new LanguageModelChatMessage(role === "user" ? LanguageModelChatMessageRole.User : LanguageModelChatMessageRole.Assistant, parts.map(wirePart));
}

function wirePart(part: ChatPart): LanguageModelTextPart | LanguageModelToolCallPart | LanguageModelToolResultPart {
  switch (part.kind) {
    case "text":
      return new LanguageModelTextPart(part.text);
    case "toolCall":
      return new LanguageModelToolCallPart(part.id, part.name, part.input);
    case "toolResult":
      return new LanguageModelToolResultPart(part.callId, [new LanguageModelTextPart(part.text)]);
  }
}

function wireTool({ name, description, inputSchema }: ToolSpec): LanguageModelChatTool {
  return { name, description, inputSchema };
}
