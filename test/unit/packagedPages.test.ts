// What the pages of the packed extension link to: nothing that is not there, on the marketplace or in the editor.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod/mini";

const RELATIVE = /\]\((?!https:|#)([^)]*)\)|<img\b[^>]*\bsrc="(?!https:)([^"]*)"/g;
const linksIn = (text: string): readonly string[] => [...text.matchAll(RELATIVE)].map(([, link, image]) => link ?? image ?? "");
const read = (file: string): string => readFileSync(file, "utf8");

interface Packaging {
  readonly DOCUMENTS: readonly string[];
  readonly readmeForTheEditor: (readme: string) => string;
}

describe("the pages of the packed extension", () => {
  const packaging = async (): Promise<Packaging> => (await import(pathToFileURL(path.resolve("scripts/package.mjs")).href)) as Packaging;

  it("have every document that the README links to, in the VSIX and in the npm package", async () => {
    const { DOCUMENTS } = await packaging();
    const { files } = z.object({ files: z.array(z.string()) }).parse(JSON.parse(read("package.json")));
    const linked = linksIn(read("README.md"));
    assert.ok(linked.includes("SECURITY.md"));
    assert.deepEqual(linked.filter((target) => !existsSync(target)), []);
    const documents = [...new Set(linked.filter((target) => target.endsWith(".md")))];
    assert.deepEqual(documents.filter((target) => !DOCUMENTS.includes(target)), []);
    assert.deepEqual(DOCUMENTS.filter((target) => !files.includes(target)), []);
  });

  it("show the README without links and pictures that only its repository could follow, and with all of its words", async () => {
    const { readmeForTheEditor } = await packaging();
    const shown = readmeForTheEditor(read("README.md"));
    assert.deepEqual(linksIn(shown), []);
    assert.match(shown, /SECURITY\.md says what is defended/);
    assert.equal(readmeForTheEditor("See [the API](https://example.org/a) and [above](#top).\n"), "See [the API](https://example.org/a) and [above](#top).\n");
  });

  it("link to nothing relative from the other documents", async () => {
    for (const file of (await packaging()).DOCUMENTS) assert.deepEqual(linksIn(read(file)), [], file);
  });
});
