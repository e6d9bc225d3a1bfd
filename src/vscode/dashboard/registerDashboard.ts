// Opens the dashboard on demand: everything else about it is loaded with the first panel or view.
import { ViewColumn, window, type Disposable, type WebviewPanel } from "vscode";
import type { Page } from "../../shared/protocol";
import type { Host } from "../host";
import { pickTask } from "../pickTask";
import { command } from "../run";
import { sent } from "../sent";
import type { Dashboard } from "./dashboard";
import { pageOptions } from "./pageOptions";
import { PANEL_TYPE, VIEW_ID } from "./panelType";

export function registerDashboard(host: Host): readonly Disposable[] {
  const lazy = new LazyDashboard(host);
  return [
    lazy,
    command(host, "openDashboard", () => lazy.show({ kind: "overview" })),
    command(host, "openTask", async (argument) => {
      const picked = await pickTask(host, argument, { title: "Open which task?", fits: () => true, none: "There are no tasks yet." });
      if (picked === undefined) return null;
      return lazy.show({ kind: "task", root: picked.desk.root, task: picked.view.request.id, tab: "progress" });
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
  /** Made, and not filled yet. */
  #fresh: WebviewPanel | null = null;

  constructor(private readonly host: Host) {}

  /** The editor takes long to make a panel: meanwhile the rest is loaded. */
  async show(page: Page): Promise<number | null> {
    const askedAt = performance.now();
    if (this.#opened?.isOpen !== true) {
      this.#fresh ??= this.#newPanel();
      await sent();
    }
    const dashboard = await this.get();
    const fresh = this.#fresh;
    this.#fresh = null;
    return dashboard.show(page, askedAt, fresh);
  }

  get(): Promise<Dashboard> {
    this.#dashboard ??= this.#load();
    return this.#dashboard;
  }

  dispose(): void {
    this.#opened?.dispose();
  }

  #newPanel(): WebviewPanel {
    const panel = window.createWebviewPanel(PANEL_TYPE, "Countersign", { viewColumn: ViewColumn.Active, preserveFocus: false }, pageOptions(this.host));
    panel.onDidDispose(() => {
      if (this.#fresh === panel) this.#fresh = null;
    });
    return panel;
  }

  async #load(): Promise<Dashboard> {
    const { Dashboard: Loaded } = await import("./dashboard");
    this.#opened = new Loaded(this.host);
    return this.#opened;
  }
}
