// Gathers what a command writes: whole on disk up to a limit, head and tail for models, live text for display, all of it
// without secrets. It ends nothing itself; it only says when the limit is passed.
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { once } from "node:events";
import { HeadAndTail } from "../../core/domain/boundedText";
import { CountersignError, messageOf } from "../../core/domain/errors";
import { Redactor } from "../../core/secrets/redactor";
import type { SecretCount } from "../../core/secrets/scan";
import type { StreamRedactor } from "../../core/secrets/streamRedactor";
import { EscapeStripper } from "./terminalEscapes";
import { WholeCharacters } from "./wholeCharacters";

export interface CollectorOptions {
  readonly outputFile: string | null;
  readonly excerptBytes: number;
  /** Bytes; what comes beyond is counted and dropped. */
  readonly limitBytes: number;
  readonly onOutput: (text: string) => void;
  /** Default: one that knows no keys but by their formats. */
  readonly redactor?: Redactor | undefined;
  /** Called once, when the limit is passed or the file cannot be written: the command should end now. */
  readonly onTrouble: () => void;
}

export class OutputCollector {
  private readonly excerptText: HeadAndTail;
  private readonly stripper = new EscapeStripper();
  /** Bytes as characters of one byte: what is no secret stays as it is, whatever its encoding. */
  private readonly kept: StreamRedactor;
  private readonly shown: StreamRedactor;
  private total = 0;
  private limitHit = false;
  private failure: unknown = null;

  private constructor(
    private readonly options: CollectorOptions,
    private readonly file: WriteStream | null,
  ) {
    this.excerptText = new HeadAndTail(options.excerptBytes);
    const redactor = options.redactor ?? new Redactor();
    this.kept = redactor.stream();
    this.shown = redactor.stream();
    file?.on("error", (error) => {
      this.failure ??= error;
      options.onTrouble();
    });
  }

  /** Rejects with `io` when the output file cannot be made. */
  static async open(options: CollectorOptions): Promise<OutputCollector> {
    if (options.outputFile === null) return new OutputCollector(options, null);
    try {
      await mkdir(path.dirname(options.outputFile), { recursive: true });
      const file = createWriteStream(options.outputFile);
      await once(file, "open");
      return new OutputCollector(options, file);
    } catch (error) {
      throw cannotWrite(options.outputFile, error);
    }
  }

  get bytes(): number {
    return this.total;
  }

  get outputLimitHit(): boolean {
    return this.limitHit;
  }

  /** What was left out of the file and of what was shown; the same secrets stand in both. */
  get secrets(): readonly SecretCount[] {
    return this.shown.found.length > 0 ? this.shown.found : this.kept.found;
  }

  excerpt(): string {
    return this.excerptText.text();
  }

  /** Reads one of the command's streams to its end, no faster than the disk takes it. */
  follow(stream: NodeJS.ReadableStream): void {
    const characters = new WholeCharacters();
    stream.on("data", (chunk: Buffer) => {
      this.add(characters.push(chunk));
      if (this.file === null || !this.file.writableNeedDrain || this.ended()) return;
      stream.pause();
      const resume = (): void => {
        this.file?.off("drain", resume).off("error", resume);
        stream.resume();
      };
      this.file.on("drain", resume).on("error", resume);
    });
    stream.on("end", () => this.add(characters.end()));
  }

  /** Text of our own for the excerpt, where the command itself never ran. */
  note(text: string): void {
    this.add(Buffer.from(text));
  }

  /** Everything is on its way to the operating system; rejects with `io` when some of it could not be written. */
  async close(): Promise<void> {
    this.show(this.shown.push(this.stripper.end()) + this.shown.end());
    const file = this.file;
    if (file === null) return;
    const rest = this.kept.end();
    if (rest !== "" && this.failure === null) file.write(Buffer.from(rest, "latin1"));
    if (this.failure === null) {
      await new Promise<void>((resolve) => {
        file.once("error", () => resolve());
        file.end(() => resolve());
      });
    }
    file.destroy();
    if (this.failure !== null) throw cannotWrite(this.options.outputFile ?? "", this.failure);
  }

  private ended(): boolean {
    return this.limitHit || this.failure !== null;
  }

  private add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const room = this.options.limitBytes - this.total;
    this.total += bytes.length;
    if (this.ended()) return;
    const kept = bytes.length <= room ? bytes : bytes.subarray(0, Math.max(0, room));
    if (this.file !== null) this.keep(this.file, kept);
    this.show(this.shown.push(this.stripper.push(kept.toString("utf8"))));
    if (kept.length === bytes.length) return;
    this.limitHit = true;
    this.options.onTrouble();
  }

  private keep(file: WriteStream, bytes: Buffer): void {
    const ready = this.kept.push(bytes.toString("latin1"));
    if (ready !== "") file.write(Buffer.from(ready, "latin1"));
  }

  private show(text: string): void {
    if (text === "") return;
    this.excerptText.push(text);
    this.options.onOutput(text);
  }
}

function cannotWrite(file: string, cause: unknown): CountersignError {
  const advice = "The command was ended; nothing else was changed. Make room or choose another folder, then run again.";
  return new CountersignError("io", `The output file ${file} cannot be written: ${messageOf(cause)}. ${advice}`, {
    cause,
  });
}
