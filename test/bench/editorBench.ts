// A program: takes the figures of a real VS Code with the packed extension, in several windows one after the other, and
// writes them to a file, one JSON object a line. Takes one JSON argument.
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inspect } from "node:util";
import type { Frame, Page } from "playwright-core";
import { z } from "zod/mini";
import { runInExtensionHost } from "../editor/extensionHost";
import { type EditorPrograms, editorPrograms } from "../editor/programs";
import { sampleWorkspace } from "../editor/sampleWorkspace";
import { until } from "../editor/until";

const WINDOW_LIMIT_MS = 180_000;
/** Three events a call and one a turn: 240 turns of 10 calls are 5,000 events. */
const TURNS = 240;
const CALLS_A_TURN = 10;
const TEXT = "I read these files to see how the commands are laid out and how they are tested. ";

const REQUEST = z.object({ probe: z.string(), folder: z.string(), out: z.string(), windows: z.number() });
const PAINT = z.object({ at: z.number(), tasks: z.nullable(z.number()) });
const OPENING = z.object({ figure: z.literal("opening"), panel: z.string(), at: z.number() });

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${inspect(error)}\n`);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const request = REQUEST.parse(JSON.parse(process.argv[2] ?? "null"));
  const programs = editorPrograms();
  for (let index = 0; index < request.windows; index += 1) {
    await oneWindow(programs, request, index);
  }
}

async function oneWindow(programs: EditorPrograms, { probe, folder, out, windows }: z.infer<typeof REQUEST>, index: number): Promise<void> {
  const root = path.join(folder, `window-${index}`);
  mkdirSync(root);
  const isLast = index === windows - 1;
  const hasTask = index % 2 === 0;
  const script = path.join(root, "script.json");
  writeFileSync(script, JSON.stringify(readingScript()));
  const own = path.join(root, "figures.ndjson");
  const repo = sampleWorkspace(path.join(root, "tally"));
  const outcome = await runInExtensionHost(programs, {
    entry: probe,
    extension: installedExtension(programs),
    helpers: [path.resolve("test/bench/emptyExtension")],
    workspace: repo.dir,
    home: path.join(root, "home"),
    settings: { "countersign.toolCalls": TURNS * CALLS_A_TURN * 2, "countersign.budget.taskUsd": 100_000 },
    env: { COUNTERSIGN_BENCH: JSON.stringify({ out: own, oursFirst: index % 2 === 0, hasTask, script: isLast ? script : null }) },
    limitMs: WINDOW_LIMIT_MS,
    meanwhile: (page) => watchPaints(page, { own, out, hasTask }),
  });
  if (outcome.failure !== null) throw new Error(`window ${index + 1}: ${outcome.failure}\n${outcome.consoleLines.slice(-30).join("\n")}`);
  appendFileSync(out, readFileSync(own));
  if (!isLast) return;
  const journal = repo.read(".countersign/state/journal.ndjson");
  if (!journal.includes('"kind":"taskPassed"')) throw new Error(`the task did not pass: ${journal.trimEnd().split("\n").at(-1)}`);
  appendFileSync(out, `${JSON.stringify({ figure: "events", count: journal.trimEnd().split("\n").length })}\n`);
}

/** As a user has it: not the development build. */
function installedExtension({ extensions }: EditorPrograms): string {
  const name = extensions === null ? undefined : readdirSync(extensions).find((entry) => entry.startsWith("countersign.countersign-"));
  if (extensions === null || name === undefined) throw new Error("the extension is not installed");
  return path.join(extensions, name);
}

interface Watched {
  /** What the window's probe says. */
  readonly own: string;
  readonly out: string;
  readonly hasTask: boolean;
}

/** For every panel that the probe opens: waits for its first paint, and tells the probe to go on. */
async function watchPaints(page: Page, { own, out, hasTask }: Watched): Promise<void> {
  for (const panel of ["warm-up", "empty", "dashboard"]) {
    const opening = await until(`${panel} is opened`, () => openingIn(own, panel), WINDOW_LIMIT_MS);
    const { at, tasks } = await until(`${panel} is painted`, () => paintIn(page, panel));
    if (panel === "dashboard" && tasks !== Number(hasTask)) throw new Error(`the dashboard's first paint showed ${tasks ?? "no count of"} tasks`);
    appendFileSync(out, `${JSON.stringify({ figure: "paint", panel, hasTask, ms: at - opening.at })}\n`);
    writeFileSync(`${own}.${panel}`, "");
  }
}

function openingIn(own: string, panel: string): z.infer<typeof OPENING> | undefined {
  const lines = existsSync(own) ? readFileSync(own, "utf8").trimEnd().split("\n") : [];
  const found = lines.map((line) => OPENING.safeParse(JSON.parse(line))).find((read) => read.success && read.data.panel === panel);
  return found?.data;
}

/** `at`: when the panel first showed something, in ms since 1970; `tasks`: how many the dashboard had drawn by then. */
async function paintIn(page: Page, panel: string): Promise<z.infer<typeof PAINT> | undefined> {
  const isIt = panel === "dashboard" ? `performance.getEntriesByName("countersign-drawn")[0]` : `document.querySelector('[data-painted="${panel}"]')`;
  for (const frame of page.frames()) {
    const paint = await paintOf(frame, isIt);
    if (paint !== undefined) return paint;
  }
  return undefined;
}

async function paintOf(frame: Frame, isIt: string): Promise<z.infer<typeof PAINT> | undefined> {
  const script = `(() => {
    const it = ${isIt};
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    return it && paint ? { at: performance.timeOrigin + paint.startTime, tasks: it.startTime < paint.startTime ? it.detail : null } : null;
  })()`;
  try {
    return PAINT.safeParse(await frame.evaluate(script)).data;
  } catch {
    // The frame is going or still loading; it is looked at again.
    return undefined;
  }
}

/** A session that reads the same ten small files again and again, with a sentence before. */
function readingScript(): unknown {
  const files = ["README.md", "package.json", "src/cli.js", "src/help.js", "src/parse.js", "src/format.js", "src/errors.js", "src/suggest.js", "src/registry.js", "src/arguments.js"];
  const toolCalls = files.slice(0, CALLS_A_TURN).map((file) => ({ name: "read_file", input: { path: file } }));
  const reading = Array.from({ length: TURNS }, () => ({ text: TEXT, toolCalls }));
  return { version: 1, description: "Reads.", sessions: [{ role: "single_agent", attempt: 1, turns: [...reading, { text: "I have read everything." }] }] };
}
