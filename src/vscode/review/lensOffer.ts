// Diff editors hide code lenses unless a setting of the editor's shows them. It is the user's: asked for once.
import { ConfigurationTarget, window, workspace, type Memento } from "vscode";

const ASKED = "review.lensesOffered";

/** Resolves when the user has answered, or at once where there is nothing to ask. */
export async function offerLenses(asked: Memento): Promise<void> {
  const settings = workspace.getConfiguration("diffEditor");
  if (settings.get<boolean>("codeLens") === true || asked.get<boolean>(ASKED) === true) return;
  await asked.update(ASKED, true);
  const text = "Show Accept and Reject above each hunk? This turns on the editor’s setting “Diff Editor: Code Lens”. Without it, hover a hunk, right-click it, or use the keys.";
  if ((await window.showInformationMessage(text, "Show Them")) === "Show Them") await settings.update("codeLens", true, ConfigurationTarget.Global);
}
