// Sizes of files for people. Pure.

const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** `0 bytes`, `512 bytes`, `1.5 MB`: thousands, as file managers count. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits).replace(/\.0$/, "")} ${UNITS[unit] ?? ""}`;
}
