// Lines of Markdown: headings, and links to other files of the repository; what stands in fences is passed over.
import type { ImportFact, LineReader } from "./facts";

const HEADING = /^#{1,4}\s+(.{1,200}?)\s*#*\s*$/;
const LINK = /\]\(\s*<?([^()\s<>]{1,300})>?/g;
const DEFINITION = /^\s{0,3}\[[^\]]{1,100}\]:\s*<?([^\s<>]{1,300})/;
const FENCE = /^\s{0,3}(?:```|~~~)/;
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i;

export function markdownLines(): LineReader {
  let isFenced = false;
  return (line) => {
    if (FENCE.test(line)) isFenced = !isFenced;
    if (isFenced) return null;
    const heading = HEADING.exec(line)?.[1];
    if (heading !== undefined) return { symbols: [{ name: heading, kind: "heading" }], imports: [] };
    const imports = linksIn(line);
    return imports.length === 0 ? null : { symbols: [], imports };
  };
}

function linksIn(line: string): readonly ImportFact[] {
  if (!line.includes("]")) return [];
  const targets = [DEFINITION.exec(line)?.[1], ...[...line.matchAll(LINK)].map((found) => found[1])];
  return targets.flatMap((target) => {
    const spec = target?.split(/[#?]/)[0] ?? "";
    return target === undefined || spec === "" || ELSEWHERE.test(target) ? [] : [{ how: "references", spec: decoded(spec), names: [] } as const];
  });
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    // A stray percent sign stands for itself.
    return target;
  }
}
