// Indexes a made repository of 5,000 files the way the graph's thread does, asks it, and prints how long each took, in
// ms; and how long a plain search through the same files' text takes, once they are in memory.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { FileLogger } from "../../src/adapters/log/fileLogger";
import { SystemClock } from "../../src/adapters/clock/systemClock";
import { GraphService } from "../../src/adapters/graph/graphService";
import { loadSql } from "../../src/adapters/store/sqlDatabase";

const FILES = 5_000;
const SEARCHES = 200;
const WORDS = "account address agent archive balance batch budget buffer cache channel check client clock command commit config contract cost customer deadline delta desk draft driver editor engine entry error event export failure feed field file filter folder format frame gate graph group handle hash header history host index input invoice item job journal key label layer ledger limit line link list lock log mail mark market match member memory menu merge message meter mission model module month name network node note number object offer option order output owner packet page panel parser patch path payment phase plan player point policy pool port price process product profile project prompt proof query queue quote range rate reader receipt record region report request result review role room route rule sample scan schema score script search section seller sender session setting shape shelf signal site snapshot socket source stage state status step store stream string style summary switch symbol table target task team template term thread ticket timer token tool total track transfer tree trigger unit update usage user value vendor verdict version view visitor volume wallet watch week widget window word worker zone".split(" ");

/** A generator of its own, so that every run has the same files. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const random = randomOf(7);
const STEMS = WORDS.flatMap((one) => [one, ...["er", "ing", "able", "less", "set", "map", "kit"].map((ending) => one + ending)]);
/** As in texts: the word of rank n is about n times rarer than the first. */
const word = (): string => STEMS[(Math.floor(Math.exp(random() * Math.log(STEMS.length))) * 17) % STEMS.length] ?? "";
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function makeFiles(root: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (let i = 0; i < FILES; i += 1) {
    const folder = `src/${word()}/${word()}`;
    files.set(`${folder}/${word()}${capital(word())}${i}.ts`, fileText([...files.keys()], folder));
  }
  for (const [name, text] of files) {
    mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return files;
}

/** About 100 lines: a comment, imports of files before it, ten declarations with bodies. */
function fileText(before: readonly string[], folder: string): string {
  const imported = Array.from({ length: Math.min(5, before.length) }, () => before[Math.floor(random() * before.length)] ?? "");
  const imports = imported.map((file) => `import { ${word()} } from "${path.posix.relative(folder, file).replace(/^(?!\.)/, "./").replace(/\.ts$/, "")}";`);
  const declarations = Array.from({ length: 10 }, () => {
    const body = Array.from({ length: 6 }, () => `  const ${word()} = ${word()}.${word()}(${word()}, "${word()} ${word()} ${word()}");`);
    return [`/** ${capital(word())} ${word()} of the ${word()}. */`, `export function ${word()}${capital(word())}${capital(word())}(${word()}: string): void {`, ...body, "}", ""].join("\n");
  });
  return [`// ${capital(word())} ${word()} ${word()} for the ${word()} ${word()}.`, 'import path from "node:path";', ...imports, "", ...declarations].join("\n");
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "countersign-bench-graph-"));
  try {
    const texts = makeFiles(folder);
    const stateDir = path.join(folder, ".countersign", "state");
    mkdirSync(stateDir, { recursive: true });
    const open = (): GraphService => newService(folder, stateDir);
    const first = open();
    const before = process.cpuUsage();
    const indexMs = await timed(() => first.refresh());
    const used = process.cpuUsage(before);
    const againMs = await timed(() => first.refresh());
    const questions = Array.from({ length: SEARCHES }, () => `${word()} ${word()} ${word()}`);
    const searches: number[] = [];
    for (const question of questions) searches.push(await timed(() => first.search(question, { limit: 20 })));
    const { files } = await first.state();
    await first.close();
    const second = open();
    const reopenMs = await timed(() => second.refresh());
    await second.close();
    const scans: number[] = [];
    for (const question of questions.slice(0, 40)) scans.push(await timed(async () => scan(texts, question)));
    const countMs = await timed(async () => countWords(folder, [...texts.keys()]));
    process.stdout.write(JSON.stringify({ files, countMs, cpuMs: (used.user + used.system) / 1000, indexMs, againMs, reopenMs, searches, scans }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function newService(root: string, stateDir: string): GraphService {
  let turnEnds = 0;
  return new GraphService({
    root,
    stateDir,
    redact: (text) => text,
    logger: new FileLogger(null, new SystemClock()),
    loadEngine: () => loadSql(),
    rest: async () => {
      if (performance.now() < turnEnds) return;
      await nextTurn();
      turnEnds = performance.now() + 8;
    },
    now: Date.now,
    wait: async (_, until) => void (await until),
  });
}

/** The least that an index of all words takes: every file read, every word counted. */
function countWords(root: string, files: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const file of files) for (const [one] of readFileSync(path.join(root, file), "utf8").matchAll(/\w+/g)) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts.size;
}

/** What ranks files without an index: every word counted in every text, which is in memory already. */
function scan(texts: ReadonlyMap<string, string>, question: string): readonly string[] {
  const patterns = question.split(" ").map((one) => new RegExp(one, "gi"));
  const scored = [...texts].map(([file, text]) => ({ file, score: patterns.reduce((sum, pattern) => sum + Math.log(1 + (text.match(pattern)?.length ?? 0)), 0) }));
  return scored.toSorted((a, b) => b.score - a.score).slice(0, 20).map(({ file }) => file);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
