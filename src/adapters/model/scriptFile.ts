// A script on disk that is rewritten whole after every recorded turn: a run that is killed leaves a valid file.
import { CountersignError, messageOf } from "../../core/domain/errors";
import { atomicWrite } from "../store/atomicWrite";
import type { ScriptSink } from "./recordingModel";
import { printScript, type Script } from "./script";

export class ScriptFile implements ScriptSink {
  private next: Script | null = null;
  private writing: Promise<void> | null = null;
  private error: unknown = null;

  constructor(private readonly path: string) {}

  /** Returns at once. Turns that come while one is written are written together. */
  save(script: Script): void {
    this.next = script;
    this.writing ??= this.write();
  }

  /** Waits for the last write; throws CountersignError `io` when it failed. */
  async close(): Promise<void> {
    await this.writing;
    if (this.error === null) return;
    throw new CountersignError("io", `The recording ${this.path} could not be written: ${messageOf(this.error)}. The run itself is not affected.`, {
      cause: this.error,
    });
  }

  private async write(): Promise<void> {
    try {
      while (this.next !== null) {
        const script = this.next;
        this.next = null;
        await atomicWrite(this.path, printScript(script));
        // The file is rewritten whole: a later success makes up for an earlier failure.
        this.error = null;
      }
    } catch (error) {
      this.error = error;
    } finally {
      this.writing = null;
    }
  }
}
