// Searches with JavaScript, in a worker thread: a slow disk does not hold up the host there, and a pattern that
// backtracks for ever can be ended. The worker gets its code as text, so that it needs no file of its own in a bundle.
import { Worker } from "node:worker_threads";
import { CountersignError } from "../../core/domain/errors";
import type { SearchHit } from "../../core/ports/fileTree";
import { tookTooLong } from "./ripgrepSearch";
import { MOST_HITS, clipLine, type SearchAnswer, type SearchRun } from "./searchRun";

/** A line longer than this makes a file binary, bytes. */
const LONGEST_LINE = 64 * 1024 * 1024;

interface WorkerTask {
  readonly root: string;
  readonly files: readonly string[];
  readonly source: string;
  readonly flags: string;
  readonly limit: number;
  readonly mostHits: number;
  readonly longestLine: number;
}

export async function scriptSearch(run: SearchRun): Promise<SearchAnswer> {
  if (run.signal.aborted) throw cancelled();
  const { root, files, limit } = run;
  const task: WorkerTask = {
    root,
    files,
    ...run.pattern.script,
    limit,
    mostHits: MOST_HITS,
    longestLine: LONGEST_LINE,
  };
  const worker = new Worker(WORKER_CODE, { eval: true, workerData: task, env: {}, execArgv: [] });
  const ended = new AbortController();
  try {
    return await new Promise<SearchAnswer>((resolve, reject) => {
      const timer = setTimeout(() => reject(tookTooLong()), run.timeLimitMs);
      ended.signal.addEventListener("abort", () => clearTimeout(timer));
      run.signal.addEventListener("abort", () => reject(cancelled()), { signal: ended.signal });
      worker.on("message", resolve);
      worker.on("error", (cause) => reject(new CountersignError("internal", "The search ended by itself.", { cause })));
      worker.on("exit", () => reject(new CountersignError("internal", "The search ended without an answer.")));
    });
  } finally {
    ended.abort();
    await worker.terminate();
  }
}

function cancelled(): CountersignError {
  return new CountersignError("cancelled", "The search was cancelled.");
}

interface WorkerModules {
  readonly fs: typeof import("node:fs");
  readonly path: typeof import("node:path");
  readonly clip: typeof clipLine;
}

/** Runs in the worker; uses nothing but what it is given. */
function searchInWorker(task: WorkerTask, { fs, path, clip }: WorkerModules): SearchAnswer {
  const pattern = new RegExp(task.source, task.flags);
  const hits: SearchHit[] = [];
  let total = 0;
  const chunk = Buffer.allocUnsafe(1024 * 1024);

  const searchFile = (file: string, descriptor: number): void => {
    const found: SearchHit[] = [];
    let count = 0;
    let number = 0;
    const searchLines = (lines: readonly string[]): void => {
      for (const raw of lines) {
        number += 1;
        const match = pattern.exec(raw.endsWith("\r") ? raw.slice(0, -1) : raw);
        if (match === null) continue;
        count += 1;
        if (hits.length + found.length < task.limit)
          found.push({ path: file, line: number, text: clip(raw, match.index) });
      }
    };
    let rest: Buffer = Buffer.alloc(0);
    for (let size = fs.readSync(descriptor, chunk); size > 0; size = fs.readSync(descriptor, chunk)) {
      const read = chunk.subarray(0, size);
      if (read.includes(0) || rest.length > task.longestLine) return;
      const cut = read.lastIndexOf(10) + 1;
      if (cut === 0) {
        rest = Buffer.concat([rest, read]);
        continue;
      }
      searchLines(
        Buffer.concat([rest, read.subarray(0, cut - 1)])
          .toString("utf8")
          .split("\n"),
      );
      rest = Buffer.from(read.subarray(cut));
    }
    if (rest.length > 0) searchLines([rest.toString("utf8")]);
    hits.push(...found);
    total = Math.min(task.mostHits, total + count);
  };

  for (const file of task.files) {
    let descriptor: number;
    try {
      descriptor = fs.openSync(path.join(task.root, file), fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
    } catch {
      // Gone or unreadable by now: there is nothing of it to search.
      continue;
    }
    try {
      searchFile(file, descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    if (total >= task.mostHits) break;
  }
  return { hits, total };
}

// `__name` is what the bundler wraps functions in to keep their names.
const WORKER_CODE = `
const __name = (target) => target;
const { parentPort, workerData } = require("node:worker_threads");
const modules = { fs: require("node:fs"), path: require("node:path"), clip: ${clipLine.toString()} };
parentPort.postMessage((${searchInWorker.toString()})(workerData, modules));
`;
