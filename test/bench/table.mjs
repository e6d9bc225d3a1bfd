// Prints rows: what was measured, what the peer (pi, if no other is named) took in the same run, and whether the target
// is met.

const HEAD = ["figure", "countersign", "peer", "ratio", "target", ""];

export function printTable(rows) {
  const lines = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((cells) => cells[column].length)));
  for (const cells of lines) console.log(cells.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd());
}

function cellsOf(row) {
  const { name, unit, value, peer, peerName = "pi", note = "" } = row;
  if (value === undefined) return [name, "–", "", "", "", note];
  const ratio = peer === undefined ? "" : (value / peer).toFixed(2);
  return [name, `${shown(value)} ${unit}`, peer === undefined ? "" : `${peerName} ${shown(peer)} ${unit}`, ratio, targetOf(row), markOf(row) + (note === "" ? "" : ` ${note}`)];
}

function targetOf({ target, ratioTarget, peer, peerName = "pi", unit }) {
  if (target === undefined) return "";
  if (peer === undefined || (ratioTarget === undefined && target !== peer)) return `≤ ${shown(target)} ${unit}`;
  return target === peer ? `≤ ${peerName}` : `≤ ${shown(target)} ${unit} or ${ratioTarget.toFixed(2)} × ${peerName}`;
}

/** Absolute targets were set on one machine; on a slower one the ratio to the peer says the same. */
export function markOf({ value, target, peer, ratioTarget }) {
  if (target === undefined) return "";
  if (value <= target) return "met";
  return peer !== undefined && value / peer <= ratioTarget ? "met by ratio" : "NOT MET";
}

function shown(value) {
  if (value >= 1000) return Math.round(value).toLocaleString("en");
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
