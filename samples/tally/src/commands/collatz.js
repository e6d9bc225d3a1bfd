import { onlyArgument, parseInteger } from '../parse.js';

export const collatz = {
  name: 'collatz',
  usage: 'N',
  summary: 'The Collatz sequence from N down to 1, one number a line',
  options: {
    steps: { short: 's', description: 'print only the number of steps' },
  },
  run(args, options) {
    const start = parseInteger(onlyArgument(args, 'N'), { name: 'N', min: 1 });
    const sequence = [...collatzFrom(start)];
    return options.steps ? sequence.length - 1 : sequence;
  },
};

/** The sequence climbs far above its start, so it is followed in BigInt. */
function* collatzFrom(start) {
  let value = BigInt(start);
  yield value;
  while (value !== 1n) {
    value = value % 2n === 0n ? value / 2n : 3n * value + 1n;
    yield value;
  }
}
