// Searches with ripgrep. It is given the files one by one, so that it decides nothing about what is ignored, and gets
// what a model wrote only behind `--`.
import { spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { CountersignError, messageOf } from "../../core/domain/errors";
import type { SearchHit } from "../../core/ports/fileTree";
import { isInside } from "./realLocation";
import { MOST_HITS, clipLine, type SearchAnswer, type SearchRun } from "./searchRun";

/** One thread keeps the order of the files; no encoding and no mapping keep what counts as binary the same for all. */
const FLAGS =
  "--no-config --json --line-number --case-sensitive --threads=1 --no-ignore --hidden --encoding=none --no-mmap".split(
    " ",
  );
/** Bytes of file names in one call, well below what systems allow for a command line. */
const ARGUMENT_BYTES = process.platform === "win32" ? 20_000 : 200_000;

/** The first `rg` on the PATH, looked for in absolute folders outside of `root` only; null when there is none. */
export async function ripgrepOnPath(searchPath: string, root: string): Promise<string | null> {
  const name = process.platform === "win32" ? "rg.exe" : "rg";
  for (const folder of searchPath.split(path.delimiter)) {
    if (!path.isAbsolute(folder) || isInside(root, folder)) continue;
    const program = path.join(folder, name);
    if (
      await access(program, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return program;
  }
  return null;
}

/** Null when this ripgrep cannot do it (its engine refuses the pattern, or it does not start). */
export async function ripgrepSearch(program: string, run: SearchRun): Promise<SearchAnswer | null> {
  if (run.pattern.rust === null) return null;
  const deadline = AbortSignal.timeout(run.timeLimitMs);
  const stop = AbortSignal.any([run.signal, deadline]);
  const found = new FoundHits(run.limit);
  for (const files of batchesOf(run.files)) {
    const ended = await searchFiles({ program, args: [...FLAGS, "--", run.pattern.rust, ...files], run, stop }, found);
    if (run.signal.aborted) throw new CountersignError("cancelled", "The search was cancelled.");
    if (deadline.aborted) throw tookTooLong();
    if (!ended) return null;
    if (found.total >= MOST_HITS) break;
  }
  return { hits: found.hits, total: found.total };
}

export function tookTooLong(): CountersignError {
  return new CountersignError(
    "badRequest",
    "The search took too long and was ended: use a simpler pattern, a path or a glob.",
  );
}

interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly run: SearchRun;
  readonly stop: AbortSignal;
}

/** False when ripgrep did not get as far as searching. */
async function searchFiles(call: Call, found: FoundHits): Promise<boolean> {
  const child = spawn(call.program, call.args, {
    cwd: call.run.root,
    stdio: ["ignore", "pipe", "ignore"],
    windowsHide: true,
  });
  const kill = (): void => void child.kill("SIGKILL");
  call.stop.addEventListener("abort", kill);
  if (call.stop.aborted) kill();
  const closed = new Promise<boolean>((resolve) => {
    child.on("error", () => resolve(false)).on("close", () => resolve(true));
  });
  let finished = false;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const message = JSON.parse(line) as RipgrepMessage;
      finished ||= message.type === "summary";
      found.take(message);
      if (found.total < MOST_HITS) continue;
      finished = true;
      break;
    }
  } catch (error) {
    throw new CountersignError("io", `ripgrep's answer cannot be read: ${messageOf(error)}`, { cause: error });
  } finally {
    call.stop.removeEventListener("abort", kill);
    kill();
  }
  return (await closed) && finished;
}

/** Text where it is UTF-8, else its bytes in base 64. */
type RipgrepText = { readonly text: string } | { readonly bytes: string };

type RipgrepMessage =
  | { readonly type: "begin" | "context" | "summary" }
  | { readonly type: "end"; readonly data: { readonly binary_offset: number | null } }
  | {
      readonly type: "match";
      readonly data: {
        readonly path: RipgrepText;
        readonly lines: RipgrepText;
        readonly line_number: number;
        readonly submatches: readonly { readonly start: number }[];
      };
    };

class FoundHits {
  readonly hits: SearchHit[] = [];
  total = 0;
  private inFile: SearchHit[] = [];
  private countInFile = 0;

  constructor(private readonly limit: number) {}

  take(message: RipgrepMessage): void {
    if (message.type === "match") {
      this.countInFile += 1;
      if (this.hits.length + this.inFile.length < this.limit) this.inFile.push(hitOf(message.data));
    }
    if (message.type !== "end") return;
    // A file with a NUL in it is binary, even where something matched before that.
    if (message.data.binary_offset === null) {
      this.hits.push(...this.inFile);
      this.total = Math.min(MOST_HITS, this.total + this.countInFile);
    }
    this.inFile = [];
    this.countInFile = 0;
  }
}

function hitOf(data: Extract<RipgrepMessage, { type: "match" }>["data"]): SearchHit {
  const bytes = bytesOf(data.lines);
  const start = bytes.subarray(0, data.submatches[0]?.start ?? 0).toString("utf8").length;
  const line = bytes.toString("utf8").replace(/\n$/, "");
  return {
    path: bytesOf(data.path).toString("utf8").replace(/^\.\//, ""),
    line: data.line_number,
    text: clipLine(line, start),
  };
}

function bytesOf(text: RipgrepText): Buffer {
  return "text" in text ? Buffer.from(text.text) : Buffer.from(text.bytes, "base64");
}

function* batchesOf(files: readonly string[]): Generator<readonly string[]> {
  let batch: string[] = [];
  let size = 0;
  for (const file of files) {
    // A file may be named `-`, which would be standard input.
    const name = `./${file}`;
    const bytes = Buffer.byteLength(name) + 9;
    if (size + bytes > ARGUMENT_BYTES && batch.length > 0) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(name);
    size += bytes;
  }
  if (batch.length > 0) yield batch;
}
