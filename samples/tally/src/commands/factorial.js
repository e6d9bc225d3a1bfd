import { onlyArgument, parseInteger } from '../parse.js';

// 10000! has 35660 digits; beyond that the output is of no use to anyone.
const MAX_N = 10_000;

export const factorial = {
  name: 'factorial',
  usage: 'N',
  summary: 'The product of the integers from 1 to N, exactly',
  run(args) {
    const n = parseInteger(onlyArgument(args, 'N'), { name: 'N', min: 0, max: MAX_N });
    let product = 1n;
    for (let factor = 2n; factor <= n; factor += 1n) product *= factor;
    return product;
  },
};
