import { UsageError } from './errors.js';

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d+$/;
const MAX_EXACT = Number.MAX_SAFE_INTEGER;

/** One finite decimal number. Stricter than `Number()`: no hex, no blanks, no `Infinity`. */
export function parseNumber(text) {
  const value = DECIMAL.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) throw new UsageError(`"${text}" is not a number`);
  return value;
}

/** At least one number, in the order given; each greater than `above`, if given. */
export function parseNumbers(texts, { above = -Infinity } = {}) {
  if (texts.length === 0) throw new UsageError('expected at least one number');
  return texts.map((text) => {
    const value = parseNumber(text);
    if (value <= above) throw new UsageError(`every number must be greater than ${above}, got ${text}`);
    return value;
  });
}

/** An integer that a JavaScript number holds exactly, between `min` and `max`. */
export function parseInteger(text, { name = 'value', min = -MAX_EXACT, max = MAX_EXACT } = {}) {
  if (!INTEGER.test(text)) throw new UsageError(`${name} must be an integer, got "${text}"`);
  const value = Number(text);
  if (value < min) throw new UsageError(`${name} must be at least ${min}, got ${text}`);
  if (value > max) throw new UsageError(`${name} must be at most ${max}, got ${text}`);
  return value;
}

/** The only argument of a command that takes exactly one, e.g. `N`. */
export function onlyArgument(args, name) {
  if (args.length === 0) throw new UsageError(`expected ${name}`);
  if (args.length > 1) throw new UsageError(`expected only ${name}, got ${args.length} arguments`);
  return args[0];
}
