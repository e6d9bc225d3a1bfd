import { MemoryFileTree } from "../fakes/memoryFileTree";
import { fileTreeContract } from "./fileTreeContract";

describe("MemoryFileTree", () => {
  fileTreeContract(async (files) => ({
    tree: new MemoryFileTree(files, { aliases: ["/home/u/repo"] }),
    alias: "/home/u/repo",
    dispose: async () => {},
  }));
});
