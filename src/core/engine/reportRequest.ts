// Asks a test command for a report into a file, beside or instead of what it prints: the command as it is with a variable
// that its runner obeys, or with arguments at its end. Only where that changes nothing about what it tests. Pure.
import { plainWords } from "../domain/commandLine";
import type { ReportFormat } from "../domain/testReport";
import type { TestRunner } from "../domain/testCountReaders";
import { programName } from "../policy/programName";
import type { ScriptsOf } from "./testCommand";

export interface ReportRequest {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly format: ReportFormat;
}

export interface Reported {
  /** Of the check. */
  readonly command: string;
  readonly runner: TestRunner;
  /** Absolute. */
  readonly file: string;
  readonly scripts: ScriptsOf;
}

/** null where the runner has no such report, or where nothing can be added to the command without reading more into it. */
export async function reportRequest({ command, runner, file, scripts }: Reported): Promise<ReportRequest | null> {
  const place = file.replaceAll("\\", "/");
  switch (runner) {
    case "node:test":
      // Reporters of the command's own would have to be as many as their destinations.
      return (await mentions(command, scripts, /--test-reporter|NODE_OPTIONS/)) ? null : { command, environment: { NODE_OPTIONS: `--test-reporter=tap --test-reporter-destination="${place}"` }, format: "tap" };
    case "pytest":
      return (await mentions(command, scripts, /--junit-?xml|no:junitxml|PYTEST_ADDOPTS/)) ? null : { command, environment: { PYTEST_ADDOPTS: `--junitxml="${place}"` }, format: "junit" };
    case "mocha":
      return appended({ command, runner, scripts, file: place }, `--reporter json --reporter-option "output=${place}"`, "mocha");
    case "jest":
      return appended({ command, runner, scripts, file: place }, `--json "--outputFile=${place}"`, "jest");
    case "vitest":
      return appended({ command, runner, scripts, file: place }, `--reporter=json "--outputFile=${place}"`, "jest");
    default:
      return null;
  }
}

const SCRIPT = /^(npm|pnpm|yarn)(?: (?:run|run-script))? ([\w:.-]+)((?: .*)?)$/;
/** What would come after them is for the tests. */
const ENDS_OPTIONS = " -- ";

async function appended({ command, runner, scripts, file }: Reported, words: string, format: ReportFormat): Promise<ReportRequest | null> {
  // Within quotation marks every shell takes the rest as it is; mocha cuts its options at commas.
  if (/["$`!%^,]/.test(file)) return null;
  const request = (before: string): ReportRequest => ({ command: `${before} ${words}`, environment: {}, format });
  if (isRunner(command, runner)) return request(command);
  const [, manager = "", name = "", rest = ""] = SCRIPT.exec(command) ?? [];
  const script = manager === "" ? undefined : (await scripts(""))?.[/^t(?:st)?$/.test(name) ? "test" : name];
  if (script === undefined || !isRunner(script, runner)) return null;
  return request(manager === "npm" && !`${rest} `.includes(ENDS_OPTIONS) ? `${command} --` : command);
}

/** One command of plain words, of which one is the runner. */
function isRunner(command: string, runner: TestRunner): boolean {
  const words = plainWords(command) ?? [];
  return !command.includes(ENDS_OPTIONS) && words.slice(0, 4).some((word) => programName(word).replace(/^_|\.[cm]?js$/g, "") === runner);
}

async function mentions(command: string, scripts: ScriptsOf, pattern: RegExp): Promise<boolean> {
  return pattern.test(command) || Object.values((await scripts("")) ?? {}).some((script) => pattern.test(script));
}
