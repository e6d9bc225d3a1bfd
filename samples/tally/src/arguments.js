import { UsageError } from './errors.js';

const NEGATIVE_NUMBER = /^-\.?\d/;

/**
 * Splits a command line into option values and positional arguments.
 * `-5` is a number, not an option; everything after `--` is positional.
 * @param {string[]} argv
 * @param {Record<string, { short?: string, value?: string }>} known
 *   options by long name; one with `value` takes an argument, others are flags
 * @returns {{ args: string[], options: Record<string, string | true> }}
 */
export function parseArguments(argv, known) {
  const args = [];
  const options = {};
  const queue = [...argv];

  while (queue.length > 0) {
    const token = queue.shift();
    if (token === '--') {
      args.push(...queue);
      break;
    }
    if (token === '-' || !token.startsWith('-') || NEGATIVE_NUMBER.test(token)) {
      args.push(token);
      continue;
    }
    const [flag, inline] = splitOnce(token, '=');
    const name = longName(flag, known);
    options[name] = known[name].value ? (inline ?? takeValue(queue, flag)) : takeNothing(inline, flag);
  }
  return { args, options };
}

function longName(flag, known) {
  const name = flag.startsWith('--')
    ? flag.slice(2)
    : Object.keys(known).find((key) => known[key].short === flag.slice(1));
  if (name === undefined || !Object.hasOwn(known, name)) throw new UsageError(`unknown option ${flag}`);
  return name;
}

function takeValue(queue, flag) {
  if (queue.length === 0) throw new UsageError(`option ${flag} needs a value`);
  return queue.shift();
}

function takeNothing(inline, flag) {
  if (inline !== undefined) throw new UsageError(`option ${flag} takes no value`);
  return true;
}

function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
