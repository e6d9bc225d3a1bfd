// The page's styles belong to the theme: no colour of our own, no motion that cannot be switched off.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { ICONS } from "../../webview-ui/parts/icons";

const FOLDER = "webview-ui";
const NAMED_COLOURS = /\b(white|black|red|green|blue|yellow|orange|purple|gr[ae]y|silver|navy|teal|pink|cyan|magenta)\b/;

function filesOf(...endings: readonly string[]): readonly string[] {
  return readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((name) => endings.some((ending) => name.endsWith(ending))).map((name) => path.join(FOLDER, name));
}

describe("the page's sources", () => {
  for (const file of filesOf(".css")) {
    it(`${file} takes every colour from the theme`, () => {
      const declarations = readFileSync(file, "utf8").replaceAll(/\/\*[^]*?\*\//g, "").matchAll(/^\s+([\w-]+):\s*([^;]+);/gm);
      const wrong = [...declarations].filter(([, , value = ""]) => /#[0-9a-f]{3,8}\b|\b(rgb|hsl|lab|lch|oklch)a?\(/i.test(value) || NAMED_COLOURS.test(value.replaceAll(/var\([^)]*\)?/g, "")));
      assert.deepEqual(wrong.map(([text]) => text.trim()), []);
    });
  }

  it("draw no colour by script but the theme's", () => {
    const wrong = filesOf(".ts", ".tsx").filter((file) => /["'`]#[0-9a-f]{3,8}["'`]|\brgba?\(|\bhsla?\(/i.test(readFileSync(file, "utf8")));
    assert.deepEqual(wrong, []);
  });

  it("fetch no font, picture or other sheet: the editor would show the page only once they are there", () => {
    const wrong = filesOf(".css").filter((file) => /url\(|@import\s+["'](?:https?:)?\/\//.test(readFileSync(file, "utf8")));
    assert.deepEqual(wrong, []);
  });

  it("name every icon once, and draw each of them", () => {
    assert.deepEqual([...new Set(ICONS)].toSorted(), [...ICONS]);
    const sources = filesOf(".ts", ".tsx").filter((file) => !file.endsWith("icons.ts")).map((file) => readFileSync(file, "utf8")).join("\n");
    assert.deepEqual(ICONS.filter((icon) => !sources.includes(`"${icon}"`)), []);
  });

  it("have no way to put text into the page as markup", () => {
    const wrong = filesOf(".ts", ".tsx").filter((file) => /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/.test(readFileSync(file, "utf8")));
    assert.deepEqual(wrong, []);
  });
});
