// The profile of macOS's sandbox-exec for one command: the same rules as the mounts of bubblewrap say. Pure.
import type { Mount } from "./mountPlan";

export const SANDBOX_EXEC = "/usr/bin/sandbox-exec";

/** Of devices, what programs write to without having a file of theirs in mind. */
const DEVICES = ["/dev/null", "/dev/zero", "/dev/tty", "/dev/stdout", "/dev/stderr", "/dev/dtracehelper", "/dev/fd"];

export interface SeatbeltWishes {
  readonly mounts: readonly Mount[];
  /** A private folder for temporary files; it is writable. */
  readonly temporary: string;
  /** Port on 127.0.0.1 of the proxy that lets listed hosts through; null: no network at all. */
  readonly proxyPort: number | null;
}

/** Rules further down win over those above. */
export function seatbeltProfile({ mounts, temporary, proxyPort }: SeatbeltWishes): string {
  const network = proxyPort === null ? [] : [`(allow network-outbound (remote ip "localhost:${proxyPort}"))`];
  return [
    "(version 1)",
    "(allow default)",
    "(deny network*)",
    ...network,
    // Processes of others are neither seen in detail nor signalled, and nothing is asked of the desktop.
    "(deny process-info* (target others))",
    "(allow process-info* (target same-sandbox))",
    "(deny signal (target others))",
    "(allow signal (target same-sandbox))",
    "(deny mach-lookup (global-name \"com.apple.SecurityServer\") (global-name \"com.apple.pasteboard.1\"))",
    "(deny appleevent-send)",
    "(deny file-write*)",
    ...DEVICES.map((file) => `(allow file-write* (literal ${quoted(file)}))`),
    ...mounts.map(ruleOf),
    `(allow file-read* file-write* (subpath ${quoted(temporary)}))`,
    "",
  ].join("\n");
}

function ruleOf(mount: Mount): string {
  const place = `(subpath ${quoted(mount.at)})`;
  switch (mount.kind) {
    case "empty":
    case "nothing":
      // That it is there may be seen: programs look at every folder on the way to their own.
      return `(deny file-read-data file-read-xattr file-write* ${place})`;
    case "readable":
      return `(allow file-read* ${place}) (deny file-write* ${place})`;
    case "writable":
      return `(allow file-read* file-write* ${place})`;
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
