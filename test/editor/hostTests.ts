// A program: runs the bundled host tests inside the extension host of a real VS Code, all in one window on a fresh copy of
// the sample repository. Takes one JSON argument; prints the report as it grows and leaves the counts in a file.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inspect } from "node:util";
import type { Page } from "playwright-core";
import { z } from "zod/mini";
import { launchBrowser } from "./browser";
import { CodeServer, userData } from "./codeServer";
import { editorPrograms } from "./programs";
import { sampleWorkspace } from "./sampleWorkspace";

const LIMIT_MS = 170_000;
const FOLLOW_MS = 100;

const REQUEST = z.object({
  entry: z.string(),
  bundles: z.array(z.string()),
  grep: z.optional(z.string()),
  reporter: z.string(),
  /** An empty folder, which the caller removes. */
  folder: z.string(),
  countsFile: z.string(),
});

const request = REQUEST.parse(JSON.parse(process.argv[2] ?? "null"));
const programs = editorPrograms();
const reportFile = path.join(request.folder, "report.txt");
const home = path.join(request.folder, "home");
const consoleLines: string[] = [];

main().catch((error: unknown) => {
  process.stderr.write(`The host tests could not start: ${inspect(error)}\n`);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const workspace = path.join(request.folder, "tally");
  sampleWorkspace(workspace);
  mkdirSync(path.join(home, "extensions"), { recursive: true });
  writeFileSync(reportFile, "");
  const { entry: _entry, folder: _folder, ...told } = request;
  const { server, origin } = await CodeServer.start(programs, {
    home,
    extensions: path.join(home, "extensions"),
    settings: {},
    trusted: true,
    args: ["--vscode-option=enable-smoke-test-driver"],
    env: { COUNTERSIGN_HOST_TESTS: JSON.stringify({ ...told, reportFile }) },
  });
  const browser = await launchBrowser(programs);
  const report = follow(reportFile);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await Promise.race([hostEnds(page, address(origin, workspace)), server.failure(), limit()]);
  } catch (error) {
    process.stderr.write(`The host tests were broken off: ${error instanceof Error ? error.message : String(error)}\n`);
  } finally {
    report.stop();
    await browser.close();
    await server.stop();
    keepLogs(server.log);
  }
}

function address(origin: string, workspace: string): string {
  const { host } = new URL(origin);
  const remote = (file: string): string => `vscode-remote://${host}${encodeURI(file)}`;
  const payload = [...extensionsUnderTest().map((folder) => ["extensionDevelopmentPath", remote(folder)]), ["extensionTestsPath", remote(request.entry)]];
  return `${origin}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

/** The product as it was built, and beside it the extensions that only tests need. */
function extensionsUnderTest(): readonly string[] {
  const helpers = path.resolve("test/host/extensions");
  const names = existsSync(helpers) ? readdirSync(helpers) : [];
  return [path.resolve("."), ...names.map((name) => path.join(helpers, name))];
}

async function hostEnds(page: Page, url: string): Promise<void> {
  await page.exposeFunction("codeAutomationLog", (type: string, args: readonly unknown[]) => {
    consoleLines.push(`${type} ${args.map((arg) => (typeof arg === "string" ? arg : inspect(arg))).join(" ")}`);
  });
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  await page.exposeFunction("codeAutomationExit", () => end());
  const crashed = new Promise<never>((_resolve, reject) => {
    page.once("crash", () => reject(new Error("the page has crashed")));
  });
  await page.goto(url);
  await Promise.race([ended, crashed]);
}

async function limit(): Promise<never> {
  await delay(LIMIT_MS, undefined, { ref: false });
  throw new Error(`they took longer than ${LIMIT_MS / 1000} s`);
}

/** Prints what is appended to the file. */
function follow(file: string): { stop(): void } {
  let shown = 0;
  const show = (): void => {
    if (statSync(file).size === shown) return;
    const text = readFileSync(file);
    process.stdout.write(text.subarray(shown));
    shown = text.length;
  };
  const timer = setInterval(show, FOLLOW_MS);
  return {
    stop() {
      clearInterval(timer);
      show();
    },
  };
}

/** A failure is rarely understood without them; a green run leaves nothing. */
function keepLogs(serverLog: string): void {
  const kept = path.join(programs.results, "host");
  rmSync(kept, { recursive: true, force: true });
  if (hasPassed()) return;
  mkdirSync(kept, { recursive: true });
  writeFileSync(path.join(kept, "console.log"), `${consoleLines.join("\n")}\n`);
  writeFileSync(path.join(kept, "server.log"), serverLog);
  const logs = path.join(userData(home), "logs");
  if (existsSync(logs)) cpSync(logs, path.join(kept, "logs"), { recursive: true });
  process.stderr.write(`The logs of the extension host and the window are in ${path.relative("", kept)}.\n`);
}

function hasPassed(): boolean {
  return existsSync(request.countsFile) && z.object({ failed: z.number() }).parse(JSON.parse(readFileSync(request.countsFile, "utf8"))).failed === 0;
}
