// Runs a command for an agent, a check or the set-up. The only way a process is started on behalf of a task.

export interface CommandSpec {
  /** One shell command line. Run without a shell when it needs none. */
  readonly command: string;
  /** Absolute working folder. */
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Absolute path for the full output; null keeps only the excerpt. */
  readonly outputFile: string | null;
  /** Bytes kept in the excerpt, half head, half tail. */
  readonly excerptBytes: number;
  /** Set-up may use the network and package-manager settings; agents and checks may not. */
  readonly purpose: "agent" | "check" | "setup";
  /** Of a set-up command: fingerprint of what its result depends on. What a person allows counts for that. */
  readonly dependsOn?: string;
  /** Variables of the engine's own, besides those of the allowlist and over them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Worth no question: where a person would have to be asked, it is refused. */
  readonly isOptional?: boolean;
  /** Nobody has allowed it to run without a sandbox: where none confines it, it is not started. */
  readonly mustBeConfined?: boolean;
  /** Runs work that is not the command's, such as asking a person, while somebody's time limit stands still. */
  readonly offTheClock?: <T>(work: () => Promise<T>) => Promise<T>;
  /** Receives output as it comes (already decoded); for display only. */
  readonly onOutput?: (text: string) => void;
}

export interface CommandResult {
  /** null when a signal, the time limit or a cancel ended it, or it could not start. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly cancelled: boolean;
  /** The program was not found or is not executable. */
  readonly unstartable: boolean;
  readonly durationMs: number;
  /** stdout and stderr as they came, interleaved; head and tail with a line saying how much is missing between. */
  readonly output: string;
  readonly outputBytes: number;
  /** Why it was not run at all: nobody allowed it. Absent where it was run. */
  readonly refused?: string;
  /** The output passed the size limit and the command was ended. */
  readonly outputLimitHit: boolean;
}

/**
 * Contract: never throws for what a command does; the result says it. Rejects only with CountersignError `process`
 * (the working folder is gone) or `io` (the output file cannot be written). Standard input is closed. The environment
 * is an allowlist without keys and tokens. The whole process group is ended on time-out, cancel and exit; when `run`
 * resolves, no process of it is left.
 */
export interface CommandRunner {
  run(spec: CommandSpec, signal: AbortSignal): Promise<CommandResult>;
}
