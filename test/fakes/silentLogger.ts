// A logger that says nothing and remembers what it was told.
import type { Logger } from "../../src/core/ports/logger";

export class SilentLogger implements Logger {
  readonly lines: { readonly level: "debug" | "info" | "warn"; readonly message: string; readonly data: object }[] = [];

  debug(message: string, data: Readonly<Record<string, unknown>> = {}): void {
    this.lines.push({ level: "debug", message, data });
  }

  info(message: string, data: Readonly<Record<string, unknown>> = {}): void {
    this.lines.push({ level: "info", message, data });
  }

  warn(message: string, data: Readonly<Record<string, unknown>> = {}): void {
    this.lines.push({ level: "warn", message, data });
  }
}
