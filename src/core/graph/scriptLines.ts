// Lines of TypeScript and JavaScript: what stands at the left margin is declared, and imports in all their forms.
import type { ImportFact, LineFacts, LineReader, SymbolFact } from "./facts";

const DECLARED = /^(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(function|class|interface|type|enum|const enum)\b\s*\*?\s*([\p{L}_$][\p{L}\p{N}_$]*)/u;
/** A function under a constant's name. */
const ARROW = /^(?:export\s+)?(?:const|let|var)\s+([\p{L}_$][\p{L}\p{N}_$]*)\s*(?::[^=]{0,200})?=\s*(?:async\s*)?(?:function\b|\([^)]{0,300}\)\s*(?::[^=]{0,200})?=>|[\p{L}_$][\p{L}\p{N}_$]*\s*=>|\($)/u;
const FROM = /^\s*(?:(?:import|export)\b|\})[^"']{0,500}\bfrom\s*["']([^"'\n]{1,300})["']/;
const BARE = /^\s*import\s*["']([^"'\n]{1,300})["']/;
const CALLED = /\b(?:require|import)\s*\(\s*["']([^"'\n]{1,300})["']/g;
const KINDS: Readonly<Record<string, SymbolFact["kind"]>> = { function: "function", class: "class", interface: "interface", type: "type", enum: "enum", "const enum": "enum" };

export function scriptLines(): LineReader {
  return (line) => {
    const imports = importsIn(line);
    const symbols = /^[a-z]/.test(line) ? declaredIn(line) : [];
    return imports.length === 0 && symbols.length === 0 ? null : { symbols, imports };
  };
}

function declaredIn(line: string): LineFacts["symbols"] {
  const [, word = "", name] = DECLARED.exec(line) ?? [];
  const kind = KINDS[word.replace(/\s+/g, " ")];
  if (kind !== undefined && name !== undefined) return [{ name, kind }];
  const arrow = ARROW.exec(line)?.[1];
  return arrow === undefined ? [] : [{ name: arrow, kind: "function" }];
}

function importsIn(line: string): readonly ImportFact[] {
  if (!line.includes("from") && !line.includes("import") && !line.includes("require")) return [];
  if (/^\s*(?:\/\/|\*|\/\*)/.test(line)) return [];
  const specs = [FROM.exec(line)?.[1], BARE.exec(line)?.[1], ...[...line.matchAll(CALLED)].map((found) => found[1])];
  return specs.flatMap((spec) => (spec === undefined ? [] : [{ how: "imports", spec, names: [] } as const]));
}
