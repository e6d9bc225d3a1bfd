// The keys that `when` clauses of the manifest ask for: each is told to the editor only when it has changed.
import { commands } from "vscode";

export type ContextKey = "ready" | "loaded" | "hasTasks" | "hasNotifications" | "filtered" | "filteredOut" | "readOnly";

export class ContextKeys {
  readonly #told = new Map<ContextKey, boolean>();

  constructor(private readonly onFailure: (error: unknown) => void) {}

  set(key: ContextKey, value: boolean): void {
    // A key that was never told is false.
    if ((this.#told.get(key) ?? false) === value) return;
    this.#told.set(key, value);
    commands.executeCommand("setContext", `countersign.${key}`, value).then(undefined, this.onFailure);
  }
}
