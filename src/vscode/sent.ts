// The order of work and words: what the extension host says to the editor leaves it with a timer. Pure; no vscode here.

/**
 * Resolves when what was said to the editor is on its way. Said and followed by work that blocks, such as loading a
 * bundle, it would leave only after that work.
 */
export function sent(): Promise<void> {
  // The host's own timer runs before one that is set later for the same time.
  return new Promise((resolve) => setTimeout(resolve, 1));
}
