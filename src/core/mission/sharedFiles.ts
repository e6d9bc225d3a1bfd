// Which tasks expect the same files although none waits for the other: they are put one behind the other, in the order
// of the graph. Pure.
import type { PlannedTask } from "../domain/mission";
import type { Edge } from "./edge";

/** `order`: every task after all it waits for. A path that ends in `/` or `/*` stands for everything below it. */
export function sharedFileEdges(tasks: readonly PlannedTask[], order: readonly string[], declared: readonly Edge[]): readonly Edge[] {
  const place = new Map(order.map((id, index) => [id, index]));
  const before = new Map<string, string[]>(order.map((id) => [id, []]));
  for (const { from, to } of declared) before.get(to)?.push(from);
  const edges = new Map<string, { readonly from: string; readonly to: string; readonly files: string[] }>();
  for (const { file, one, other } of collisions(tasks, place)) {
    const [from, to] = (place.get(one) ?? 0) < (place.get(other) ?? 0) ? [one, other] : [other, one];
    const key = JSON.stringify([from, to]);
    const known = edges.get(key);
    if (known !== undefined) known.files.push(file);
    else if (!waits(to, from, before, place)) {
      edges.set(key, { from, to, files: [file] });
      before.get(to)?.push(from);
    }
  }
  return [...edges.values()].map(({ from, to, files }) => ({ from, to, reason: { kind: "sharedFiles", files } }));
}

interface Collision {
  readonly file: string;
  readonly one: string;
  readonly other: string;
}

function collisions(tasks: readonly PlannedTask[], place: ReadonlyMap<string, number>): readonly Collision[] {
  const touching = new Map<string, string[]>();
  for (const { id, files } of tasks) {
    for (const file of new Set(files.map(normalised))) {
      const ids = touching.get(file);
      if (ids === undefined) touching.set(file, [id]);
      else ids.push(id);
    }
  }
  const found: Collision[] = [];
  for (const [file, ids] of touching) {
    const sorted = ids.toSorted((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
    // Neighbours are enough: each of them waits for the one before.
    for (const [index, other] of sorted.entries()) {
      const one = sorted[index - 1];
      if (one !== undefined) found.push({ file, one, other });
    }
    const above = foldersAbove(file).flatMap((folder) => touching.get(folder) ?? []);
    for (const one of above) found.push(...sorted.filter((other) => other !== one).map((other) => ({ file, one, other })));
  }
  // The nearest pairs first: what they order need not be ordered again.
  const distance = ({ one, other }: Collision): number => Math.abs((place.get(one) ?? 0) - (place.get(other) ?? 0));
  return found.toSorted((a, b) => distance(a) - distance(b));
}

function normalised(path: string): string {
  const plain = path.trim().replaceAll("\\", "/").replace(/^(?:\.\/)+/, "");
  return plain.endsWith("/**") ? plain.slice(0, -2) : plain.endsWith("/*") ? plain.slice(0, -1) : plain;
}

/** `src/core/` and `src/` for `src/core/a.ts`. */
function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let at = path.lastIndexOf("/", path.length - 2); at > 0; at = path.lastIndexOf("/", at - 1)) folders.push(path.slice(0, at + 1));
  return folders;
}

/** Whether `to` waits for `from`, itself or through others. */
function waits(to: string, from: string, before: ReadonlyMap<string, readonly string[]>, place: ReadonlyMap<string, number>): boolean {
  const earliest = place.get(from) ?? 0;
  const seen = new Set<string>();
  const open = [to];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === from) return true;
    if (seen.has(at) || (place.get(at) ?? 0) < earliest) continue;
    seen.add(at);
    open.push(...(before.get(at) ?? []));
  }
  return false;
}
