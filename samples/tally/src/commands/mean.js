import { parseNumbers } from '../parse.js';
import { total } from './sum.js';

export const mean = {
  name: 'mean',
  usage: 'NUMBER...',
  summary: 'Average numbers',
  options: {
    geometric: { description: 'the geometric mean; every number must be positive' },
  },
  run(args, options) {
    const values = parseNumbers(args, options.geometric ? { above: 0 } : undefined);
    if (!options.geometric) return total(values) / values.length;
    return Math.exp(total(values.map(Math.log)) / values.length);
  },
};
