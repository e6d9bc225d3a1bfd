// A child process that is spoken to line by line.
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

export class TalkingChild {
  readonly process: ChildProcess;
  readonly lines: string[] = [];
  readonly ended: Promise<number | null>;
  #waiting: ((line: string | null) => void)[] = [];
  #over = false;

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.process = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], env });
    const lines = createInterface({ input: this.process.stdout! });
    lines.on("line", (line) => {
      const next = this.#waiting.shift();
      if (next === undefined) this.lines.push(line);
      else next(line);
    });
    lines.on("close", () => {
      this.#over = true;
      for (const next of this.#waiting.splice(0)) next(null);
    });
    this.ended = new Promise((resolve) => this.process.on("close", resolve));
  }

  get pid(): number {
    return this.process.pid ?? -1;
  }

  /** The next line; null when there is none any more. */
  async line(): Promise<string | null> {
    const known = this.lines.shift();
    if (known !== undefined || this.#over) return known ?? null;
    return await new Promise((resolve) => this.#waiting.push(resolve));
  }

  say(line: string): void {
    this.process.stdin!.write(`${line}\n`);
  }

  /** Ends its input, for a child that then goes by itself. */
  async dismiss(): Promise<number | null> {
    this.process.stdin!.end();
    return await this.ended;
  }

  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.ended;
  }
}
