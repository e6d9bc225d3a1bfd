// What `npm run screenshots` shows: one entry for every surface a user sees. They are shown in this order in one
// window, once for each theme and size, so each brings the window to where it wants it and nothing may be left open.
import type { EditorWindow } from "./editorWindow";
import type { Workbench } from "./workbench";

export interface Surface {
  /** The picture's file name. */
  readonly name: string;
  /** Brings the window to where the surface is seen, whatever was shown before. */
  show(window: EditorWindow, workbench: Workbench): Promise<void>;
}

/** Runs once before the first picture: what all surfaces show is made here. */
export async function prepareSurfaces(workbench: Workbench): Promise<void> {
  await workbench.window.openContainer("Countersign");
}

export const SURFACES: readonly Surface[] = [
  {
    name: "side-bar",
    async show(window) {
      await window.openContainer("Countersign");
      await window.view("Tasks").waitFor();
    },
  },
  {
    name: "commands",
    async show(window) {
      await window.page.keyboard.press("F1");
      await window.type(">Countersign: ");
      await window.quickInput.locator(".monaco-list-row").nth(3).waitFor();
    },
  },
];
