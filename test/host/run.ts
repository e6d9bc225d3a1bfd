// What the extension host runs instead of nothing: mocha over the bundled test files, with the report in a file that
// the runner outside follows. Tests see the product as other extensions do: `vscode`, its commands, its files.
// All files run in one window on one copy of the sample repository: each begins by making what it needs, and closes the
// editors that it has opened. Extensions that tests need beside ours lie in test/host/extensions/<name>/.
import { appendFileSync, writeFileSync } from "node:fs";
import { format } from "node:util";
import Mocha from "mocha";
import { z } from "zod/mini";
import { sourceStack } from "./sourceStack";

/** For a busy machine, as test/editor/until.ts has it. */
const TIMEOUT_MS = 40_000;

const REQUEST = z.object({
  bundles: z.array(z.string()),
  grep: z.optional(z.string()),
  reporter: z.string(),
  reportFile: z.string(),
  countsFile: z.string(),
});

/** Called by VS Code. Fulfilled when all tests have run, whatever became of them: the counts are in their file. */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const request = REQUEST.parse(JSON.parse(process.env["COUNTERSIGN_HOST_TESTS"] ?? "null"));
  const say = (...text: readonly unknown[]): void => appendFileSync(request.reportFile, `${format(...text)}\n`);
  Mocha.reporters.Base.consoleLog = say;
  const mocha = new Mocha({
    timeout: TIMEOUT_MS,
    reporter: request.reporter,
    color: false,
    forbidOnly: Boolean(process.env["CI"]),
    ...(request.grep === undefined ? {} : { grep: request.grep }),
  });
  const rejections = ourRejections(request.bundles);
  try {
    for (const bundle of request.bundles) mocha.addFile(bundle);
    const count = (stats: Mocha.Stats, more: number): void => {
      writeFileSync(request.countsFile, JSON.stringify({ passed: stats.passes, failed: stats.failures + more, skipped: stats.pending }));
    };
    // Until the end what is not over yet counts as one failure: the window may be broken off at any moment.
    const stats = await finished(mocha, (soFar) => count(soFar, 1));
    for (const text of rejections.found) say("A promise of ours was rejected and nobody handled it:\n%s", text);
    count(stats, rejections.found.length);
  } catch (error) {
    say("The test files could not be loaded: %s", error instanceof Error ? error.stack : error);
    throw error;
  } finally {
    rejections.stop();
  }
}

function finished(mocha: Mocha, onTest: (soFar: Mocha.Stats) => void): Promise<Mocha.Stats> {
  return new Promise((resolve, reject) => {
    const runner = mocha.run(() => {
      if (runner.stats === undefined) reject(new Error("mocha has kept no count"));
      else resolve(runner.stats);
    });
    runner.on("test end", () => runner.stats !== undefined && onTest(runner.stats));
    runner.on("fail", (_test, error: unknown) => {
      if (error instanceof Error && error.stack !== undefined) error.stack = sourceStack(error.stack);
    });
  });
}

/** The host logs unhandled rejections of every extension and goes on; those that name our code are failures. */
function ourRejections(bundles: readonly string[]): { readonly found: readonly string[]; stop(): void } {
  const found: string[] = [];
  const onRejection = (reason: unknown): void => {
    const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    const isOurs = /[\\/]dist[\\/](extension|desk)\.cjs|[\\/]src[\\/](vscode|composition|core|adapters)[\\/]/.test(text);
    if (isOurs || bundles.some((bundle) => text.includes(bundle))) found.push(text);
  };
  process.on("unhandledRejection", onRejection);
  return { found, stop: () => process.removeListener("unhandledRejection", onRejection) };
}
