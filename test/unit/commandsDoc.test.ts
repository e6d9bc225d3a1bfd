import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { z } from "zod/mini";

const MANIFEST = z.object({
  contributes: z.object({
    commands: z.array(z.object({ command: z.string() })),
    menus: z.record(z.string(), z.array(z.object({ command: z.string() }))),
    keybindings: z.array(z.object({ command: z.string() })),
    viewsWelcome: z.array(z.object({ contents: z.string() })),
    walkthroughs: z.array(
      z.object({
        steps: z.array(z.object({ id: z.string(), description: z.string(), media: z.object({ markdown: z.optional(z.string()), svg: z.optional(z.string()), altText: z.optional(z.string()) }), completionEvents: z.optional(z.array(z.string())) })),
      }),
    ),
  }),
});

const { contributes } = MANIFEST.parse(JSON.parse(readFileSync("package.json", "utf8")));
const COMMANDS = new Set(contributes.commands.map(({ command }) => command));

describe("docs/commands.md", () => {
  it("describes commands that there are", () => {
    const text = readFileSync("docs/commands.md", "utf8");
    // The first cells of its tables, and the lists before them.
    const cells = text.split("\n").flatMap((line) => (/^\| `|^`new/.test(line) ? [line.split("|")[1] ?? line] : []));
    const named = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => `countersign.${name ?? ""}`));
    const known = named.filter((name) => COMMANDS.has(name));
    assert.ok(known.length >= 18, `only ${known.length} were found`);
    const fields = ["text", "category", "type", "profile", "attachments", "approvePlan", "models", "folder", "run", "uri", "range"].map((name) => `countersign.${name}`);
    assert.deepEqual(named.filter((name) => !COMMANDS.has(name) && !fields.includes(name)), []);
  });
});

describe("the manifest", () => {
  it("names no command that it does not declare", () => {
    const inTexts = [...contributes.viewsWelcome.map(({ contents }) => contents), ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ description }) => description))];
    const linked = inTexts.flatMap((text) => [...text.matchAll(/command:(countersign\.\w+)/g)].map(([, name]) => name ?? ""));
    const listed = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(({ command }) => command);
    assert.ok(linked.length > 5 && listed.length > 50);
    assert.deepEqual([...linked, ...listed].filter((name) => name.startsWith("countersign.") && !COMMANDS.has(name)), []);
  });

  it("has a page for every step of the walkthrough, with words for whoever sees no picture", () => {
    const [walkthrough] = contributes.walkthroughs;
    for (const { id, media } of walkthrough?.steps ?? []) {
      const page = readFileSync(media.markdown ?? media.svg ?? "", "utf8");
      assert.ok(page.length > 300, id);
      assert.ok(media.markdown !== undefined || (media.altText ?? "").length > 40, id);
    }
    assert.equal(walkthrough?.steps.at(-1)?.id, "sample", "it ends with the sample");
  });

  it("draws its pictures in the editor's own colours, without styles that its page would block", () => {
    const svg = readFileSync("media/walkthrough/how.svg", "utf8");
    assert.match(svg, /var\(--vscode-foreground/);
    assert.doesNotMatch(svg, /<style|style=|<script|href="http/);
  });
});
