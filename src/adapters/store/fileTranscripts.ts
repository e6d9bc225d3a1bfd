// Conversations, verbatim, one file a session beside the task's handoff files. The journal's owner is the only writer.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import type { SessionId, TaskId } from "../../core/domain/task";
import type { Clock } from "../../core/ports/clock";
import type { Logger } from "../../core/ports/logger";
import type { Transcript, TranscriptEntry, Transcripts } from "../../core/ports/transcripts";
import { openAppendFile, type AppendFile } from "./appendFile";
import { confinedName } from "./confinedPath";
import { errnoOf, ioError } from "./ioError";
import { ensureFolder, syncFolder } from "./storeFolder";
import { entryOf } from "./transcriptLine";

/** Nobody waits for a turn to be on disk, so the fsync of several is done in one. */
export const BACKGROUND_SYNC_MS = 50;

export interface TranscriptsOptions {
  /** Absolute path of the folder that holds a folder for each task. */
  readonly plansDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class FileTranscripts implements Transcripts {
  constructor(private readonly options: TranscriptsOptions) {}

  async open(task: TaskId, session: SessionId): Promise<Transcript> {
    const { plansDir, clock, logger } = this.options;
    const folder = path.join(plansDir, confinedName(task), "sessions");
    const file = path.join(folder, `${confinedName(session)}.ndjson`);
    await ensureFolder(folder);
    try {
      const bytes = await readOrEmpty(file);
      const length = bytes.lastIndexOf(10) + 1;
      const torn = bytes.length - length;
      if (torn > 0) logger.warn("dropped a torn last line of a transcript", { file, bytes: torn });
      const recovered = parseEntries(file, bytes.toString("utf8", 0, length));
      const failure = (cause: unknown): CountersignError => failureOf(file, cause);
      const lines = await openAppendFile(file, length, { failure, background: { clock, ms: BACKGROUND_SYNC_MS } });
      await syncFolder(folder);
      return new FileTranscript(recovered, lines);
    } catch (error) {
      throw ioError(error, { what: `The conversation ${file} could not be opened`, kept: "Nothing was changed." });
    }
  }
}

class FileTranscript implements Transcript {
  constructor(
    readonly recovered: readonly TranscriptEntry[],
    private readonly file: AppendFile,
  ) {}

  append(entry: TranscriptEntry): void {
    this.file.append(`${JSON.stringify(entry)}\n`);
  }

  flush(): Promise<void> {
    return this.file.flush();
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

async function readOrEmpty(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

function parseEntries(file: string, text: string): readonly TranscriptEntry[] {
  const lines = text === "" ? [] : text.slice(0, -1).split("\n");
  return lines.map((line, index) => {
    const entry = entryOf(line);
    if (entry === null) throw damaged(file, index + 1);
    return entry;
  });
}

function failureOf(file: string, cause: unknown): CountersignError {
  const kept = "What was flushed before is kept; the rest may be lost, so the session does not go on.";
  return ioError(cause, { what: `The conversation ${file} could not be written`, kept });
}

function damaged(file: string, line: number): CountersignError {
  return new CountersignError(
    "damaged",
    `The conversation ${file} is damaged at line ${line}: it is no entry of ours. Nothing was changed. ` +
      "Put back a copy of the file from a backup, or move it away to let the session start afresh.",
  );
}
