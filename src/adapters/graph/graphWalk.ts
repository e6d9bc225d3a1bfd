// Ways through the graph's edges, breadth first, nodes of one distance in the order of their ids. Bounded in all it does.
import { MOST_VISITED } from "../../core/ports/knowledgeGraph";
import type { SqlDatabase } from "../store/sqlDatabase";

const NEXT = `
  SELECT a AS origin, b AS key FROM (
    SELECT source AS a, target AS b FROM edges WHERE source IN (SELECT value FROM json_each(?1))
    UNION SELECT target AS a, source AS b FROM edges WHERE target IN (SELECT value FROM json_each(?1))
  ) JOIN nodes ON nodes.key = b ORDER BY nodes.id, a`;

export class GraphWalk {
  constructor(private readonly database: SqlDatabase) {}

  /** At most `limit` nodes at most `depth` edges from `start`, nearest first. */
  around(start: number, depth: number, limit: number): { readonly keys: readonly number[]; readonly isCut: boolean } {
    const seen = new Set([start]);
    let edge: readonly number[] = [start];
    for (let distance = 0; distance < depth && edge.length > 0; distance += 1) {
      const next = this.#beyond(edge, seen).map(({ key }) => key);
      const room = limit - seen.size;
      for (const key of next.slice(0, room)) seen.add(key);
      if (next.length > room) return { keys: [...seen], isCut: true };
      edge = next;
    }
    return { keys: [...seen], isCut: false };
  }

  /** A shortest way of at most `depth` edges, both ends included; null where there is none, or none was found in time. */
  path(from: number, to: number, depth: number): readonly number[] | null {
    const cameFrom = new Map<number, number | null>([[from, null]]);
    let edge: readonly number[] = [from];
    for (let distance = 0; distance < depth && edge.length > 0 && !cameFrom.has(to); distance += 1) {
      const next = this.#beyond(edge, cameFrom);
      for (const { key, origin } of next) cameFrom.set(key, origin);
      if (cameFrom.size > MOST_VISITED) break;
      edge = next.map(({ key }) => key);
    }
    if (!cameFrom.has(to)) return null;
    const way: number[] = [];
    for (let key: number | null | undefined = to; key !== null && key !== undefined; key = cameFrom.get(key)) way.unshift(key);
    return way;
  }

  /** Nodes right behind these that were not seen, each once. */
  #beyond(edge: readonly number[], seen: { has(key: number): boolean }): readonly { readonly key: number; readonly origin: number }[] {
    const found = new Map<number, number>();
    for (const row of this.database.rows(NEXT, [JSON.stringify(edge)])) {
      const key = Number(row["key"]);
      if (!seen.has(key) && !found.has(key)) found.set(key, Number(row["origin"]));
    }
    return [...found].map(([key, origin]) => ({ key, origin }));
  }
}
