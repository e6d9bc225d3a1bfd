// Runs a module inside the extension host of a real VS Code: its `run()` is called, and the window closes when that has
// ended. The extensions under test are loaded from their folders, as with F5.
import { cpSync, mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inspect } from "node:util";
import type { Page } from "playwright-core";
import { launchBrowser } from "./browser";
import { CodeServer, ENDS_WHEN_LEFT, userData } from "./codeServer";
import type { EditorPrograms } from "./programs";

export interface HostRun {
  /** The module's bundle; it exports `run(): Promise<void>`. */
  readonly entry: string;
  /** The folder of the extension under test. */
  readonly extension: string;
  /** Folders of extensions that are installed beside it: the address of a window names one under development only. */
  readonly helpers?: readonly string[];
  /** The folder that is open. */
  readonly workspace: string;
  /** A folder for everything the editor keeps; it is made when it is missing. */
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly limitMs: number;
  /** Looks at the window while the module runs; its failure ends the run. */
  readonly meanwhile?: (page: Page) => Promise<void>;
}

export interface HostOutcome {
  /** What ended it before its time, or null. */
  readonly failure: string | null;
  /** What the window's and the extension host's console said. */
  readonly consoleLines: readonly string[];
  readonly serverLog: string;
  /** The folder with the logs of the extension host and every output channel. */
  readonly logs: string;
}

export async function runInExtensionHost(programs: EditorPrograms, run: HostRun): Promise<HostOutcome> {
  const installed = path.join(run.home, "extensions");
  mkdirSync(installed, { recursive: true });
  for (const helper of run.helpers ?? []) cpSync(helper, path.join(installed, path.basename(helper)), { recursive: true });
  const { server, origin } = await CodeServer.start(programs, {
    home: run.home,
    extensions: installed,
    settings: run.settings ?? {},
    trusted: true,
    // Only with this does the window honour the payload of its address.
    args: ["--vscode-option=enable-smoke-test-driver", ENDS_WHEN_LEFT],
    env: run.env,
  });
  const consoleLines: string[] = [];
  let failure: string | null = null;
  const browser = await launchBrowser(programs);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await Promise.race([hostEnds(page, address(origin, run), { consoleLines, meanwhile: run.meanwhile }), server.failure(), limit(run.limitMs)]);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  } finally {
    await browser.close();
    await server.stop();
  }
  return { failure, consoleLines, serverLog: server.log, logs: path.join(userData(run.home), "logs") };
}

function address(origin: string, run: HostRun): string {
  const { host } = new URL(origin);
  const remote = (file: string): string => `vscode-remote://${host}${encodeURI(file)}`;
  const payload = [["extensionDevelopmentPath", remote(run.extension)], ["extensionTestsPath", remote(run.entry)]];
  return `${origin}/?folder=${encodeURIComponent(run.workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

interface Watch {
  readonly consoleLines: string[];
  readonly meanwhile: HostRun["meanwhile"] | undefined;
}

async function hostEnds(page: Page, url: string, { consoleLines, meanwhile }: Watch): Promise<void> {
  await page.exposeFunction("codeAutomationLog", (type: string, args: readonly unknown[]) => {
    consoleLines.push(`${type} ${args.map((arg) => (typeof arg === "string" ? arg : inspect(arg))).join(" ")}`);
  });
  let end = (_code: number): void => {};
  const ended = new Promise<void>((resolve, reject) => {
    end = (code) => (code === 0 ? resolve() : reject(new Error("run() was rejected; the console says why")));
  });
  await page.exposeFunction("codeAutomationExit", (code: number) => end(code));
  const crashed = new Promise<never>((_resolve, reject) => {
    page.once("crash", () => reject(new Error("the page has crashed")));
  });
  await page.goto(url);
  await Promise.race([Promise.all([ended, meanwhile?.(page)]), crashed]);
}

async function limit(ms: number): Promise<never> {
  await delay(ms, undefined, { ref: false });
  throw new Error(`it took longer than ${ms / 1000} s`);
}
