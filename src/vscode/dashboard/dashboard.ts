// The dashboard's panel and its view: one page each, fed from the same source. A bundle of its own, loaded when the
// first of them is opened.
import { Uri, type Disposable, type Webview, type WebviewPanel, type WebviewView } from "vscode";
import type { TaskId } from "../../core/domain/task";
import type { Page } from "../../shared/protocol";
import { savedFrom } from "../../shared/savedState";
import type { Host } from "../host";
import { DashboardPage } from "./dashboardPage";
import { DeskSource } from "./deskSource";

const OVERVIEW: Page = { kind: "overview" };

interface OpenPanel {
  readonly panel: WebviewPanel;
  readonly page: DashboardPage;
}

/** Where a page stands, and how its title is shown there. */
interface Placed {
  readonly place: "panel" | "view";
  /** The title of the page of all tasks. */
  readonly overview: string;
  readonly setTitle: (title: string) => void;
}

export class Dashboard implements Disposable {
  readonly #source: DeskSource;
  /** Each with what ends the watch over its title. */
  readonly #pages = new Map<DashboardPage, Disposable>();
  #open: OpenPanel | null = null;

  constructor(private readonly host: Host) {
    this.#source = new DeskSource(host);
  }

  get isOpen(): boolean {
    return this.#open !== null;
  }

  /**
   * Shows the page in the panel: the one that is open, else `fresh`. Resolves with the milliseconds from `askedAt` until
   * it was painted; null where it was open already, or is gone before.
   */
  show(page: Page, askedAt: number, fresh: WebviewPanel | null): Promise<number | null> {
    if (this.#open !== null) {
      fresh?.dispose();
      this.#open.panel.reveal();
      this.#open.page.show(page);
      return Promise.resolve(null);
    }
    // Closed while this was being loaded.
    if (fresh === null) return Promise.resolve(null);
    return this.#fillPanel(fresh, page, askedAt).painted;
  }

  /** A panel that was open when the window was closed or reloaded. */
  restore(panel: WebviewPanel, state: unknown): void {
    // There is one; another one that was open, too, has nothing that this one has not.
    if (this.#open === null) this.#fillPanel(panel, savedFrom(state)?.page ?? OVERVIEW, performance.now());
    else panel.dispose();
  }

  fillView(view: WebviewView, state: unknown): void {
    const page = this.#pageOf(view.webview, { place: "view", overview: "", setTitle: (title) => (view.description = title) });
    view.onDidChangeVisibility(() => page.setVisible(view.visible));
    view.onDidDispose(() => this.#close(page));
    page.open(savedFrom(state)?.page ?? OVERVIEW, performance.now());
  }

  dispose(): void {
    this.#open?.panel.dispose();
    for (const page of this.#pages.keys()) this.#close(page);
    this.#source.dispose();
  }

  #fillPanel(panel: WebviewPanel, first: Page, askedAt: number): DashboardPage {
    const page = this.#pageOf(panel.webview, { place: "panel", overview: "Countersign", setTitle: (title) => (panel.title = title) });
    this.#open = { panel, page };
    panel.onDidChangeViewState(() => page.setVisible(panel.visible));
    panel.onDidDispose(() => {
      this.#open = null;
      this.#close(page);
    });
    page.open(first, askedAt);
    const icon = (theme: "light" | "dark"): Uri => Uri.joinPath(this.host.context.extensionUri, "media", "dashboard", `${theme}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    return page;
  }

  #pageOf(webview: Webview, { place, overview, setTitle }: Placed): DashboardPage {
    let shown: Page = OVERVIEW;
    const name = (): void => {
      const title = shown.kind === "overview" ? overview : this.#titleOf(shown);
      // A task that is not known yet keeps the title that the panel had before the window was reloaded.
      if (title !== undefined) setTitle(title);
    };
    const onPage = (page: Page): void => {
      shown = page;
      name();
    };
    const page = new DashboardPage(webview, { host: this.host, source: this.#source, place, onPage, onReady: () => this.#source.begin() });
    const named = this.#source.onChange((change) => {
      if (change.kind === "folders") name();
    });
    this.#pages.set(page, named);
    return page;
  }

  #close(page: DashboardPage): void {
    this.#pages.get(page)?.dispose();
    this.#pages.delete(page);
    page.dispose();
  }

  #titleOf({ root, task }: Extract<Page, { readonly kind: "task" }>): string | undefined {
    const desk = this.#source.desks().find((one) => one.root === root);
    return desk?.task(task as TaskId)?.request.title;
  }
}
