// The files of sealed checks in a clean room: laid over it just before one of them runs. The room's own checkpoint
// removes them. Their text comes from the frozen contract, never from a disk that others can write.
import type { CommandCheck, Contract } from "../domain/contract";
import { messageOf } from "../domain/errors";
import { isSealed, sealedFolder } from "../domain/sealed";
import type { CommandResult } from "../ports/commandRunner";
import type { FileTree } from "../ports/fileTree";

export class SealedOverlay {
  private readonly folder: string;

  constructor(
    private readonly contract: Contract,
    /** The clean room. */
    private readonly files: FileTree,
  ) {
    this.folder = sealedFolder(contract.sealedFiles ?? []);
  }

  /** Lays the files out where the check needs them; returns what stands in the way, in a sentence, or null. */
  async lay(check: CommandCheck): Promise<string | null> {
    if (!isSealed(check)) return null;
    try {
      if (await this.isThere()) return `The folder ${this.folder} of the sealed tests is there already: they were not run.`;
      for (const { path, text } of this.contract.sealedFiles ?? []) await this.files.write(path, text);
      return null;
    } catch (error) {
      return `The sealed tests could not be laid over the checkout: ${messageOf(error)}`;
    }
  }

  /** After the room was put back: a folder that is ignored as a whole keeps what was laid there. */
  async leftBehind(check: CommandCheck): Promise<string | null> {
    if (!isSealed(check) || !(await this.isThere())) return null;
    return `The folder ${this.folder} of the sealed tests cannot be removed again, because it is inside an ignored folder: choose another.`;
  }

  private async isThere(): Promise<boolean> {
    return (await this.files.read(this.folder)).kind !== "missing";
  }
}

/** A command that was not run, with the reason as its output. */
export function notRun(reason: string): CommandResult {
  const output = `${reason}\n`;
  const none = { exitCode: null, signal: null, timedOut: false, cancelled: false, durationMs: 0, outputLimitHit: false };
  return { ...none, unstartable: true, output, outputBytes: Buffer.byteLength(output) };
}
