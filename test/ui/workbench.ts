// A real VS Code for one test file: code-server with the packed extension installed as a user has it, a browser, and a
// folder open. `useWorkbench` starts it before the file's tests, ends it after them, and on a failure keeps a picture
// and the logs under test-results/ui/, where the message of the failure says.
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { launchBrowser } from "../editor/browser";
import { CodeServer, ENDS_WHEN_LEFT, changeSettings, userData } from "../editor/codeServer";
import { type EditorPrograms, editorPrograms } from "../editor/programs";
import { sampleWorkspace } from "../editor/sampleWorkspace";
import { EditorWindow } from "./editorWindow";

export interface WorkbenchOptions {
  /** User settings beside the quiet ones of test/editor/codeServer.ts. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Makes what is opened below `folder`: a folder, or a .code-workspace file. Default: the sample repository, committed. */
  readonly workspace?: (folder: string) => string;
  /** False leaves every folder in restricted mode. */
  readonly trusted?: boolean;
  /** Variables for the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export class Workbench {
  readonly #consoleLines: string[] = [];
  readonly #parts: Parts;
  /** What is open: a folder's or a workspace file's path. */
  readonly opened: string;
  /** The first window. */
  readonly window: EditorWindow;

  private constructor(opened: string, window: EditorWindow, parts: Parts) {
    this.opened = opened;
    this.window = window;
    this.#parts = parts;
  }

  static async start(options: WorkbenchOptions = {}): Promise<Workbench> {
    const programs = editorPrograms();
    if (programs.extensions === null) throw new Error("The extension was not installed for this run: UI tests belong into test/ui.");
    const root = mkdtempSync(path.join(realpathSync(tmpdir()), "countersign ui "));
    const home = path.join(root, "home");
    const opened = (options.workspace ?? sampleFolder)(root);
    // A workspace may have filled the cache in it.
    mkdirSync(home, { recursive: true });
    const { server, origin } = await CodeServer.start(programs, {
      home,
      extensions: programs.extensions,
      settings: options.settings ?? {},
      trusted: options.trusted ?? true,
      args: [ENDS_WHEN_LEFT],
      env: options.env ?? {},
    });
    const browser = await launchBrowser(programs);
    const context = await browser.newContext({ viewport: options.viewport ?? { width: 1440, height: 900 } });
    const kind = opened.endsWith(".code-workspace") ? "workspace" : "folder";
    const parts: Parts = { programs, server, browser, context, root, home, url: `${origin}/?${kind}=${encodeURIComponent(opened)}` };
    const window = new EditorWindow(await context.newPage());
    const workbench = new Workbench(opened, window, parts);
    workbench.#listen(window);
    try {
      await Promise.race([window.open(parts.url), server.failure()]);
    } catch (error) {
      const folder = await workbench.keepEvidence(`start ${path.basename(root)}`);
      await workbench.stop();
      throw new Error(`VS Code did not open (pictures and logs: ${path.relative("", folder)})`, { cause: error });
    }
    return workbench;
  }

  /** Another window on the same folder, as a second tab of the same user. */
  async openWindow(): Promise<EditorWindow> {
    const window = new EditorWindow(await this.#parts.context.newPage());
    this.#listen(window);
    await window.open(this.#parts.url);
    return window;
  }

  /** The path of a file in the opened folder. */
  file(name: string): string {
    return path.join(this.opened, name);
  }

  /** Changes user settings and reloads the window: of changes on disk the browser's workbench takes no notice. */
  async changeSettings(change: Readonly<Record<string, unknown>>): Promise<void> {
    changeSettings(this.#parts.home, change);
    await this.window.reload();
  }

  /** The folder with the logs of the server, the extension host and every output channel. */
  get logs(): string {
    return path.join(userData(this.#parts.home), "logs");
  }

  /** Keeps pictures of the windows, logs and console lines of a failed test. Returns the folder. */
  async keepEvidence(title: string): Promise<string> {
    const folder = this.dropEvidence(title);
    mkdirSync(folder, { recursive: true });
    for (const [index, page] of this.#parts.context.pages().entries()) {
      await page.screenshot({ path: path.join(folder, `window-${index + 1}.png`) });
    }
    writeFileSync(path.join(folder, "console.log"), `${this.#consoleLines.join("\n")}\n`);
    writeFileSync(path.join(folder, "server.log"), this.#parts.server.log);
    if (existsSync(this.logs)) cpSync(this.logs, path.join(folder, "logs"), { recursive: true });
    const state = path.join(this.opened, ".countersign/state");
    if (existsSync(state)) cpSync(state, path.join(folder, "state"), { recursive: true });
    return folder;
  }

  /** Removes what an earlier failure of this test has left. Returns the folder. */
  dropEvidence(title: string): string {
    const folder = path.join(this.#parts.programs.results, "ui", title.replaceAll(/[^\w-]+/g, " ").trim().slice(0, 100));
    rmSync(folder, { recursive: true, force: true });
    return folder;
  }

  async stop(): Promise<void> {
    const { browser, server, root } = this.#parts;
    await browser.close();
    await server.stop();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }

  #listen({ page }: EditorWindow): void {
    page.on("console", (message) => this.#consoleLines.push(`${message.type()} ${message.text()}`));
    page.on("pageerror", (error) => this.#consoleLines.push(`uncaught ${error.stack ?? error.message}`));
  }
}

interface Parts {
  readonly programs: EditorPrograms;
  readonly server: CodeServer;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly root: string;
  readonly home: string;
  readonly url: string;
}

/** For a `describe`: one workbench for all its tests. The function it returns gives it. */
export function useWorkbench(options: WorkbenchOptions = {}): () => Workbench {
  let workbench: Workbench | null = null;
  before(async () => {
    workbench = await Workbench.start(options);
  });
  afterEach(async function () {
    const test = this.currentTest;
    if (test === undefined || workbench === null) return;
    if (test.state === "passed") workbench.dropEvidence(test.fullTitle());
    if (test.state !== "failed") return;
    const folder = await workbench.keepEvidence(test.fullTitle());
    process.stderr.write(`       pictures and logs: ${path.relative("", folder)}\n`);
  });
  after(async () => {
    await workbench?.stop();
    workbench = null;
  });
  return () => {
    if (workbench === null) throw new Error("The workbench runs only while the tests of its describe do.");
    return workbench;
  };
}

function sampleFolder(folder: string): string {
  return sampleWorkspace(path.join(folder, "tally")).dir;
}
