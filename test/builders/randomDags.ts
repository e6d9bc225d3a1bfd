// Random graphs of tasks, for properties and for the benchmark: the same seed, the same graph.
import * as fc from "fast-check";
import type { ScheduleNode } from "../../src/core/mission/schedule";

/** Any graph of up to `most` tasks; dependencies and order of turns point to earlier tasks. */
export function dags(most: number): fc.Arbitrary<readonly ScheduleNode[]> {
  const node = fc.record({
    dependencies: fc.array(fc.nat({ max: most - 1 }), { maxLength: 3 }),
    after: fc.array(fc.nat({ max: most - 1 }), { maxLength: 1 }),
    weight: fc.integer({ min: 1, max: 9 }),
  });
  return fc.array(node, { minLength: 1, maxLength: most, size: "max" }).map((nodes) =>
    nodes.map(({ dependencies, after, weight }, index) => {
      const earlier = (places: readonly number[]): string[] => [...new Set(places.filter((place) => place < index).map(idOf))];
      return { id: idOf(index), dependencies: earlier(dependencies), weight, after: earlier(after) };
    }),
  );
}

/** A graph of `count` tasks of equal weight, each waiting for up to `most` of the `span` tasks before it. */
export function seededDag(seed: number, { count, most, span }: { readonly count: number; readonly most: number; readonly span: number }): readonly ScheduleNode[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const dependencies = new Set<string>();
    for (let left = Math.floor(random() * (most + 1)); left > 0; left -= 1) {
      const place = index - 1 - Math.floor(random() * span);
      if (place >= 0) dependencies.add(idOf(place));
    }
    return { id: idOf(index), dependencies: [...dependencies], weight: 1 };
  });
}

/** Numbers from 0 to 1 by a linear congruence (the constants are those of Numerical Recipes). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function idOf(index: number): string {
  return `task-${index}`;
}
