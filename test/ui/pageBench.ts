// The dashboard's page in a browser by itself: the built script and styles under their real policy, fed by the real feed
// from a desk of the test's own. What VS Code gives a webview (its API, the theme's variables) is stood in for here.
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Browser, BrowserContext, Page as BrowserPage } from "playwright-core";
import { z } from "zod/mini";
import { DashboardFeed } from "../../src/core/dashboard/dashboardFeed";
import { messageToHost, type Page, type ToHost, type ToPage } from "../../src/shared/protocol";
import { pageFiles } from "../../src/vscode/dashboard/pageFiles";
import { pageHtml } from "../../src/vscode/dashboard/pageHtml";
import type { FakeDesk, FakeSource } from "../fakes/fakeDesk";

const ORIGIN = "http://dashboard.test";
const BUILT = path.resolve("dist/webview");
const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf" };
const THEME = z.object({ bodyClass: z.string(), variables: z.record(z.string(), z.string()) });

export type Theme = "light" | "dark" | "highContrast";

export interface BenchOptions {
  readonly browser: Browser;
  readonly source: FakeSource;
  readonly desk: FakeDesk;
  readonly page: Page;
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  readonly place?: "panel" | "view";
  /** Of the machine that the extension runs on. */
  readonly now?: () => number;
}

export class PageBench {
  readonly #context: BrowserContext;
  readonly #feed: DashboardFeed;
  #births = 0;
  /** What the page has said, in order. */
  readonly said: ToHost[] = [];
  /** Violations of the policy, errors, and messages that no one could read. */
  readonly troubles: string[] = [];
  /** Messages to the page that are lost on their way. */
  loses: (message: ToPage) => boolean = () => false;

  private constructor(
    readonly page: BrowserPage,
    private readonly options: BenchOptions,
  ) {
    this.#context = page.context();
    const { source, now = Date.now } = options;
    const clock = {
      now,
      after: (ms: number, callback: () => void) => {
        const timer = setTimeout(callback, ms);
        return { dispose: () => clearTimeout(timer) };
      },
      sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    };
    this.#feed = new DashboardFeed({ source, clock, post: (message) => this.#post(message), onTrouble: (error) => this.troubles.push(String(error)) });
  }

  static async open(options: BenchOptions): Promise<PageBench> {
    const { browser, width = 1100, height = 800 } = options;
    const context = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce" });
    const bench = new PageBench(await context.newPage(), options);
    await bench.#prepare();
    await bench.load(options.page);
    return bench;
  }

  /** Gives the webview a new document, as when a panel is opened. */
  async load(page: Page): Promise<void> {
    const boot = { id: `birth-${++this.#births}`, snapshot: this.#feed.boot(page) };
    const files = pageFiles(BUILT, (name) => new URL(name, ORIGIN).href, ORIGIN);
    const html = pageHtml({ files, nonce: `nonce${this.#births}`, place: this.options.place ?? "panel", boot });
    await this.#context.unroute(`${ORIGIN}/`);
    await this.#context.route(`${ORIGIN}/`, (route) => route.fulfill({ contentType: "text/html", body: html }));
    await this.page.goto(`${ORIGIN}/`);
    await this.page.locator(".page").waitFor();
  }

  /** The panel is hidden and shown again: the same document begins anew, with what it has kept. */
  async hideAndShow(whileHidden: () => void = () => undefined): Promise<void> {
    this.#feed.pause();
    whileHidden();
    await this.page.reload();
    await this.page.locator(".page").waitFor();
  }

  tell(message: ToPage): void {
    this.#post(message);
  }

  of<K extends ToHost["kind"]>(kind: K): readonly Extract<ToHost, { readonly kind: K }>[] {
    return this.said.filter((message): message is Extract<ToHost, { readonly kind: K }> => message.kind === kind);
  }

  async close(): Promise<void> {
    this.#feed.dispose();
    await this.#context.close();
  }

  async #prepare(): Promise<void> {
    const { page } = this;
    page.setDefaultTimeout(10_000);
    await this.#context.route(`${ORIGIN}/*.*`, (route) => {
      const name = path.basename(new URL(route.request().url()).pathname);
      return route.fulfill({ contentType: TYPES[path.extname(name)] ?? "text/plain", body: readFileSync(path.join(BUILT, name)), headers: { "access-control-allow-origin": "*" } });
    });
    await page.exposeFunction("countersignSaid", (data: unknown) => this.#hear(data));
    const theme = THEME.parse(JSON.parse(readFileSync(path.resolve(`test/fixtures/dashboard/${this.options.theme ?? "dark"}.theme.json`), "utf8")));
    // The bundler of the tests wraps functions in a helper that the page does not have.
    await page.addInitScript(`((__name) => (${standIn.toString()})(${JSON.stringify(theme)}))((named) => named)`);
    page.on("pageerror", (error) => this.troubles.push(error.stack ?? error.message));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.troubles.push(message.text());
    });
  }

  #hear(data: unknown): void {
    const message = messageToHost(data);
    if (message === null) return void this.troubles.push(`no message: ${JSON.stringify(data)}`);
    this.said.push(message);
    switch (message.kind) {
      case "ready":
        return this.#feed.begin(message.page, message.has);
      case "resync":
        return this.#feed.resync();
      case "navigate":
        return this.#feed.navigate(message.page);
      case "activity":
        this.#feed.activity(message).catch((error: unknown) => this.troubles.push(String(error)));
        return;
      case "output":
        return this.#post({ kind: "output", request: message.request, text: this.#outputOf(message) });
      case "failed":
        return void this.troubles.push(message.message);
      default:
        return;
    }
  }

  #outputOf({ ref, attempt, check }: Extract<ToHost, { readonly kind: "output" }>): string | null {
    const view = this.options.desk.tasks().find(({ request }) => request.id === ref.task);
    return view?.attempts.find((one) => one.attempt === attempt)?.checks.find(({ checkId }) => checkId === check)?.outputExcerpt ?? null;
  }

  #post(message: ToPage): void {
    if (this.loses(message)) return;
    // A page that is just going away is not told.
    this.page.evaluate(`postMessage(${JSON.stringify(message)})`).catch(() => undefined);
  }
}

/** Runs in the page before anything else of it. */
function standIn(theme: z.infer<typeof THEME>): void {
  interface Styled {
    readonly style: { setProperty(name: string, value: string): void };
    className: string;
  }
  const page = globalThis as unknown as {
    readonly document: { readonly documentElement: Styled | null; readonly body: Styled | null; addEventListener(name: string, listener: (event: { readonly violatedDirective: string; readonly blockedURI: string }) => void): void };
    readonly sessionStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void };
    countersignSaid(data: unknown): Promise<void>;
    acquireVsCodeApi: unknown;
    readonly MutationObserver: new (callback: () => void) => { observe(target: unknown, options: object): void; disconnect(): void };
  };
  const dress = (): boolean => {
    const { documentElement, body } = page.document;
    if (documentElement === null || body === null) return false;
    for (const [name, value] of Object.entries(theme.variables)) documentElement.style.setProperty(name, value);
    body.className = theme.bodyClass;
    return true;
  };
  const observer = new page.MutationObserver(() => {
    if (dress()) observer.disconnect();
  });
  observer.observe(page.document, { childList: true, subtree: true });
  page.document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    page.countersignSaid({ kind: "failed", message: `policy: ${violatedDirective} ${blockedURI}` }).catch(() => undefined);
  });
  page.acquireVsCodeApi = () => ({
    postMessage: (data: unknown) => void page.countersignSaid(data),
    getState: () => JSON.parse(page.sessionStorage.getItem("state") ?? "null") as unknown,
    setState: (state: unknown) => page.sessionStorage.setItem("state", JSON.stringify(state)),
  });
}
