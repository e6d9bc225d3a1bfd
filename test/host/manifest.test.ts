// The extension as the editor sees it: it activates, and does what its manifest promises.
import assert from "node:assert/strict";
import { commands, extensions } from "vscode";
import { z } from "zod/mini";

const MANIFEST = z.object({
  contributes: z.object({ commands: z.optional(z.array(z.object({ command: z.string(), title: z.string(), category: z.optional(z.string()) }))) }),
});

describe("the extension", () => {
  const extension = extensions.getExtension("countersign.countersign");

  it("is known to the editor and activates", async () => {
    assert.ok(extension !== undefined, "countersign.countersign is not installed in this window");
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it("registers every command of its manifest, and shows each under its name", async () => {
    const { contributes } = MANIFEST.parse(extension?.packageJSON);
    const declared = contributes.commands ?? [];
    const registered = new Set(await commands.getCommands(true));
    assert.deepEqual(declared.map(({ command }) => command).filter((command) => !registered.has(command)), []);
    assert.deepEqual(declared.filter(({ category, title }) => category !== "Countersign" || title === "").map(({ command }) => command), []);
  });
});
