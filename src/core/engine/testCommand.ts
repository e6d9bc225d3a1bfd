// Recognises a command that runs tests, by parsing it and the package's scripts that it stands for. It reads what is
// written and runs nothing.
import type { TestCommand } from "../domain/testCount";
import type { TestRunner } from "../domain/testCountReaders";
import { innerCommands } from "../policy/innerCommands";
import { programName } from "../policy/programName";
import { LONGEST_COMMAND, readShell } from "../policy/shellReading";

/** The scripts of the `package.json` in a folder, relative to the repository's root; null when there is none. */
export type ScriptsOf = (folder: string) => Promise<Readonly<Record<string, string>> | null>;

const PROGRAMS: ReadonlyMap<string, TestRunner> = new Map<string, TestRunner>([
  ["mocha", "mocha"],
  ["_mocha", "mocha"],
  ["mocha.js", "mocha"],
  ["jest", "jest"],
  ["jest.js", "jest"],
  ["vitest", "vitest"],
  ["vitest.mjs", "vitest"],
  ["pytest", "pytest"],
  ["py.test", "pytest"],
  ["tape", "TAP"],
  ["tap", "TAP"],
  ["prove", "TAP"],
  ["bats", "TAP"],
]);
const PACKAGE_MANAGERS = new Set(["npm", "pnpm", "yarn", "bun"]);
/** Run scripts of many packages, or many scripts. */
const RUNS_SEVERAL = new Set(["turbo", "nx", "lerna", "rush", "wireit", "npm-run-all", "run-s", "run-p", "concurrently", "wsrun"]);
const SEVERAL_PACKAGES = new Set(["-ws", "--workspaces", "-r", "--recursive", "workspaces"]);
/** Options that choose another report, or none. */
const OWN_REPORT = /\s(?:--?[\w-]*reporters?\b|-R\b|-q|--quiet|--silent|--no-summary|--json|--list|--collect-only|--co\b)/;
/** A script that runs a script that runs a script … */
const DEEPEST = 6;

/** null for a command that is not known to run tests. Never throws for what the command line holds. */
export async function testCommandOf(command: string, scripts: ScriptsOf): Promise<TestCommand | null> {
  const search = new Search(scripts);
  await search.inSource(command, "", 0);
  const runners = [...new Set(search.found)];
  if (search.found.length === 0) return null;
  const several = search.several || search.found.length > 1;
  return { runner: runners.length === 1 ? (runners[0] ?? null) : null, several, ...(OWN_REPORT.test(command) ? { reportsItsOwnWay: true } : {}) };
}

class Search {
  readonly found: (TestRunner | null)[] = [];
  several = false;

  constructor(private readonly scripts: ScriptsOf) {}

  async inSource(source: string, startFolder: string, depth: number): Promise<void> {
    if (depth > DEEPEST || source.length > LONGEST_COMMAND) return;
    let folder = startFolder;
    for (const { words } of commandsIn(source)) {
      if (words[0] === "cd" && words.length === 2) folder = joined(folder, words[1] ?? "");
      else await this.inWords(words, folder, depth);
    }
  }

  /** Looks through what wraps the runner until there is one; true when there was. */
  private async inWords(words: readonly string[], folder: string, depth: number): Promise<boolean> {
    if (depth > DEEPEST) return false;
    const name = programName(words[0] ?? "");
    if (RUNS_SEVERAL.has(name)) {
      if (!words.some((word) => word.startsWith("test"))) return false;
      this.found.push(null);
      this.several = true;
      return true;
    }
    const runner = runnerOf(name, words);
    if (runner !== null) {
      this.found.push(runner);
      return true;
    }
    if (PACKAGE_MANAGERS.has(name) && (await this.inScript(words, folder, depth))) return true;
    for (const inner of innerCommands(words)) {
      const before = this.found.length;
      if (inner.kind === "source") await this.inSource(inner.text, folder, depth + 1);
      else await this.inWords(inner.words, folder, depth + 1);
      if (this.found.length > before) return true;
    }
    return this.behindWrapper(words, folder, depth);
  }

  /** Coverage tools and their like: a program that is not known, and the runner among its arguments. */
  private async behindWrapper(words: readonly string[], folder: string, depth: number): Promise<boolean> {
    if (!WRAPPING.has(programName(words[0] ?? ""))) return false;
    const start = words.findIndex((word, at) => at > 0 && (PROGRAMS.has(programName(word)) || WRAPPED.has(programName(word)) || word === "-m"));
    if (start === -1) return false;
    const inner = words[start] === "-m" ? ["python", ...words.slice(start)] : words.slice(start);
    return this.inWords(inner, folder, depth + 1);
  }

  private async inScript(words: readonly string[], folder: string, depth: number): Promise<boolean> {
    const called = calledScript(words);
    if (called === null) return false;
    if (words.some((word) => SEVERAL_PACKAGES.has(word))) {
      if (!called.script.startsWith("test")) return false;
      this.found.push(null);
      this.several = true;
      return true;
    }
    const scripts = await this.scripts(joined(folder, called.folder));
    const before = this.found.length;
    for (const name of [`pre${called.script}`, called.script, `post${called.script}`]) {
      const text = scripts !== null && Object.hasOwn(scripts, name) ? scripts[name] : undefined;
      if (typeof text === "string") await this.inSource(text, joined(folder, called.folder), depth + 1);
    }
    // What the package calls its tests are tests, whatever program runs them.
    if (this.found.length === before && /^(?:test|tests)(?:$|[:_-])/.test(called.script) && scripts !== null) this.found.push(null);
    return this.found.length > before;
  }
}

const WRAPPING = new Set(["c8", "nyc", "cross-env", "cross-env-shell", "coverage", "uv", "poetry", "pipenv", "hatch", "pdm", "rye", "bundle", "tsx", "react-scripts", "react-app-rewired", "craco", "dotenvx", "wait-on", "xvfb-maybe", "doppler"]);
const WRAPPED = new Set(["node", "python", "npm", "pnpm", "yarn", "go", "cargo"]);

function commandsIn(source: string): readonly { readonly words: readonly string[] }[] {
  return readShell(source).commands.map(({ words }) => ({ words: words.map((word) => word.value) }));
}

/** Programs that are runners only with certain arguments. */
const WITH_ARGUMENTS: ReadonlyMap<string, (words: readonly string[]) => TestRunner | null> = new Map([
  ...["node", "nodejs", "tsx"].map((name) => [name, nodeRunner] as const),
  ...["python", "py", "pypy", "coverage"].map((name) => [name, moduleRunner] as const),
  ...["react-scripts", "craco", "react-app-rewired"].map((name) => [name, (words: readonly string[]) => (firstOperand(words) === "test" ? "jest" : null)] as const),
  ["go", (words: readonly string[]) => (firstOperand(words) === "test" ? "go test" : null)] as const,
  ["cargo", (words: readonly string[]) => (["test", "t", "nextest", "llvm-cov"].includes(firstOperand(words)) ? "cargo test" : null)] as const,
]);

function runnerOf(name: string, words: readonly string[]): TestRunner | null {
  return WITH_ARGUMENTS.get(name)?.(words) ?? PROGRAMS.get(name) ?? null;
}

/** `+nightly` chooses cargo's toolchain. */
function firstOperand(words: readonly string[]): string {
  return words.slice(1).find((word) => !word.startsWith("-") && !word.startsWith("+")) ?? "";
}

function nodeRunner(words: readonly string[]): TestRunner | null {
  return words.some((word) => /^--test(?:$|=)/.test(word)) ? "node:test" : scriptRunner(words);
}

/** `node node_modules/mocha/bin/mocha.js`. */
function scriptRunner(words: readonly string[]): TestRunner | null {
  const script = words.slice(1).find((word) => !word.startsWith("-") && PROGRAMS.has(programName(word)));
  return script === undefined ? null : (PROGRAMS.get(programName(script)) ?? null);
}

function moduleRunner(words: readonly string[]): TestRunner | null {
  const at = words.findIndex((word) => word === "-m" || /^-[bBEIsSuvO]+m$/.test(word));
  const module = at === -1 ? words.find((word) => /^-m\w/.test(word))?.slice(2) : words[at + 1];
  if (module === "pytest" || module === "py.test") return "pytest";
  if (module === "unittest") return "unittest";
  return null;
}

interface CalledScript {
  readonly script: string;
  readonly folder: string;
}

const WITH_FOLDER = new Set(["--prefix", "-C", "--dir", "--cwd"]);
const OTHER_WORDS = new Set(["install", "i", "ci", "add", "exec", "x", "dlx", "create", "init", "publish", "pack", "link", "remove", "update"]);

/** The script that a package manager is asked to run, and where; null for its other uses. */
function calledScript(words: readonly string[]): CalledScript | null {
  const { operands, folder } = operandsOf(words);
  const [verb = "", next = ""] = operands[0] === "workspaces" ? operands.slice(operands.indexOf("run")) : operands;
  if (["run", "run-script", "rum"].includes(verb)) return next === "" ? null : { script: next, folder };
  if (["t", "tst", "it"].includes(verb)) return { script: "test", folder };
  return verb === "" || OTHER_WORDS.has(verb) ? null : { script: verb, folder };
}

function operandsOf(words: readonly string[]): { readonly operands: readonly string[]; readonly folder: string } {
  const operands: string[] = [];
  let folder = "";
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  for (let at = 1; at < end; at += 1) {
    const word = words[at] ?? "";
    const [option = "", value] = word.split("=");
    if (WITH_FOLDER.has(option)) {
      folder = value ?? words[at + 1] ?? "";
      if (value === undefined) at += 1;
    } else if (!word.startsWith("-")) operands.push(word);
  }
  return { operands, folder };
}

function joined(folder: string, to: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${to}`.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}
