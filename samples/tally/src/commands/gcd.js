import { UsageError } from '../errors.js';
import { parseInteger } from '../parse.js';

export const gcd = {
  name: 'gcd',
  usage: 'INTEGER INTEGER...',
  summary: 'The greatest common divisor, or the least common multiple',
  options: {
    lcm: { description: 'the least common multiple instead' },
  },
  run(args, options) {
    if (args.length < 2) throw new UsageError('expected at least two integers');
    const values = args.map((arg) => BigInt(parseInteger(arg)));
    return values.reduce(options.lcm ? leastCommonMultiple : greatestCommonDivisor);
  },
};

function greatestCommonDivisor(a, b) {
  while (b !== 0n) [a, b] = [b, a % b];
  return absolute(a);
}

function leastCommonMultiple(a, b) {
  return a === 0n || b === 0n ? 0n : absolute((a / greatestCommonDivisor(a, b)) * b);
}

const absolute = (value) => (value < 0n ? -value : value);
