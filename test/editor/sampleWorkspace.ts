// A fresh copy of the sample repository, committed, for a window to open.
import { cpSync } from "node:fs";
import path from "node:path";
import { Repo } from "../builders/repoBuilder";

/** Copies samples/tally to `folder` and makes it a git repository with one commit. */
export function sampleWorkspace(folder: string): Repo {
  const repo = new Repo(folder);
  // Somebody may have tried it where it stands.
  const left = ["node_modules", "coverage", ".countersign"];
  cpSync(path.resolve("samples/tally"), folder, { recursive: true, filter: (source) => !left.includes(path.basename(source)) });
  repo.git("init", "--quiet");
  repo.git("add", "--all");
  repo.git("commit", "--quiet", "--message", "tally 1.3.0");
  return repo;
}
