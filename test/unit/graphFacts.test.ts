import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { searchTerms } from "../../src/adapters/graph/searchTerms";
import { factsOf } from "../../src/core/graph/fileFacts";
import { linksOfFile, nodesOfFile } from "../../src/core/graph/fileNodes";
import { targetsOf, type FileIndex } from "../../src/core/graph/resolveImports";

describe("factsOf", () => {
  const symbols = (path: string, text: string): readonly string[] => factsOf(path, text).symbols.map(({ name, kind, line }) => `${line} ${kind} ${name}`);
  const imports = (path: string, text: string): readonly string[] => factsOf(path, text).imports.map(({ spec, names }) => [spec, ...names].join(" "));

  it("reads what TypeScript declares at the left margin", () => {
    const text = [
      "// Entry of it.",
      "export default async function main() {",
      "  function inner() {}",
      "}",
      "export abstract class Shop<T> {",
      "  run() {}",
      "interface Basket {}",
      "export type Id = string;",
      "declare const enum Kind {",
      "export const total = async (a: number): Promise<number> => a;",
      "const plain = 3;",
      "let later = function () {};",
    ].join("\n");
    assert.deepEqual(symbols("a.ts", text), ["2 function main", "5 class Shop", "7 interface Basket", "8 type Id", "9 enum Kind", "10 function total", "12 function later"]);
    assert.equal(factsOf("a.ts", text).lead, "Entry of it.");
  });

  it("reads every form of import of JavaScript, and none of a comment", () => {
    const text = [
      'import fs from "node:fs";',
      'import { a,',
      '  b,',
      '} from "./many.js";',
      'import "./effect";',
      "export * from './all';",
      'const x = require("../x"), y = await import("./y.mjs");',
      '// import z from "./z";',
      ' * import q from "./q"',
      'const text = "from nowhere";',
    ].join("\n");
    assert.deepEqual(imports("a.js", text), ["node:fs", "./many.js", "./effect", "./all", "../x", "./y.mjs"]);
  });

  it("reads Python", () => {
    const text = ['"""Prices of things."""', "import os, app.models as m", "from . import sibling", "from ..pkg.util import (", "    one,", "    two as zwei,", ")", "async def fetch():", "    def inner(): pass", "class Cart(Base):"].join("\n");
    assert.deepEqual(symbols("p.py", text), ["8 function fetch", "10 class Cart"]);
    assert.deepEqual(imports("p.py", text), ["os", "app.models", ". sibling", "..pkg.util", "..pkg.util one", "..pkg.util two"]);
    assert.equal(factsOf("p.py", text).lead, "Prices of things.");
  });

  it("reads Go and Rust", () => {
    const go = ["package a", 'import f "fmt"', "import (", '\t"example.com/shop/cart"', '\t_ "net/http"', ")", "func (c *Cart) Add(x int) {", "func New[T any]() {", "type Cart struct {", "type Id = string"].join("\n");
    assert.deepEqual([symbols("a.go", go), imports("a.go", go)], [["7 function Add", "8 function New", "9 struct Cart", "10 type Id"], ["fmt", "example.com/shop/cart", "net/http"]]);
    const rust = ["use crate::cart::Item;", "pub mod prices;", "pub(crate) struct Cart<'a> {", "impl Cart {", "    pub async fn add(&self) {}", "}", "pub trait Priced {"].join("\n");
    assert.deepEqual([symbols("a.rs", rust), imports("a.rs", rust)], [["3 struct Cart", "5 function add", "7 trait Priced"], ["crate::cart::Item", "mod prices"]]);
    assert.equal(factsOf("go.mod", "// x\nmodule example.com/shop\n\ngo 1.22\n").module, "example.com/shop");
  });

  it("reads headings and links of Markdown, but not what stands in fences", () => {
    const text = ["# Guide", "", "How it works.", "See [one](docs/one.md#part) and [web](https://example.com), [mail](mailto:a@b.c), [here](#x).", "```", "# no", "[no](no.md)", "```", "## Second ##", "[two]: <../two%20b.md>"].join("\n");
    assert.deepEqual([symbols("a.md", text), imports("a.md", text), factsOf("a.md", text).lead], [["1 heading Guide", "9 heading Second"], ["docs/one.md", "../two b.md"], "How it works. See [one](docs/one.md#part) and [web](https://example.com), [mail](mailto:a@b.c), [here](#x)."]);
  });

  it("stands any text, and is quick with long lines and many openings", () => {
    fc.assert(fc.property(fc.constantFrom("a.ts", "a.py", "a.go", "a.rs", "a.md", "a", "go.mod"), fc.string({ unit: "binary", maxLength: 300 }), (path, text) => Array.isArray(factsOf(path, text).symbols)));
    for (const line of ["export ", "import ", "const a = (", "from . import (", "](", "[a]: ", "use a::", "func ("]) {
      for (const path of ["a.ts", "a.py", "a.go", "a.rs", "a.md"]) assert.ok(factsOf(path, `${line.repeat(100)}\n`.repeat(300)).symbols.length <= 300);
    }
  });
});

describe("targetsOf", () => {
  const index = (...paths: readonly string[]): FileIndex => ({
    has: (path) => paths.includes(path),
    filesIn: (folder) => paths.filter((path) => path.slice(0, Math.max(0, path.lastIndexOf("/"))) === folder),
    goModules: [{ folder: "srv", module: "example.com/shop" }],
  });
  const target = (from: string, spec: string, files: FileIndex, names: readonly string[] = []): readonly string[] => {
    const found = targetsOf(from, { how: from.endsWith(".md") ? "references" : "imports", spec, names }, files);
    return [...found.files, ...found.packages];
  };

  it("resolves scripts with endings, index files and TypeScript's own names", () => {
    const files = index("src/a.ts", "src/b/index.tsx", "src/c.mts", "lib/d.js", "src/d.css");
    assert.deepEqual(["./a", "./a.js", "./b", "./c.mjs", "../lib/d", "./d.css", "./none", "../../out"].map((spec) => target("src/x.ts", spec, files)), [["src/a.ts"], ["src/a.ts"], ["src/b/index.tsx"], ["src/c.mts"], ["lib/d.js"], ["src/d.css"], [], []]);
    assert.deepEqual(["express", "@scope/pkg/sub", "node:fs/promises"].map((spec) => target("x.ts", spec, files)), [["npm/express"], ["npm/@scope/pkg"], ["npm/fs"]]);
  });

  it("resolves Python's modules from the file, its folders and src", () => {
    const files = index("app/models.py", "app/pkg/__init__.py", "app/pkg/util.py", "src/tools/cli.py");
    assert.deepEqual(target("app/main.py", ".pkg", files, ["util", "NAME"]), ["app/pkg/__init__.py", "app/pkg/util.py"]);
    assert.deepEqual(target("app/pkg/x.py", "..models", files), ["app/models.py"]);
    assert.deepEqual(target("app/pkg/x.py", ".", files, ["util"]), ["app/pkg/__init__.py", "app/pkg/util.py"]);
    assert.deepEqual([target("tests/t.py", "app.models", files), target("tests/t.py", "tools.cli", files), target("tests/t.py", "requests.auth", files)], [["app/models.py"], ["src/tools/cli.py"], ["python/requests"]]);
  });

  it("resolves Go's packages to the files of their folder, without tests", () => {
    const files = index("srv/cart/a.go", "srv/cart/a_test.go", "srv/cart/b.go");
    assert.deepEqual([target("srv/main.go", "example.com/shop/cart", files), target("srv/main.go", "net/http", files)], [["srv/cart/a.go", "srv/cart/b.go"], ["go/net/http"]]);
  });

  it("resolves Rust's modules and uses", () => {
    const files = index("src/lib.rs", "src/cart.rs", "src/cart/item.rs", "src/shop/mod.rs");
    assert.deepEqual([target("src/lib.rs", "mod cart", files), target("src/cart.rs", "mod item", files), target("src/lib.rs", "mod shop", files)], [["src/cart.rs"], ["src/cart/item.rs"], ["src/shop/mod.rs"]]);
    assert.deepEqual([target("src/cart/item.rs", "crate::shop::Till", files), target("src/cart/item.rs", "super::Cart", files), target("src/lib.rs", "serde::Deserialize", files), target("src/lib.rs", "std::fs::read", files)], [["src/shop/mod.rs"], [], ["rust/serde"], []]);
  });

  it("resolves links of documents", () => {
    const files = index("docs/a.md", "README.md", "docs/sub/README.md");
    assert.deepEqual(["a.md", "/README.md", "../README.md", "sub", "a", "../../etc/passwd"].map((spec) => target("docs/x.md", spec, files)), [["docs/a.md"], ["README.md"], ["README.md"], ["docs/sub/README.md"], ["docs/a.md"], []]);
    assert.deepEqual(linksOfFile("docs/a.md", factsOf("docs/a.md", "[me](a.md) [r](../README.md)"), files).edges.map(({ type, target: to }) => `${type} ${to}`), ["references file:README.md"]);
  });
});

describe("nodesOfFile", () => {
  it("makes the file and its symbols, with an outline to find the file by", () => {
    const nodes = nodesOfFile("src/a.ts", 40, factsOf("src/a.ts", "// Sums up.\nexport function sum() {}\nexport class Bag {}\n"));
    assert.deepEqual(nodes, [
      { id: "file:src/a.ts", type: "file", name: "src/a.ts", text: "Sums up.\nsum, Bag", properties: { path: "src/a.ts", bytes: 40 } },
      { id: "function:src/a.ts#sum", type: "function", name: "sum", text: "", properties: { path: "src/a.ts", line: 2, kind: "function" } },
      { id: "module:src/a.ts#Bag", type: "module", name: "Bag", text: "", properties: { path: "src/a.ts", line: 3, kind: "class" } },
    ]);
  });
});

describe("searchTerms", () => {
  it("takes words apart, in lower case and singular", () => {
    assert.deepEqual(searchTerms("parseHTTPRequest snake_case src/cli/main.ts Invoices class status v2Über"), ["parse", "http", "request", "snake", "case", "src", "cli", "main", "ts", "invoice", "class", "status", "v", "2", "über"]);
    assert.deepEqual(searchTerms(`${"x".repeat(61)} 漢字 ok`), ["漢字", "ok"]);
  });
});
