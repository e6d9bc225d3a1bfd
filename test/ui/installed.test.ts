// The package as a user gets it: it installs, and the editor knows it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { editorPrograms } from "../editor/programs";
import { tempFolder } from "../builders/tempFolder";
import { useWorkbench } from "./workbench";

describe("the packed extension", () => {
  const folder = tempFolder();
  const workbench = useWorkbench();

  it("is installed from its VSIX", () => {
    const { node, codeServer, extensions } = editorPrograms();
    assert.ok(extensions !== null);
    const args = [`--config=${folder()}/c.yaml`, `--user-data-dir=${folder()}`, `--extensions-dir=${extensions}`, "--list-extensions"];
    assert.match(execFileSync(node, [codeServer, ...args], { encoding: "utf8" }), /^countersign\.countersign$/m);
  });

  it("brings its bundles and nothing that only npm or we need", () => {
    const extensions = editorPrograms().extensions ?? "";
    const [installed] = readdirSync(extensions).filter((name) => name.startsWith("countersign."));
    const files = readdirSync(path.join(extensions, installed ?? ""), { recursive: true, encoding: "utf8" });
    assert.deepEqual(["dist/extension.cjs", "dist/desk.cjs", "dist/sql-wasm.wasm", "samples/tally/.gitignore"].filter((file) => !files.includes(file)), []);
    assert.deepEqual(files.filter((file) => /\.map$|cli\.cjs|node_modules|^(src|test|scripts)\b|\.ts$/.test(file)), []);
  });

  it("has its place in the activity bar", async () => {
    const { window } = workbench();
    await window.openContainer("Countersign");
    await window.view("Tasks").waitFor();
  });
});
