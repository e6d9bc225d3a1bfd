// Letters and colours of changed files in the Review tree, as source control shows them. The files are named by a
// scheme of their own, so that nothing else of the editor decorates them.
import { FileDecoration, ThemeColor, Uri, window, type Disposable } from "vscode";
import type { Resource } from "./row";

type Change = Extract<Resource, { readonly kind: "change" }>;

const SCHEME = "countersign-change";

const LETTERS: Readonly<Record<Change["letter"], { readonly tooltip: string; readonly colour: string }>> = {
  A: { tooltip: "Added", colour: "gitDecoration.addedResourceForeground" },
  M: { tooltip: "Modified", colour: "gitDecoration.modifiedResourceForeground" },
  D: { tooltip: "Deleted", colour: "gitDecoration.deletedResourceForeground" },
  T: { tooltip: "Type changed", colour: "gitDecoration.modifiedResourceForeground" },
};

export function changeUri({ root, path, letter }: Change): Uri {
  return Uri.joinPath(Uri.file(root), path).with({ scheme: SCHEME, query: letter });
}

export function registerChangeDecorations(): Disposable {
  return window.registerFileDecorationProvider({
    provideFileDecoration(uri) {
      const found = uri.scheme === SCHEME ? Object.entries(LETTERS).find(([letter]) => letter === uri.query) : undefined;
      if (found === undefined) return undefined;
      const [letter, { tooltip, colour }] = found;
      return new FileDecoration(letter, tooltip, new ThemeColor(colour));
    },
  });
}
