// Tells that a file has grown, appeared, vanished or changed hands, by looking: file events are lost on network drives,
// in containers, and where the folder does not exist yet.
import { unwatchFile, watchFile as pollFile, type StatsListener } from "node:fs";
import path from "node:path";

/** Short enough to feel live to somebody who watches another process's run. */
const INTERVAL_MS = 500;

/** Looks at every file of `files`; what they hold is not read. It keeps no process alive. */
export function watchFiles(files: readonly string[], onChange: () => void): { dispose(): void } {
  const listener: StatsListener = (now, before) => {
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size || now.ino !== before.ino) onChange();
  };
  const watched = files.map((file) => path.resolve(file));
  for (const file of watched) pollFile(file, { interval: INTERVAL_MS, persistent: false }, listener);
  return {
    dispose: () => {
      for (const file of watched) unwatchFile(file, listener);
    },
  };
}
