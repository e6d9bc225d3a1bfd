// Lines of Python: functions and classes at the left margin, and both forms of import.
import type { LineFacts, LineReader } from "./facts";

const DECLARED = /^(?:async\s+)?(def|class)\s+([\p{L}_][\p{L}\p{N}_]*)/u;
const IMPORT = /^\s*import\s+([\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*)/;
const FROM = /^\s*from\s+(\.*[\w.]*)\s+import\s+(.+)/;

export function pythonLines(): LineReader {
  // A parenthesised list of names may go over lines.
  let open: { readonly spec: string } | null = null;
  return (line) => {
    if (open !== null) {
      const { spec } = open;
      if (line.includes(")")) open = null;
      return taken(spec, line);
    }
    const [, spec, names = ""] = FROM.exec(line) ?? [];
    if (spec !== undefined && spec !== "") {
      if (names.trimStart().startsWith("(") && !names.includes(")")) open = { spec };
      return taken(spec, names);
    }
    const modules = IMPORT.exec(line)?.[1];
    if (modules !== undefined) return { symbols: [], imports: modules.split(",").map((one) => ({ how: "imports", spec: one.trim().split(/\s/)[0] ?? "", names: [] })) };
    const [, word, name] = DECLARED.exec(line) ?? [];
    return name === undefined ? null : { symbols: [{ name, kind: word === "class" ? "class" : "function" }], imports: [] };
  };
}

function taken(spec: string, list: string): LineFacts {
  const words = list.split("#")[0]?.split(",") ?? [];
  const names = words.flatMap((word) => /^[\s(]*(\w+)/.exec(word)?.[1] ?? []);
  return { symbols: [], imports: [{ how: "imports", spec, names }] };
}
