import { commands } from './registry.js';

/** Options that every command understands. */
export const globalOptions = Object.freeze({
  precision: { value: 'DIGITS', short: 'p', description: 'round fractions to DIGITS decimals' },
  help: { short: 'h', description: 'show help, for one command or for all' },
  version: { description: 'show the version' },
});

export function generalHelp() {
  return [
    'Usage: tally COMMAND [OPTION...] [ARGUMENT...]',
    '',
    'Commands:',
    ...table(commands.map(({ name, usage, summary }) => [`${name} ${usage}`, summary])),
    '',
    'Options:',
    ...optionTable(globalOptions),
    '',
    'An argument "-" stands for numbers read from standard input.',
    '',
  ].join('\n');
}

export function commandHelp({ name, usage, summary, options = {} }) {
  return [
    `Usage: tally ${name} [OPTION...] ${usage}`,
    '',
    `${summary}.`,
    '',
    'Options:',
    ...optionTable({ ...options, ...globalOptions }),
    '',
  ].join('\n');
}

function optionTable(options) {
  return table(
    Object.entries(options).map(([name, { short, value, description }]) => [
      `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`,
      description,
    ]),
  );
}

function table(rows) {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
