import { strict as assert } from "node:assert";
import { lexicalPath } from "../../src/adapters/files/lexicalPath";

describe("lexicalPath", () => {
  const roots = ["C:\\work\\tree", "C:\\repo"];
  const on = (platform: NodeJS.Platform, written: string): string => {
    const said = lexicalPath(written, { roots: platform === "win32" ? roots : ["/home/tree", "/Repo"], platform });
    return said.kind === "inside" ? `= ${said.relative}` : "refused";
  };

  it("knows Windows' separators, drives, devices, streams and dropped characters", () => {
    for (const [written, meant] of [
      ["src\\a.ts", "= src/a.ts"],
      ["c:/WORK/tree/src/A.ts", "= src/A.ts"],
      ["C:\\repo\\x", "= x"],
      ["aux.d/x", "refused"],
      ["src\\con", "refused"],
      ["NUL.txt", "refused"],
      ["com1", "refused"],
      ["LPT9.log", "refused"],
      ["nullable.ts", "= nullable.ts"],
      ["console.ts", "= console.ts"],
      ["a.txt:stream", "refused"],
      ["C:x", "refused"],
      ["D:\\x", "refused"],
      ["\\\\server\\share\\x", "refused"],
      ["\\\\?\\C:\\work\\tree\\x", "refused"],
      ["\\x", "refused"],
      ["..\\x", "refused"],
      ["a\\..\\..\\x", "refused"],
      ["a.txt.", "refused"],
      ["a /x", "refused"],
      [".GIT\\config", "refused"],
      ["GIT~1\\config", "refused"],
    ]) {
      assert.equal(on("win32", written!), meant, written);
    }
  });

  it("folds the case of roots only where file systems do", () => {
    assert.equal(on("darwin", "/repo/x"), "= x");
    assert.equal(on("linux", "/repo/x"), "refused");
    assert.equal(on("linux", "/Repo/x"), "= x");
    assert.equal(on("linux", "aux.c"), "= aux.c");
    assert.equal(on("linux", "a:b"), "= a:b");
  });

  it("prefers the longest root that contains a path", () => {
    const said = lexicalPath("/repo/trees/t/x", { roots: ["/repo/trees/t", "/repo"], platform: "linux" });
    assert.deepEqual(said, { kind: "inside", relative: "x" });
  });
});
