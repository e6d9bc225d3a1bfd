// The dashboard's panel and its view: one page each, fed from the same source. A bundle of its own, loaded when the
// first of them is opened.
import { Uri, ViewColumn, window, type Disposable, type WebviewPanel, type WebviewView } from "vscode";
import type { TaskId } from "../../core/domain/task";
import type { Page } from "../../shared/protocol";
import { savedFrom } from "../../shared/savedState";
import type { Host } from "../host";
import { DashboardPage } from "./dashboardPage";
import { DeskSource } from "./deskSource";
import { PANEL_TYPE } from "./panelType";

const OVERVIEW: Page = { kind: "overview" };

interface OpenPanel {
  readonly panel: WebviewPanel;
  readonly page: DashboardPage;
}

export class Dashboard implements Disposable {
  readonly #source: DeskSource;
  readonly #pages = new Set<DashboardPage>();
  #open: OpenPanel | null = null;

  constructor(private readonly host: Host) {
    this.#source = new DeskSource(host);
  }

  /**
   * Shows the page in the panel, which is opened if need be. Resolves with the milliseconds until it was painted; null
   * where it was open already, or is gone before.
   */
  show(page: Page): Promise<number | null> {
    if (this.#open !== null) {
      this.#open.panel.reveal();
      this.#open.page.show(page);
      return Promise.resolve(null);
    }
    const panel = window.createWebviewPanel(PANEL_TYPE, "Countersign", { viewColumn: ViewColumn.Active, preserveFocus: false });
    return this.#fillPanel(panel, page);
  }

  /** A panel that was open when the window was closed or reloaded. */
  async restore(panel: WebviewPanel, state: unknown): Promise<void> {
    // There is one; another one that was open, too, has nothing that this one has not.
    if (this.#open !== null) {
      panel.dispose();
      return;
    }
    await this.#fillPanel(panel, savedFrom(state)?.page ?? OVERVIEW);
  }

  async fillView(view: WebviewView, state: unknown): Promise<void> {
    const page = this.#pageOf(view, { place: "view", onPage: (at) => (view.description = this.#titleOf(at) ?? "") });
    view.onDidChangeVisibility(() => page.setVisible(view.visible));
    view.onDidDispose(() => this.#close(page));
    await page.open(savedFrom(state)?.page ?? OVERVIEW);
  }

  dispose(): void {
    this.#open?.panel.dispose();
    for (const page of this.#pages) this.#close(page);
    this.#source.dispose();
  }

  #fillPanel(panel: WebviewPanel, first: Page): Promise<number | null> {
    const icon = (theme: "light" | "dark"): Uri => Uri.joinPath(this.host.context.extensionUri, "media", "dashboard", `${theme}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    const page = this.#pageOf(panel, { place: "panel", onPage: (at) => (panel.title = this.#titleOf(at) ?? "Countersign") });
    this.#open = { panel, page };
    panel.onDidChangeViewState(() => page.setVisible(panel.visible));
    panel.onDidDispose(() => {
      this.#open = null;
      this.#close(page);
    });
    return page.open(first);
  }

  #pageOf({ webview }: WebviewPanel | WebviewView, options: { readonly place: "panel" | "view"; readonly onPage: (page: Page) => void }): DashboardPage {
    const page = new DashboardPage(webview, { host: this.host, source: this.#source, ...options });
    this.#pages.add(page);
    return page;
  }

  #close(page: DashboardPage): void {
    this.#pages.delete(page);
    page.dispose();
  }

  /** null for the overview. */
  #titleOf(page: Page): string | null {
    if (page.kind === "overview") return null;
    const desk = this.#source.desks().find(({ root }) => root === page.root);
    return desk?.task(page.task as TaskId)?.request.title ?? page.task;
  }
}
