// Counts a response's tokens from the usage reports in its stream: later reports are cumulative and win, field by
// field; what a server does not report is zero.
import type { Usage } from "../../core/domain/usage";
import { isRecord } from "./anthropicErrors";

export class UsageCount {
  private input = 0;
  private output = 0;
  private cacheRead = 0;
  private cacheWrite: number | null = null;
  private cacheWrite5m: number | null = null;
  private cacheWrite1h: number | null = null;

  add(report: unknown): void {
    if (!isRecord(report)) return;
    this.input = tokens(report["input_tokens"]) ?? this.input;
    this.output = tokens(report["output_tokens"]) ?? this.output;
    this.cacheRead = tokens(report["cache_read_input_tokens"]) ?? this.cacheRead;
    this.cacheWrite = tokens(report["cache_creation_input_tokens"]) ?? this.cacheWrite;
    const byLifetime = report["cache_creation"];
    if (!isRecord(byLifetime)) return;
    this.cacheWrite5m = tokens(byLifetime["ephemeral_5m_input_tokens"]) ?? this.cacheWrite5m;
    this.cacheWrite1h = tokens(byLifetime["ephemeral_1h_input_tokens"]) ?? this.cacheWrite1h;
  }

  /** The total of cache writes is the later and surer figure; what of it is not known to be one-hour is five-minute. */
  get usage(): Usage {
    const total = this.cacheWrite ?? (this.cacheWrite5m ?? 0) + (this.cacheWrite1h ?? 0);
    const cacheWrite1h = Math.min(this.cacheWrite1h ?? 0, total);
    return { input: this.input, output: this.output, cacheRead: this.cacheRead, cacheWrite5m: total - cacheWrite1h, cacheWrite1h };
  }
}

function tokens(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? Math.round(value) : null;
}
