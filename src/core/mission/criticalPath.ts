// The longest chain of a graph, in tool calls. Pure.

/** What each task and the longest chain behind it cost. `order`: every task before those that wait for it. */
export function prioritiesOf(
  order: readonly string[],
  next: ReadonlyMap<string, readonly string[]>,
  cost: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const priorities = new Map<string, number>();
  for (const id of order.toReversed()) {
    const behind = (next.get(id) ?? []).reduce((longest, one) => Math.max(longest, priorities.get(one) ?? 0), 0);
    priorities.set(id, behind + (cost.get(id) ?? 0));
  }
  return priorities;
}

/** Of equally long chains the one whose tasks come first in the order. */
export function criticalPathOf(
  order: readonly string[],
  next: ReadonlyMap<string, readonly string[]>,
  priorities: ReadonlyMap<string, number>,
): readonly string[] {
  const place = new Map(order.map((id, index) => [id, index]));
  const heaviest = (ids: readonly string[]): string | undefined =>
    ids.toSorted((a, b) => (priorities.get(b) ?? 0) - (priorities.get(a) ?? 0) || (place.get(a) ?? 0) - (place.get(b) ?? 0))[0];
  const path: string[] = [];
  for (let at = heaviest(order); at !== undefined; at = heaviest(next.get(at) ?? [])) path.push(at);
  return path;
}
