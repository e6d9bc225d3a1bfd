// How a command runs: what it throws becomes a message for the person and a line in the log, never a stack trace.
import { commands, window, type Disposable } from "vscode";
import { CountersignError, messageOf } from "../core/domain/errors";
import type { Host } from "./host";
import { messageText } from "./messageText";

export type Handler = (...args: readonly unknown[]) => Promise<unknown>;

/** Registers `countersign.<name>`. A handler returns when the thing is done, or the user has left the dialog. */
export function command(host: Host, name: string, handler: Handler): Disposable {
  return commands.registerCommand(`countersign.${name}`, async (...args: readonly unknown[]) => {
    try {
      return await handler(...args);
    } catch (error) {
      await report(host, error);
      return undefined;
    }
  });
}

/** Tells the person what went wrong. Returns at once: the message does not hold up what called it. */
export function report(host: Host, error: unknown): Promise<void> {
  if (CountersignError.is(error, "cancelled")) return Promise.resolve();
  host.log.error(error instanceof Error && !CountersignError.is(error) ? (error.stack ?? error.message) : messageOf(error));
  window.showErrorMessage(messageText(messageOf(error)), "Show Log").then(
    (chosen) => (chosen === undefined ? undefined : host.log.show(true)),
    (failure: unknown) => host.log.error(String(failure)),
  );
  return Promise.resolve();
}
