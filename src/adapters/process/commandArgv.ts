// The one place where a command line becomes a program and its arguments; a sandbox wraps what this returns.
import { plainWords } from "../../core/domain/commandLine";
import type { Environment } from "./environment";

export interface CommandArgv {
  readonly file: string;
  readonly args: readonly string[];
  readonly shell: boolean;
}

export const SHELL = "/bin/sh";

/**
 * Plain words are started as they are; anything else goes to the system's shell. In the shell both streams share one
 * pipe, which keeps their order exact.
 */
export function argvOf(command: string, platform: NodeJS.Platform, environment: Environment): CommandArgv {
  if (platform === "win32") {
    // `.cmd` files (npm, npx …) can only be started by cmd, which wants its command line whole and in quotes.
    return { file: environment["ComSpec"] ?? "cmd.exe", args: ["/d", "/s", "/c", `"${command}"`], shell: true };
  }
  const words = plainWords(command);
  if (words === null) return { file: SHELL, args: ["-c", `exec 2>&1; ${command}`], shell: true };
  const [file = "", ...args] = words;
  return { file, args, shell: false };
}

/** The shell's own words that it could not start a command, as told by dash, bash and busybox. */
const NOT_STARTED =
  /^\/bin\/sh: (?:line )?(?:\d+: )?.*: (?:(?:command )?not found|No such file or directory|Permission denied|cannot execute.*)\s*$/m;
const NOT_UNDERSTOOD = /^\/bin\/sh: .*syntax error/im;

/** True when a shell ended because what it was given could not be started, or is no command line at all. */
export function shellCouldNotStart(exitCode: number | null, output: string): boolean {
  const end = output.slice(-2000);
  if (exitCode === 127 || exitCode === 126) return NOT_STARTED.test(end);
  return exitCode === 2 && NOT_UNDERSTOOD.test(end);
}
