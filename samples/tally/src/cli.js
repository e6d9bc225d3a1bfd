import { readFile } from 'node:fs/promises';
import { parseArguments } from './arguments.js';
import { EXIT, UsageError } from './errors.js';
import { formatResult } from './format.js';
import { commandHelp, generalHelp, globalOptions } from './help.js';
import { parseInteger } from './parse.js';
import { commands, findCommand } from './registry.js';
import { suggest } from './suggest.js';

const MAX_PRECISION = 15;

/**
 * Runs one command line. Results go to stdout, everything else to stderr.
 * @param {string[]} argv without the interpreter and the script
 * @param {{ stdin: AsyncIterable<Buffer>, stdout: { write(text: string): unknown }, stderr: { write(text: string): unknown } }} streams
 * @returns {Promise<number>} the exit code
 */
export async function main(argv, streams) {
  try {
    streams.stdout.write(await respond(argv, streams));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof UsageError)) {
      streams.stderr.write(`tally: unexpected error\n${error.stack}\n`);
      return EXIT.failure;
    }
    streams.stderr.write(`tally: ${error.message}\n`);
    if (error.hint) streams.stderr.write(`${error.hint}\n`);
    return EXIT.usage;
  }
}

async function respond([name, ...rest], streams) {
  if (name === undefined) throw new UsageError('no command given', 'Run "tally --help" for the commands.');
  if (name.startsWith('-')) return respondToGlobal([name, ...rest]);

  const command = findCommand(name) ?? unknownCommand(name);
  try {
    return await respondTo(command, rest, streams);
  } catch (error) {
    if (error instanceof UsageError) error.hint ??= `Run "tally ${command.name} --help" for its usage.`;
    throw error;
  }
}

async function respondTo(command, argv, streams) {
  const { args, options } = parseArguments(argv, { ...command.options, ...globalOptions });
  if (options.help) return commandHelp(command);
  if (options.version) return version();

  const precision = parsePrecision(options.precision);
  return formatResult(command.run(await expandStdin(args, streams), options), precision);
}

async function respondToGlobal(argv) {
  const { args, options } = parseArguments(argv, globalOptions);
  if (options.version) return version();
  if (!options.help) throw new UsageError('the command comes first', 'Run "tally --help" for the commands.');
  return args.length > 0 ? commandHelp(findCommand(args[0]) ?? unknownCommand(args[0])) : generalHelp();
}

function unknownCommand(name) {
  const meant = suggest(name, commands.map((command) => command.name));
  throw new UsageError(
    `unknown command "${name}"`,
    meant ? `Did you mean "${meant}"?` : 'Run "tally --help" for the commands.',
  );
}

function parsePrecision(text) {
  return text === undefined ? undefined : parseInteger(text, { name: '--precision', min: 0, max: MAX_PRECISION });
}

async function version() {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return `${JSON.parse(manifest).version}\n`;
}

async function expandStdin(args, streams) {
  if (!args.includes('-')) return args;
  const chunks = [];
  for await (const chunk of streams.stdin) chunks.push(chunk);
  const words = Buffer.concat(chunks).toString('utf8').split(/[\s,;]+/).filter(Boolean);
  return args.flatMap((arg) => (arg === '-' ? words : [arg]));
}
