// Medians and percentiles.

export function median(values) {
  return percentile(values, 0.5);
}

/** The value below which the share `p` of them lies, between the two nearest ones where it falls between. */
export function percentile(values, p) {
  if (values.length === 0) throw new Error("there is nothing to take a percentile of");
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * p;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  return low + (high - low) * (place - Math.floor(place));
}
