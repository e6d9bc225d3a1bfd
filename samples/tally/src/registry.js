import { collatz } from './commands/collatz.js';
import { factorial } from './commands/factorial.js';
import { gcd } from './commands/gcd.js';
import { mean } from './commands/mean.js';
import { median } from './commands/median.js';
import { primes } from './commands/primes.js';
import { sum } from './commands/sum.js';

/**
 * @typedef {object} Command
 * @property {string} name what the user types
 * @property {string} usage its arguments, as the help shows them
 * @property {string} summary one line, no full stop
 * @property {Record<string, { description: string, short?: string, value?: string }>} [options]
 * @property {(args: string[], options: Record<string, string | true>) =>
 *   number | bigint | Array<number | bigint>} run pure; throws UsageError on bad arguments
 */

/** Every command, in the order in which the help lists them. @type {readonly Command[]} */
export const commands = Object.freeze([sum, mean, median, gcd, primes, factorial, collatz]);

export function findCommand(name) {
  return commands.find((command) => command.name === name);
}
