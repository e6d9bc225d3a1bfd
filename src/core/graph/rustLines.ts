// Lines of Rust: items at the left margin and functions wherever they stand, modules and uses.
import type { LineReader, SymbolFact } from "./facts";

const ITEM = /^(?:pub(?:\([^)]{0,60}\))?\s+)?(struct|enum|trait|type)\s+([\p{L}_][\p{L}\p{N}_]*)/u;
const FUNCTION = /^\s*(?:pub(?:\([^)]{0,60}\))?\s+)?(?:(?:const|async|unsafe|extern\s+"[^"]{0,20}")\s+){0,4}fn\s+([\p{L}_][\p{L}\p{N}_]*)/u;
const MODULE = /^\s*(?:pub(?:\([^)]{0,60}\))?\s+)?mod\s+(\w+)\s*;/;
const USE = /^\s*(?:pub(?:\([^)]{0,60}\))?\s+)?use\s+((?:\w+::)*\w+)/;
const KINDS: Readonly<Record<string, SymbolFact["kind"]>> = { struct: "struct", enum: "enum", trait: "trait", type: "type" };

export function rustLines(): LineReader {
  return (line) => {
    const module = MODULE.exec(line)?.[1];
    if (module !== undefined) return { symbols: [], imports: [{ how: "imports", spec: `mod ${module}`, names: [] }] };
    const used = USE.exec(line)?.[1];
    if (used !== undefined) return { symbols: [], imports: [{ how: "imports", spec: used, names: [] }] };
    const [, word = "", item] = ITEM.exec(line) ?? [];
    const kind = KINDS[word];
    if (kind !== undefined && item !== undefined) return { symbols: [{ name: item, kind }], imports: [] };
    const named = FUNCTION.exec(line)?.[1];
    return named === undefined ? null : { symbols: [{ name: named, kind: "function" }], imports: [] };
  };
}
