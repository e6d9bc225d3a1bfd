// Opens the dashboard on demand: everything else about it is loaded with the first panel or view.
import { window, type Disposable } from "vscode";
import type { Host } from "../host";
import { pickTask } from "../pickTask";
import { command } from "../run";
import type { Dashboard } from "./dashboard";
import { PANEL_TYPE, VIEW_ID } from "./panelType";

export function registerDashboard(host: Host): readonly Disposable[] {
  const lazy = new LazyDashboard(host);
  return [
    lazy,
    command(host, "openDashboard", async () => {
      const askedAt = performance.now();
      return (await lazy.get()).show({ kind: "overview" }, askedAt);
    }),
    command(host, "openTask", async (argument) => {
      const picked = await pickTask(host, argument, { title: "Open which task?", fits: () => true, none: "There are no tasks yet." });
      if (picked === undefined) return null;
      const askedAt = performance.now();
      return (await lazy.get()).show({ kind: "task", root: picked.desk.root, task: picked.view.request.id, tab: "progress" }, askedAt);
    }),
    window.registerWebviewPanelSerializer(PANEL_TYPE, {
      deserializeWebviewPanel: async (panel, state) => (await lazy.get()).restore(panel, state),
    }),
    window.registerWebviewViewProvider(VIEW_ID, {
      resolveWebviewView: async (view, { state }: { readonly state: unknown }) => (await lazy.get()).fillView(view, state),
    }),
  ];
}

class LazyDashboard implements Disposable {
  #dashboard: Promise<Dashboard> | null = null;
  #opened: Dashboard | null = null;

  constructor(private readonly host: Host) {}

  get(): Promise<Dashboard> {
    this.#dashboard ??= this.#load();
    return this.#dashboard;
  }

  dispose(): void {
    this.#opened?.dispose();
  }

  async #load(): Promise<Dashboard> {
    const { Dashboard: Loaded } = await import("./dashboard");
    this.#opened = new Loaded(this.host);
    return this.#opened;
  }
}
