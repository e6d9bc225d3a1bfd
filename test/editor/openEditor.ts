// The same VS Code for a person: with the packed extension, their own home folder and keys, and a folder to try it on.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { CodeServer } from "./codeServer";
import { editorPrograms } from "./programs";
import { sampleWorkspace } from "./sampleWorkspace";

export interface OpenEditor {
  /** For a browser. */
  readonly url: string;
  readonly folder: string;
  stop(): Promise<void>;
  /** Rejects when the editor ends by itself. */
  failure(): Promise<never>;
}

/** What a person's git, shell and models need of their environment. */
const PERSONAL = /^(HOME$|XDG_|ANTHROPIC_)/;

/** Opens `folder`, or a copy of the sample repository. Everything it keeps lies in `root`, which the caller removes. */
export async function openEditor(root: string, folder: string | null): Promise<OpenEditor> {
  const programs = editorPrograms();
  if (programs.extensions === null) throw new Error("The extension was not installed for this.");
  const home = path.join(root, "home");
  mkdirSync(home);
  const opened = folder ?? sampleWorkspace(path.join(root, "tally")).dir;
  const { server, origin } = await CodeServer.start(programs, {
    home,
    extensions: programs.extensions,
    settings: { "workbench.reduceMotion": "auto" },
    trusted: true,
    args: [],
    env: personalEnvironment(),
  });
  return { url: `${origin}/?folder=${encodeURIComponent(opened)}`, folder: opened, stop: () => server.stop(), failure: () => server.failure() };
}

function personalEnvironment(): Record<string, string> {
  const found = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined && PERSONAL.test(entry[0]));
  return Object.fromEntries(found);
}
