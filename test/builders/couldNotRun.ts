// For tests that need what a machine may lack: they say so and are counted as skipped, and in CI they fail.
import type { Context } from "mocha";

export function couldNotRun(test: Context, reason: string): never {
  const title = test.currentTest?.fullTitle() ?? test.test?.fullTitle() ?? "a test";
  if (process.env["CI"] !== undefined) throw new Error(`This must run in CI, but ${reason}`);
  process.stderr.write(`not run: ${title}: ${reason}\n`);
  return test.skip();
}
