// A task with two attempts, the second in review, over files of every kind that a review has to show.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Repo } from "./repoBuilder";
import { aFail, aPassOfRequests, aPassingScript, answers, calls, runs, writes, WRITE_HELLO, type ScriptBuilder } from "./scriptBuilder";

/** Forty lines, some of them other ones; null leaves one out. */
export function story(changes: Readonly<Record<number, string | null>> = {}): string {
  const lines = Array.from({ length: 40 }, (_, index) => (index + 1 in changes ? changes[index + 1] : `export const line${index + 1} = ${index + 1};`));
  return lines.flatMap((line) => (line === null ? [] : [`${line}\n`])).join("");
}

/** A red square of ten pixels. */
export const PICTURE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC", "base64");

export const FIRST_STORY = story({ 3: "export const line3 = 'three';" });
/** Three hunks: lines changed and added, a line changed, a line removed. */
export const SECOND_STORY = story({ 3: "export const three = 3;\nexport const more = three + 1;", 20: "export const twenty = 20;", 38: null });

export function writeReviewFiles(repo: Repo): void {
  repo.write("review/story.ts", story());
  repo.write("review/old.md", "# Old\n\nNobody reads it.\n");
  repo.write("review/windows.txt", "eins\r\nzwei\r\ndrei\r\n");
  repo.write("review/größe und maß.md", "# Größe\n\n10 m\n");
  repo.write("review/picture.png", PICTURE);
}

/** What the third attempt is asked for: a text and a comment. */
const REQUESTS = 2;

/** The first attempt fails, the second passes, the third answers a request for changes. */
export function reviewScript(): ScriptBuilder {
  const second = [
    WRITE_HELLO,
    writes("review/story.ts", SECOND_STORY),
    writes("review/größe und maß.md", "# Größe\n\n12 m\n"),
    writes("review/neu/new file.ts", "export const isNew = true;\n"),
    runs("rm review/old.md; printf 'EINS\\r\\nzwei\\r\\ndrei\\r\\n' > review/windows.txt; cp review/picture.png review/copy.png; printf x >> review/picture.png; ln -s story.ts review/link"),
  ];
  return aPassingScript()
    .generator(1, calls(writes("greeting.txt", "hullo\n"), writes("review/story.ts", FIRST_STORY)))
    .evaluator(1, answers(aFail()))
    .generator(2, calls(...second))
    .evaluator(2)
    .generator(3, calls(writes("review/story.ts", story({ 3: "export const line3 = 'III';" }))))
    .evaluator(3, answers(aPassOfRequests(REQUESTS)));
}

/** How the command line is called that plays a script; without a model and without a network. */
export interface Playing {
  /** The built program. */
  readonly cli: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Has the command line do the task in a repository; it waits for its review when this returns. */
export function playReview({ dir }: Repo, title: string, { cli, env }: Playing, script = reviewScript()): void {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "review script ")), "script.json");
  writeFileSync(file, JSON.stringify(script.build()));
  mkdirSync(path.join(dir, ".countersign"), { recursive: true });
  writeFileSync(path.join(dir, ".countersign/settings.json"), JSON.stringify({ sealedChecks: false }));
  const args = ["run", title, "--no-setup", "--model", `script:${file}`, "--repo", dir];
  execFileSync(process.execPath, [cli, ...args], { env: { ...env, COUNTERSIGN_SCRIPT_DELAY_MS: "0" }, stdio: "pipe" });
}
