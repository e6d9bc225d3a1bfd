// Progress in the notification area, for what the user waits for and nothing else.
import { ProgressLocation, window } from "vscode";

export interface ProgressReport {
  /** Says what is being done now. */
  readonly say: (text: string) => void;
  /** Aborted when the user cancels. */
  readonly signal: AbortSignal;
}

export interface ProgressOptions {
  /** e.g. `Accepting "Add a command"`; the dots are added. */
  readonly title: string;
  readonly cancellable?: boolean;
}

/** Resolves or rejects as `work` does. The progress is shown after a moment, so that quick work shows none. */
export async function withProgress<T>({ title, cancellable = false }: ProgressOptions, work: (report: ProgressReport) => Promise<T>): Promise<T> {
  return window.withProgress({ location: ProgressLocation.Notification, title: `${title}…`, cancellable }, async (progress, token) => {
    const controller = new AbortController();
    const cancelling = token.onCancellationRequested(() => controller.abort());
    try {
      return await work({ say: (text) => progress.report({ message: text }), signal: controller.signal });
    } finally {
      cancelling.dispose();
    }
  });
}
