// Doubles carry 15 decimal digits reliably; printing more shows noise (0.1 + 0.2).
const SIGNIFICANT_DIGITS = 15;

/**
 * One value as text. A bigint prints in full; an integral number prints as it is;
 * any other number is rounded to what a double can hold, or to `precision` decimals.
 * @param {number | bigint} value
 * @param {number} [precision]
 */
export function formatValue(value, precision) {
  if (typeof value === 'bigint' || Number.isInteger(value)) return (value || 0).toString();
  if (precision !== undefined) return value.toFixed(precision);
  return Number(value.toPrecision(SIGNIFICANT_DIGITS)).toString();
}

/**
 * A command's result as text: one value a line, every line ended.
 * @param {number | bigint | Array<number | bigint>} result
 * @param {number} [precision]
 */
export function formatResult(result, precision) {
  return [result].flat().map((value) => `${formatValue(value, precision)}\n`).join('');
}
