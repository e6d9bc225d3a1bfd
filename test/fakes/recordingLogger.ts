// A logger that keeps what it was told.
import type { Logger } from "../../src/core/ports/logger";

export class RecordingLogger implements Logger {
  readonly lines: string[] = [];

  debug(message: string, data?: Readonly<Record<string, unknown>>): void {
    this.#keep("debug", message, data);
  }

  info(message: string, data?: Readonly<Record<string, unknown>>): void {
    this.#keep("info", message, data);
  }

  warn(message: string, data?: Readonly<Record<string, unknown>>): void {
    this.#keep("warn", message, data);
  }

  get text(): string {
    return this.lines.join("\n");
  }

  #keep(level: string, message: string, data?: Readonly<Record<string, unknown>>): void {
    this.lines.push(`${level} ${message} ${JSON.stringify(data ?? {})}`);
  }
}
