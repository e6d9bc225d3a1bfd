// Appends to a journal the way a run does and prints how long each step took, in ms: what stands on the way to the
// next request (append) and what a transition waits for (append and flush).
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { SystemClock } from "../../src/adapters/clock/systemClock";
import { FileLogger } from "../../src/adapters/log/fileLogger";
import { openJournal } from "../../src/adapters/store/fileJournal";
import type { EventBody } from "../../src/core/domain/event";
import type { SessionId, TaskId } from "../../src/core/domain/task";

const EVENTS = 1000;
const TASK = "bench-0000" as TaskId;

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "countersign-bench-journal-"));
  const clock = new SystemClock();
  try {
    const journal = await openJournal(folder, { clock, logger: new FileLogger(null, clock) });
    const appends: number[] = [];
    const commits: number[] = [];
    for (let i = 0; i < EVENTS; i += 1) {
      const started = performance.now();
      journal.append(TASK, finished(i));
      appends.push(performance.now() - started);
      await journal.flush();
      commits.push(performance.now() - started);
    }
    await journal.close();
    process.stdout.write(JSON.stringify({ appends, commits }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function finished(i: number): EventBody {
  const call = `toolu_${String(i).padStart(24, "0")}`;
  return { kind: "toolFinished", session: "generator-1-0000" as SessionId, call, tool: "read_file", ok: true, summary: "60 lines", durationMs: 1 };
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
