// What is read out of one file for the knowledge graph: what it declares, what it imports or links to, and how it
// begins. By lines and patterns, not by parsing: cheap, for any state of a file, and rough at the edges. Pure.
import type { FileFacts, ImportFact, LineReader, SymbolFact } from "./facts";
import { goLines } from "./goLines";
import { markdownLines } from "./markdownLines";
import { pythonLines } from "./pythonLines";
import { rustLines } from "./rustLines";
import { scriptLines } from "./scriptLines";

const READERS: Readonly<Record<string, () => LineReader>> = {
  ...forAll("ts tsx mts cts js jsx mjs cjs vue svelte", scriptLines),
  ...forAll("py pyi", pythonLines),
  ...forAll("go", goLines),
  ...forAll("rs", rustLines),
  ...forAll("md markdown mdx", markdownLines),
};

/** Raise it whenever the same files give other facts: what was read by other rules is read anew. */
export const FACTS_VERSION = 1;

const MOST_SYMBOLS = 300;
const MOST_IMPORTS = 300;
/** Longer lines were written by a program. */
const LONGEST_LINE = 1000;
const LONGEST_NAME = 200;
const LEAD_LINES = 12;
const LONGEST_LEAD = 300;
const NOTHING: FileFacts = { lead: "", symbols: [], imports: [], module: "" };

export function factsOf(path: string, text: string): FileFacts {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name === "go.mod") return { ...NOTHING, module: /^module\s+(\S{1,300})/m.exec(text.slice(0, 10_000))?.[1] ?? "" };
  const reader = READERS[name.slice(name.lastIndexOf(".") + 1).toLowerCase()];
  if (reader === undefined || !name.includes(".")) return NOTHING;
  const lines = text.split("\n");
  return { lead: leadOf(lines, reader === markdownLines), ...readLines(lines, reader()), module: "" };
}

function readLines(lines: readonly string[], read: LineReader): Pick<FileFacts, "symbols" | "imports"> {
  const symbols = new Map<string, SymbolFact>();
  const imports = new Map<string, ImportFact>();
  lines.forEach((line, index) => {
    const facts = line.length > LONGEST_LINE ? null : read(line);
    if (facts === null) return;
    for (const { name, kind } of facts.symbols) {
      // Overloads and redeclarations are one symbol, where it stands first.
      if (name.length <= LONGEST_NAME && symbols.size < MOST_SYMBOLS && !symbols.has(name)) symbols.set(name, { name, kind, line: index + 1 });
    }
    for (const one of facts.imports) if (imports.size < MOST_IMPORTS) imports.set(JSON.stringify(one), one);
  });
  return { symbols: [...symbols.values()], imports: [...imports.values()] };
}

const COMMENT = /^\s*(?:\/\/[/!]?|\/\*+!?|\*+\/?|#+(?!!)|"""|''')\s?/;

/** What in a document is no prose: fences, rules, tables, pictures, comments. */
const FURNITURE = /^\s*(?:```|~~~|---|\||!\[|\[!\[|<)/;

/** The comment that a file begins with, or a document's first paragraph. */
function leadOf(lines: readonly string[], isDocument: boolean): string {
  const taken: string[] = [];
  for (const line of lines.slice(0, LEAD_LINES)) {
    const isComment = COMMENT.test(line) || (isDocument && FURNITURE.test(line));
    const isBlank = line.trim() === "";
    if (taken.length > 0 && (isBlank || isComment === isDocument)) break;
    if (isBlank || line.startsWith("#!") || isComment === isDocument) continue;
    taken.push(isDocument ? line.trim() : line.replace(COMMENT, "").replace(/\*\/\s*$|"""\s*$/, "").trim());
  }
  return taken.filter((line) => line !== "").join(" ").slice(0, LONGEST_LEAD);
}

function forAll(endings: string, reader: () => LineReader): Readonly<Record<string, () => LineReader>> {
  return Object.fromEntries(endings.split(" ").map((ending) => [ending, reader]));
}
