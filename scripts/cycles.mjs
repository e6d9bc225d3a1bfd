// Finds import cycles in a graph of files: one for every file from which a shorter one was not found yet.

/** `graph` maps a file to the files it imports. A cycle starts and ends with the same file. */
export function findCycles(graph) {
  const cycles = [];
  const covered = new Set();
  for (const file of graph.keys()) {
    if (covered.has(file)) continue;
    const cycle = shortestWayBack(graph, file);
    if (cycle === undefined) continue;
    cycles.push(cycle);
    for (const member of cycle) covered.add(member);
  }
  return cycles;
}

function shortestWayBack(graph, start) {
  const cameFrom = new Map();
  const queue = [start];
  for (const file of queue) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) return wayTo(cameFrom, start, file).concat(start);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, file);
      queue.push(next);
    }
  }
  return undefined;
}

function wayTo(cameFrom, start, file) {
  const way = [file];
  while (way[0] !== start) way.unshift(cameFrom.get(way[0]));
  return way;
}
