import { editorModelClient, type EditorChat } from "../../src/vscode/models/editorModelClient";
import { hangingChat, ScriptedChat } from "../fakes/scriptedChat";
import { modelClientContract, type ModelUnderTest } from "./modelClientContract";

describe("editorModelClient as a ModelClient", () => {
  const over = (chat: EditorChat | null): Promise<ModelUnderTest> =>
    Promise.resolve({ client: editorModelClient({ find: () => Promise.resolve(chat), idleMs: () => 60_000 }), close: () => Promise.resolve() });

  modelClientContract({
    saying: (script) => over(new ScriptedChat(script.sessions[0]?.turns ?? [])),
    hanging: () => over(hangingChat()),
    failing: () => over(null),
    showsThinking: false,
  });
});
