// What each test file costs: time on the clock and of processors, those of the processes that it started included.
// `watch` counts in the process that runs the files, `tableOf` prints what all of them counted.
import { readFileSync } from 'node:fs';

/** Of `clk_tck`, which is 100 on every Linux. */
const MS_A_TICK = 10;
const FILES_TOLD = 40;

/** Begins to count for the files of a mocha runner. Returns the times so far by file, in milliseconds. */
export function watch(runner) {
  const times = {};
  let last = now();
  const book = ({ file }) => {
    const at = now();
    const entry = (times[file ?? 'loading'] ??= { wall: 0, own: 0, others: 0 });
    for (const kind of Object.keys(entry)) entry[kind] += at[kind] - last[kind];
    last = at;
  };
  // What comes before a file's first test, and between two, is the file's own: its hooks.
  runner.on('test end', book).on('suite end', (suite) => suite.root || book(suite)).on('start', () => book({}));
  return times;
}

function now() {
  return { wall: performance.now(), own: process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000, others: ofChildren() };
}

/** Children that are over, and those that they waited for. Those of a killed process are nobody's, and of a sandbox most. */
function ofChildren() {
  if (process.platform !== 'linux') return 0;
  // The name, in brackets, may hold anything; cutime and cstime are the 16th and 17th field, pid being the first.
  const fields = readFileSync('/proc/self/stat', 'utf8').replace(/^.*\) /s, '').split(' ');
  return (Number(fields[13]) + Number(fields[14])) * MS_A_TICK;
}

/** The costliest files first, with a line of totals. */
export function tableOf(parts) {
  const times = new Map();
  for (const [file, spent] of parts.flatMap((part) => Object.entries(part ?? {}))) {
    const name = file.replace(/^.*\//, '').replace(/\.test\.cjs$/, '');
    const known = times.get(name) ?? { wall: 0, own: 0, others: 0 };
    times.set(name, { wall: known.wall + spent.wall, own: known.own + spent.own, others: known.others + spent.others });
  }
  const rows = [...times].toSorted(([, one], [, other]) => processorTime(other) - processorTime(one));
  const total = rows.reduce((sum, [, spent]) => ({ wall: sum.wall + spent.wall, own: sum.own + spent.own, others: sum.others + spent.others }), { wall: 0, own: 0, others: 0 });
  const columns = (name, cells) => `${name.padEnd(32)}${cells.map((cell) => cell.padStart(12)).join('')}`;
  const line = ([name, spent]) => columns(name, [processorTime(spent), spent.own, spent.others, spent.wall].map((ms) => (ms / 1000).toFixed(1)));
  return [columns('seconds of', ['processors', 'own', 'children', 'clock']), ...[...rows.slice(0, FILES_TOLD), [`all ${rows.length} files`, total]].map(line)].join('\n');
}

function processorTime({ own, others }) {
  return own + others;
}
