// The engine's log in the editor's log output channel.
import type { LogOutputChannel } from "vscode";
import type { Logger } from "../core/ports/logger";

export function outputLogger(channel: LogOutputChannel): Logger {
  const data = (values: Readonly<Record<string, unknown>> | undefined): string => (values === undefined ? "" : ` ${JSON.stringify(values)}`);
  return {
    debug: (message, values) => channel.debug(message + data(values)),
    info: (message, values) => channel.info(message + data(values)),
    warn: (message, values) => channel.warn(message + data(values)),
  };
}
