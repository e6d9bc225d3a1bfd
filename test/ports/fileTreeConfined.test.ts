import { couldNotRun } from "../builders/couldNotRun";
import { aTreeOnDisk, installedRipgrep } from "../builders/treeOnDisk";
import { fileTreeContract } from "./fileTreeContract";

describe("ConfinedFileTree", () => {
  describe("in a git worktree, with JavaScript", () => {
    fileTreeContract((files) => aTreeOnDisk(files, { git: true, tree: { rgPath: null } }));
  });

  describe("in a folder without git, with JavaScript", () => {
    fileTreeContract((files) => aTreeOnDisk(files, { git: false, tree: { rgPath: null } }));
  });

  describe("in a git worktree, with ripgrep", () => {
    before(async function () {
      if ((await installedRipgrep()) !== null) return;
      couldNotRun(this, "ripgrep is not installed");
    });
    fileTreeContract(async (files) => aTreeOnDisk(files, { git: true, tree: { rgPath: await installedRipgrep() } }));
  });
});
