import { parseNumbers } from '../parse.js';

export const sum = {
  name: 'sum',
  usage: 'NUMBER...',
  summary: 'Add numbers',
  run: (args) => total(parseNumbers(args)),
};

/** Neumaier's compensated sum: 1e100 + 1 - 1e100 is 1, in whatever order. */
export function total(values) {
  let result = 0;
  let lost = 0;
  for (const value of values) {
    const next = result + value;
    lost += Math.abs(result) >= Math.abs(value) ? result - next + value : value - next + result;
    result = next;
  }
  return result + lost;
}
