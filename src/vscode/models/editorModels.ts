// VS Code's own language models as a model client. Their ids are `vscode:` and the editor's id.
import type { ModelClient } from "../../core/ports/modelClient";

export function editorModels(): ModelClient {
  return {
    stream: () => {
      throw new Error("not here yet");
    },
  };
}
