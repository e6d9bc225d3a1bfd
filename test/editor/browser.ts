// Starts Chromium for a workbench. One browser serves a whole run; pages come and go.
import { type Browser, chromium } from "playwright-core";
import type { EditorPrograms } from "./programs";

const FLAGS = [
  // Without it Chromium does not start as root, and it only shows pages of this machine.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A container's /dev/shm is often 64 MB.
  "--disable-dev-shm-usage",
  "--font-render-hinting=none",
];

export async function launchBrowser(programs: EditorPrograms): Promise<Browser> {
  if (programs.chromium === null) throw new Error("There is no Chromium here.");
  return await chromium.launch({ executablePath: programs.chromium, args: FLAGS, headless: true });
}
