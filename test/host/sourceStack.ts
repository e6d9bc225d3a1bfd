// Turns positions in bundles into positions in sources. Node.js would do it, but the extension host prints stacks its own way.
import { findSourceMap } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const POSITION = /((?:\/|[A-Za-z]:\\)[^():]*\.cjs):(\d+):(\d+)/g;

export function sourceStack(stack: string): string {
  return stack.replaceAll(POSITION, (whole: string, file: string, line: string, column: string) => {
    const entry = findSourceMap(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (entry === undefined || !("originalSource" in entry)) return whole;
    const { originalSource } = entry;
    const source = originalSource.startsWith("file:") ? fileURLToPath(originalSource) : path.resolve(path.dirname(file), originalSource);
    return `${path.relative(path.dirname(path.dirname(file)), source)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}
