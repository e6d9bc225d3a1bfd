import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { main } from '../src/cli.js';
import { commands } from '../src/registry.js';

const script = fileURLToPath(new URL('../bin/tally.js', import.meta.url));

/** In this process: starting one takes far longer than what it does. */
async function tally(args, input = '') {
  const written = { stdout: '', stderr: '' };
  const into = (name) => ({ write: (chunk) => (written[name] += chunk) });
  const code = await main(args, { stdin: Readable.from([Buffer.from(input)]), stdout: into('stdout'), stderr: into('stderr') });
  return { code, ...written };
}

async function tallyAsProcess(args, input) {
  const child = spawn(process.execPath, [script, ...args]);
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}

describe('tally', () => {
  it('does as a program what main does', async () => {
    for (const line of [['sum', '-', '2'], ['sum', 'x']]) {
      assert.deepEqual(await tallyAsProcess(line, '1\n'), await tally(line, '1\n'));
    }
  });

  it('prints a result and nothing else', async () => {
    assert.deepEqual(await tally(['mean', '1', '2', '4', '--precision', '3']), { code: 0, stdout: '2.333\n', stderr: '' });
  });

  it('reads numbers from standard input', async () => {
    assert.deepEqual(await tally(['sum', '-', '-10'], '1, 2\n3;4\n'), { code: 0, stdout: '0\n', stderr: '' });
  });

  it('exits 2 on a wrong argument and points to the help', async () => {
    assert.deepEqual(await tally(['factorial', '-3']), {
      code: 2,
      stdout: '',
      stderr: 'tally: N must be at least 0, got -3\nRun "tally factorial --help" for its usage.\n',
    });
  });

  it('exits 2 on an unknown command and suggests one', async () => {
    assert.deepEqual(await tally(['maen', '1']), {
      code: 2,
      stdout: '',
      stderr: 'tally: unknown command "maen"\nDid you mean "mean"?\n',
    });
  });

  it('exits 2 without a command', async () => {
    const { code, stdout, stderr } = await tally([]);
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
    assert.match(stderr, /no command given/);
  });

  it('lists every command in its help', async () => {
    const { code, stdout } = await tally(['--help']);
    assert.equal(code, 0);
    for (const { name, usage, summary } of commands) {
      assert.ok(stdout.includes(`  ${name} ${usage} `), `${name} is missing`);
      assert.ok(stdout.includes(summary), `the summary of ${name} is missing`);
    }
  });

  it('explains one command and its options', async () => {
    const { stdout } = await tally(['primes', '--help']);
    assert.match(stdout, /^Usage: tally primes \[OPTION\.\.\.\] LIMIT$/m);
    assert.match(stdout, /^ {2}-c, --count +print only how many there are$/m);
  });

  it('prints its version', async () => {
    const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
    assert.equal((await tally(['--version'])).stdout, `${manifest.version}\n`);
  });
});

describe('registry', () => {
  it('gives each command a name of its own and what the help needs', () => {
    assert.equal(new Set(commands.map(({ name }) => name)).size, commands.length);
    for (const { name, usage, summary, run } of commands) {
      assert.match(name, /^[a-z]+$/);
      assert.ok(usage && summary && !summary.endsWith('.'), name);
      assert.equal(typeof run, 'function', name);
    }
  });
});

describe('README.md', () => {
  it('has every command in its table', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    for (const { name, usage } of commands) assert.ok(readme.includes(`| \`tally ${name} ${usage}\` |`), name);
  });
});
