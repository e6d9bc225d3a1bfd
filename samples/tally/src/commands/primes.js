import { onlyArgument, parseInteger } from '../parse.js';

// The sieve takes one byte a number.
const MAX_LIMIT = 50_000_000;

export const primes = {
  name: 'primes',
  usage: 'LIMIT',
  summary: 'The prime numbers up to LIMIT, one a line',
  options: {
    count: { short: 'c', description: 'print only how many there are' },
  },
  run(args, options) {
    const limit = parseInteger(onlyArgument(args, 'LIMIT'), { name: 'LIMIT', min: 0, max: MAX_LIMIT });
    const found = primesUpTo(limit);
    return options.count ? found.length : found;
  },
};

/** The sieve of Eratosthenes. */
function primesUpTo(limit) {
  const composite = new Uint8Array(limit + 1);
  const found = [];
  for (let candidate = 2; candidate <= limit; candidate += 1) {
    if (composite[candidate]) continue;
    found.push(candidate);
    for (let multiple = candidate * candidate; multiple <= limit; multiple += candidate) composite[multiple] = 1;
  }
  return found;
}
