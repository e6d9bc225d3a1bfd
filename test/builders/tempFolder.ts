// A folder for each test, gone when it is over.
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** To be called in a `describe`; the function it returns gives the present test's folder. */
export function tempFolder(): () => string {
  let folder: string | null = null;
  afterEach(() => {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
    folder = null;
  });
  return () => (folder ??= mkdtempSync(path.join(realpathSync(tmpdir()), "countersign-")));
}
