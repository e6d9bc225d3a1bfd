import { parseNumbers } from '../parse.js';

export const median = {
  name: 'median',
  usage: 'NUMBER...',
  summary: 'The middle number, or the mean of the middle two',
  run(args) {
    const sorted = parseNumbers(args).sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  },
};
