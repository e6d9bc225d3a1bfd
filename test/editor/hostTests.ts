// A program: runs the bundled host tests inside the extension host of a real VS Code, all in one window on a fresh copy of
// the sample repository. Takes one JSON argument; prints the report as it grows and leaves the counts in a file.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inspect } from "node:util";
import { z } from "zod/mini";
import { type HostOutcome, runInExtensionHost } from "./extensionHost";
import { editorPrograms } from "./programs";
import { sampleWorkspace } from "./sampleWorkspace";

/** For a busy machine: on an idle one they take a fifth of it. */
const LIMIT_MS = 600_000;
const FOLLOW_MS = 100;
const COUNTS = z.object({ failed: z.number() });

const REQUEST = z.object({
  entry: z.string(),
  bundles: z.array(z.string()),
  grep: z.optional(z.string()),
  reporter: z.string(),
  /** An empty folder, which the caller removes. */
  folder: z.string(),
  countsFile: z.string(),
});

main().catch((error: unknown) => {
  process.stderr.write(`The host tests could not start: ${inspect(error)}\n`);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const programs = editorPrograms();
  const { entry, folder, ...told } = REQUEST.parse(JSON.parse(process.argv[2] ?? "null"));
  const reportFile = path.join(folder, "report.txt");
  writeFileSync(reportFile, "");
  const report = follow(reportFile);
  const workspace = sampleWorkspace(path.join(folder, "tally")).dir;
  const outcome = await runInExtensionHost(programs, {
    entry,
    extension: path.resolve("."),
    helpers: helperExtensions(),
    workspace,
    home: path.join(folder, "home"),
    // Contracts of these tests are short; the sample's, in front of the window, has sealed checks.
    settings: { "countersign.sealedChecks": false },
    env: { COUNTERSIGN_HOST_TESTS: JSON.stringify({ ...told, reportFile }) },
    limitMs: LIMIT_MS,
  });
  report.stop();
  if (outcome.failure !== null) process.stderr.write(`The host tests were broken off: ${outcome.failure}\n`);
  keepLogs(path.join(programs.results, "host"), { ...outcome, workspace }, hasPassed(told.countsFile));
}

/** Extensions that only tests need. */
function helperExtensions(): readonly string[] {
  const helpers = path.resolve("test/host/extensions");
  const names = existsSync(helpers) ? readdirSync(helpers) : [];
  return names.map((name) => path.join(helpers, name));
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
  const timer = setInterval(show, FOLLOW_MS).unref();
  return {
    stop() {
      clearInterval(timer);
      show();
    },
  };
}

/** A failure is rarely understood without them; a green run leaves nothing. */
function keepLogs(kept: string, outcome: HostOutcome & { readonly workspace: string }, hasPassed: boolean): void {
  rmSync(kept, { recursive: true, force: true });
  if (hasPassed) return;
  mkdirSync(kept, { recursive: true });
  writeFileSync(path.join(kept, "console.log"), `${outcome.consoleLines.join("\n")}\n`);
  writeFileSync(path.join(kept, "server.log"), outcome.serverLog);
  if (existsSync(outcome.logs)) cpSync(outcome.logs, path.join(kept, "logs"), { recursive: true });
  const state = path.join(outcome.workspace, ".countersign/state");
  if (existsSync(state)) cpSync(state, path.join(kept, "state"), { recursive: true });
  process.stderr.write(`The journal and the logs of the extension host and the window are in ${path.relative("", kept)}.\n`);
}

function hasPassed(countsFile: string): boolean {
  return existsSync(countsFile) && COUNTS.parse(JSON.parse(readFileSync(countsFile, "utf8"))).failed === 0;
}
