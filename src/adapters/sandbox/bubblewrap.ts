// The command line of bubblewrap for one command: namespaces of its own, the mounts of a plan, no privileges. Pure.
import type { Mount } from "./mountPlan";

export interface BubblewrapCommand {
  readonly mounts: readonly Mount[];
  /** An existing file without contents. A device would not do: mounts allow none. */
  readonly emptyFile: string;
  /** Set inside only: bubblewrap's own processes do not have them. */
  readonly inside: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly argv: readonly string[];
}

/** The file descriptor at which bubblewrap tells how the command ended, if it came to run it at all. */
export const STATUS_FD = 3;

const NAMESPACES = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--unshare-net"];

export function bubblewrapArguments({ mounts, emptyFile, inside, cwd, argv }: BubblewrapCommand): readonly string[] {
  const empty = mounts.filter((mount) => mount.kind === "empty" && !mount.writable);
  const parts: readonly (readonly string[])[] = [
    ["--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"],
    ...mounts.map((mount) => argumentsOf(mount, emptyFile)),
    // Only now: until then mount points are made in them.
    ...empty.map(({ at }) => ["--remount-ro", at]),
    NAMESPACES,
    // Of no use to a program, and root would keep all of them.
    ["--cap-drop", "ALL"],
    ["--new-session", "--die-with-parent", "--json-status-fd", String(STATUS_FD)],
    ...Object.entries(inside).map(([name, value]) => ["--setenv", name, value]),
    ["--chdir", cwd, "--"],
    argv,
  ];
  return parts.flat();
}

function argumentsOf(mount: Mount, emptyFile: string): readonly string[] {
  switch (mount.kind) {
    case "empty":
      return ["--tmpfs", mount.at];
    case "nothing":
      return ["--ro-bind", emptyFile, mount.at];
    case "readable":
      return ["--ro-bind", mount.from, mount.at];
    case "writable":
      return ["--bind", mount.from, mount.at];
  }
}

/** The command's exit code as bubblewrap told it; null: it never got so far. */
export function exitCodeIn(status: string): number | null {
  const code = /"exit-code"\s*:\s*(\d+)/.exec(status)?.[1];
  return code === undefined ? null : Number(code);
}

/** The first process inside, by its number outside; null: not known yet, or never. */
export function firstProcessIn(status: string): number | null {
  const pid = /"child-pid"\s*:\s*(\d+)/.exec(status)?.[1];
  return pid === undefined ? null : Number(pid);
}

/** True where bubblewrap was ready, and the program could not be started. */
export function couldNotExecute(output: string): boolean {
  return /^bwrap: execvp .*$\s*$/m.test(output.slice(-1000));
}
