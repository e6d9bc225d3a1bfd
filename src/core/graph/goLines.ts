// Lines of Go: functions, methods and types, single imports and blocks of them.
import type { LineReader, SymbolFact } from "./facts";

const FUNCTION = /^func\s+(?:\([^)]{0,200}\)\s*)?([\p{L}_][\p{L}\p{N}_]*)/u;
const TYPE = /^type\s+([\p{L}_][\p{L}\p{N}_]*)(?:\[[^\]]{0,200}\])?\s+(struct|interface)?/u;
const IMPORT = /^import\s+(?:[\w.]+\s+)?"([^"\n]{1,300})"/;
const IN_BLOCK = /^\s*(?:[\w.]+\s+)?"([^"\n]{1,300})"/;

export function goLines(): LineReader {
  let isInBlock = false;
  return (line) => {
    if (isInBlock) isInBlock = !line.startsWith(")");
    const spec = (isInBlock ? IN_BLOCK : IMPORT).exec(line)?.[1];
    if (spec !== undefined) return { symbols: [], imports: [{ how: "imports", spec, names: [] }] };
    if (/^import\s*\(/.test(line)) isInBlock = true;
    const symbol = symbolIn(line);
    return symbol === null ? null : { symbols: [symbol], imports: [] };
  };
}

function symbolIn(line: string): Omit<SymbolFact, "line"> | null {
  const named = FUNCTION.exec(line)?.[1];
  if (named !== undefined) return { name: named, kind: "function" };
  const [, name, word] = TYPE.exec(line) ?? [];
  if (name === undefined) return null;
  return { name, kind: word === "struct" || word === "interface" ? word : "type" };
}
