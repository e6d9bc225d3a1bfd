import path from "node:path";
import { openWorkspace } from "../../src/adapters/git/gitWorkspace";
import { SHAPES } from "../builders/repositoryShapes";
import { GIT_ENVIRONMENT } from "../builders/repoBuilder";
import { tempFolder } from "../builders/tempFolder";
import { RecordingLogger } from "../fakes/recordingLogger";
import { workspaceContract, workspaceEssentials } from "./workspaceContract";

/** Every method in every way; the other shapes make do with the essentials. */
const WHOLE = new Set([
  "staged, unstaged, untracked, deleted and ignored files",
  "a linked worktree",
  "a sparse checkout",
  "a folder without git",
]);

describe("GitWorkspace", () => {
  const folder = tempFolder();
  for (const [name, make] of Object.entries(SHAPES)) {
    describe(`on ${name}`, () => {
      const suite = WHOLE.has(name) ? workspaceContract : workspaceEssentials;
      suite(
        () => make(folder()),
        (dir) =>
          openWorkspace(dir, {
            cacheDir: path.join(folder(), "cache"),
            logger: new RecordingLogger(),
            environment: GIT_ENVIRONMENT,
          }),
      );
    });
  }
});
