// Diagnostics as lines of a file, or of any other sink. A log that cannot be written goes silent; it never disturbs
// the work, and nothing that looks like a key is written.
import { mkdirSync, openSync, renameSync, statSync, writeSync } from "node:fs";
import path from "node:path";
import type { Clock } from "../../core/ports/clock";
import type { Logger } from "../../core/ports/logger";

/** Beyond this a log is moved aside to `<file>.1` when it is next opened. */
export const MAX_LOG_BYTES = 5_000_000;

type Level = "debug" | "info" | "warn";
type Data = Readonly<Record<string, unknown>>;

/** Calls `write` with one line (newline included) a message. */
export class LineLogger implements Logger {
  #silent = false;

  constructor(
    private readonly write: (line: string) => void,
    private readonly clock: Clock,
  ) {}

  debug(message: string, data?: Data): void {
    this.#log("debug", message, data);
  }

  info(message: string, data?: Data): void {
    this.#log("info", message, data);
  }

  warn(message: string, data?: Data): void {
    this.#log("warn", message, data);
  }

  #log(level: Level, message: string, data: Data | undefined): void {
    if (this.#silent) return;
    try {
      const time = new Date(this.clock.now()).toISOString();
      const text = `${message}${data === undefined ? "" : ` ${print(data)}`}`;
      this.write(`${time} ${level.padEnd(5)} ${withoutKeys(text).replaceAll("\n", "\\n")}\n`);
    } catch {
      // A full disk fails every line; trying each would only slow the work down.
      this.#silent = true;
    }
  }
}

/** Appends to a file, which is opened with the first line; `null` logs nothing. */
export class FileLogger extends LineLogger {
  constructor(file: string | null, clock: Clock) {
    let fd: number | null = null;
    // Written at once, not queued: the lines before a crash are the ones that matter.
    const write = (line: string): void => {
      if (file !== null) writeSync((fd ??= openLog(file)), line);
    };
    super(write, clock);
  }
}

function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true });
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_LOG_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, "a", 0o600);
}

const SECRET_NAME = /key|token$|secret|password|authorization|cookie/i;
const SECRET_TEXT = /\b(sk-[\w-]{8})[\w-]+|\b(Bearer\s+)[\w.~+/=-]{8,}/gi;

function print(data: Data): string {
  try {
    return JSON.stringify(data, (name, value: unknown) => {
      if (SECRET_NAME.test(name) && typeof value === "string") return "[hidden]";
      if (value instanceof Error) return value.stack ?? value.message;
      return typeof value === "bigint" ? String(value) : value;
    });
  } catch (error) {
    return `[data cannot be printed: ${error instanceof Error ? error.message : typeof error}]`;
  }
}

function withoutKeys(text: string): string {
  return text.replace(SECRET_TEXT, (_match, key?: string, bearer?: string) => `${key ?? bearer ?? ""}[hidden]`);
}
