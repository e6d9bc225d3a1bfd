// One webview, in a panel or in a view: gives it its document, feeds it, and does what it asks for.
import { randomBytes } from "node:crypto";
import { Uri, type Disposable, type Webview } from "vscode";
import { DashboardFeed } from "../../core/dashboard/dashboardFeed";
import type { DashboardSource } from "../../core/dashboard/dashboardSource";
import { messageToHost, type Page, type ToHost, type ToPage } from "../../shared/protocol";
import type { Host } from "../host";
import { report } from "../run";
import { CLOCK } from "./clock";
import { pageFiles } from "./pageFiles";
import { pageHtml } from "./pageHtml";
import { pageOptions, webviewFolder } from "./pageOptions";
import { PageRequests } from "./pageRequests";

export interface PageDeps {
  readonly host: Host;
  readonly source: DashboardSource;
  readonly place: "panel" | "view";
  /** The user has gone to another page. */
  readonly onPage: (page: Page) => void;
  /** The page runs. */
  readonly onReady: () => void;
}

export class DashboardPage implements Disposable {
  readonly #feed: DashboardFeed;
  readonly #requests: PageRequests;
  readonly #subscription: Disposable;
  /** Asked for while the page was not there to be told. */
  #wanted: Page | null = null;
  #isThere = false;
  #askedAt = 0;
  #isPainted: (ms: number | null) => void = () => undefined;
  /** Milliseconds from when it was asked for to its first paint; null when the page is gone before. */
  readonly painted = new Promise<number | null>((resolve) => {
    this.#isPainted = resolve;
  });

  constructor(
    private readonly webview: Webview,
    private readonly deps: PageDeps,
  ) {
    const { host, source } = deps;
    const post = (message: ToPage): void => this.#post(message);
    this.#feed = new DashboardFeed({ source, clock: CLOCK, post, onTrouble: (error) => host.log.warn(String(error)) });
    this.#requests = new PageRequests(host, post);
    this.#subscription = webview.onDidReceiveMessage((data: unknown) => {
      const message = messageToHost(data);
      if (message === null) host.log.warn(`The dashboard said something that is no message: ${JSON.stringify(data)?.slice(0, 200)}`);
      else this.#receive(message).catch((error: unknown) => report(host, error));
    });
  }

  /** Gives the webview its document. Returns at once: the editor shows a restored webview only after it was filled. */
  open(page: Page, askedAt: number): void {
    this.#askedAt = askedAt;
    const { webview } = this;
    const folder = webviewFolder(this.deps.host);
    webview.options = pageOptions(this.deps.host);
    const files = pageFiles(folder.fsPath, (name) => webview.asWebviewUri(Uri.joinPath(folder, name)).toString(), webview.cspSource);
    const boot = { id: randomBytes(8).toString("hex"), snapshot: this.#feed.boot(page) };
    webview.html = pageHtml({ files, nonce: randomBytes(16).toString("base64url"), place: this.deps.place, boot });
    this.deps.onPage(page);
  }

  /** Goes to another page, at once or as soon as there is somebody to tell. */
  show(page: Page): void {
    if (this.#isThere) this.#post({ kind: "show", page });
    else this.#wanted = page;
  }

  /** Hidden, the page is taken down by the editor, and begins anew when it is seen again. */
  setVisible(isVisible: boolean): void {
    if (isVisible) return;
    this.#isThere = false;
    this.#feed.pause();
  }

  dispose(): void {
    this.#isPainted(null);
    this.#subscription.dispose();
    this.#feed.dispose();
  }

  async #receive(message: ToHost): Promise<void> {
    switch (message.kind) {
      case "ready":
        return this.#begin(message);
      case "resync":
        return this.#feed.resync();
      case "navigate":
        this.#feed.navigate(message.page);
        return this.deps.onPage(message.page);
      case "activity":
        return this.#feed.activity(message);
      case "painted":
        return this.#firstPaint(message.ms);
      case "failed":
        return this.deps.host.log.error(`In the dashboard: ${message.message}`);
      default:
        return this.#requests.handle(message);
    }
  }

  #firstPaint(inPage: number): void {
    const ms = Math.round(performance.now() - this.#askedAt);
    this.deps.host.log.debug(`The dashboard was painted after ${ms} ms, ${Math.round(inPage)} ms of them in the page.`);
    this.#isPainted(ms);
  }

  #begin({ page, has }: Extract<ToHost, { readonly kind: "ready" }>): void {
    this.#isThere = true;
    this.#feed.begin(page, has);
    this.deps.onPage(page);
    if (this.#wanted !== null) this.#post({ kind: "show", page: this.#wanted });
    this.#wanted = null;
    this.deps.onReady();
  }

  #post(message: ToPage): void {
    // false: the page is hidden, and will ask for everything when it is seen again.
    const failed = (error: unknown): void => this.deps.host.log.warn(`The dashboard could not be told: ${String(error)}`);
    this.webview.postMessage(message).then(undefined, failed);
  }
}
