// Composition root of the extension. Activation must stay cheap: nothing here touches disk, git or a model.
import type { ExtensionContext } from 'vscode';

export function activate(_context: ExtensionContext): void {
  // The editor's views and commands are wired here when they exist.
}

export function deactivate(): void {
  // Nothing is held open yet.
}
