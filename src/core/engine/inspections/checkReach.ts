// What the commands of checks reach, as it is in the base commit: package scripts, scripts that are named, whether tests
// run. It reads what is written and runs nothing; what it does not understand it leaves out.
import type { CommandCheck, Contract } from "../../domain/contract";
import { isSealed } from "../../domain/sealed";
import { isCheckScript, scriptsIn } from "../../domain/protection";
import { leavesRepository } from "../../domain/repositoryPath";

export interface Reach {
  readonly check: CommandCheck;
  /** Files that decide about the check, relative to the root: scripts that verify, and what options hand to a runner. */
  readonly files: ReadonlySet<string>;
  /** Names in `package.json`, hooks included. */
  readonly scripts: ReadonlySet<string>;
  readonly usesPackage: boolean;
  readonly runsTests: boolean;
}

/** A file's text in the base commit; null when it is not there or cannot be read. */
export type ReadBase = (path: string) => Promise<string | null>;

const RUNS_TESTS =
  /\bnode\b[^;&|\n]*\s--test\b|\b(?:mocha|jest|vitest|ava|tape?|karma|playwright|cypress|pytest|py\.test|nose2?|tox|nox|rspec|phpunit|bats|prove|ctest)\b|\bunittest\b|\b(?:go|cargo|dotnet|deno|bun|swift|mix|sbt|lein)\s+(?:test|nextest)\b|\b(?:mvn|gradlew?)\b|\bmake\s+(?:test|check)\b|\b(?:npm|pnpm|yarn)\s+(?:run\s+)?t(?:est)?\b/;
const PACKAGE_MANAGER = /\b(?:npm|pnpm|yarn|bun)\b([^;&|\n]*)|\bnode\b[^;&|\n]*\s--run[= ](\S+)/g;
const HANDED = /(?:--(?:require|import|loader|experimental-loader|config|reporter|test-reporter|setup\w*|file|rcfile)|-r|-c)[= ]+["']?([\w./@-]+)/g;
const SHELL_SCRIPT = /\.(?:sh|bash|zsh)$|(?:^|\/)(?:gnum|m)akefile$/i;
/** Texts that are looked through for one check. */
const MOST_TEXTS = 40;
const MOST_READS = 60;

export function commandsOf(contract: Contract): readonly CommandCheck[] {
  return contract.checks.filter((check): check is CommandCheck => check.kind === "command" && !isSealed(check));
}

export async function reachesOf(contract: Contract, read: ReadBase): Promise<readonly Reach[]> {
  const scripts = scriptsIn((await read("package.json")) ?? "");
  return Promise.all(commandsOf(contract).map((check) => new Search(check, scripts, read).reach()));
}

class Search {
  private readonly files = new Set<string>();
  private readonly names = new Set<string>();
  private readonly asked = new Set<string>();
  private usesPackage = false;
  private runsTests = false;

  constructor(
    private readonly check: CommandCheck,
    private readonly scripts: Readonly<Record<string, string>>,
    private readonly read: ReadBase,
  ) {}

  async reach(): Promise<Reach> {
    const texts = [this.check.run];
    for (let at = 0; at < texts.length && at < MOST_TEXTS; at += 1) texts.push(...(await this.lookThrough(texts[at] ?? "")));
    const { check, files, names: scripts, usesPackage, runsTests } = this;
    return { check, files, scripts, usesPackage, runsTests };
  }

  /** What is reached from there. */
  private async lookThrough(text: string): Promise<readonly string[]> {
    if (RUNS_TESTS.test(text)) this.runsTests = true;
    for (const [, path = ""] of text.matchAll(HANDED)) this.files.add(plain(path));
    const makefiles = /\bmake\b/.test(text) ? ["GNUmakefile", "makefile", "Makefile"] : [];
    const found = [...this.scriptsNamed(text)];
    for (const path of [...wordsOf(text), ...makefiles]) {
      const content = await this.contentOf(path);
      if (content === null) continue;
      if (isCheckScript(path) || SHELL_SCRIPT.test(path)) this.files.add(path);
      if (SHELL_SCRIPT.test(path) || content.startsWith("#!/bin/")) found.push(content);
    }
    return found;
  }

  private async contentOf(path: string): Promise<string | null> {
    if (this.asked.has(path) || this.asked.size >= MOST_READS) return null;
    this.asked.add(path);
    return this.read(path);
  }

  /** The scripts of the package that the text runs, with their hooks. */
  private *scriptsNamed(text: string): Iterable<string> {
    for (const [, words = "", run = ""] of text.matchAll(PACKAGE_MANAGER)) {
      this.usesPackage = true;
      const name = [run, ...words.trim().split(/\s+/).map((word) => (/^t(?:st)?$/.test(word) ? "test" : word))].find((word) => Object.hasOwn(this.scripts, word));
      if (name === undefined || this.names.has(name)) continue;
      for (const hook of [`pre${name}`, name, `post${name}`]) {
        this.names.add(hook);
        const script = this.scripts[hook];
        if (script !== undefined) yield script;
      }
    }
  }
}

function wordsOf(text: string): readonly string[] {
  const words = text.split(/[\s;|&()<>"'`$={},]+/).map(plain);
  return [...new Set(words)].filter((word) => /[./]/.test(word) && /^[\w.@][\w./@-]*$/.test(word) && !leavesRepository(word));
}

function plain(path: string): string {
  return path.replace(/^(?:\.\/)+/, "");
}
