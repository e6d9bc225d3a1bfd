import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../src/errors.js';
import { findCommand } from '../src/registry.js';

const run = (name, args, options = {}) => findCommand(name).run(args, options);

describe('gcd', () => {
  it('divides all its arguments', () => {
    assert.equal(run('gcd', ['84', '-36', '120']), 12n);
    assert.equal(run('gcd', ['0', '7']), 7n);
  });

  it('prints the least common multiple on request, exactly', () => {
    assert.equal(run('gcd', ['4', '6', '10'], { lcm: true }), 60n);
    const product = 81129638414606654674191240921090n;
    assert.equal(run('gcd', ['9007199254740991', '9007199254740990'], { lcm: true }), product);
  });

  it('needs two integers', () => {
    assert.throws(() => run('gcd', ['12']), UsageError);
    assert.throws(() => run('gcd', ['12', '1.5']), /value must be an integer, got "1\.5"/);
  });
});

describe('factorial', () => {
  it('is 1 for 0', () => {
    assert.equal(run('factorial', ['0']), 1n);
  });

  it('is exact beyond what a number can hold', () => {
    assert.equal(run('factorial', ['25']), 15511210043330985984000000n);
  });

  it('refuses negative, fractional and excessive arguments', () => {
    assert.throws(() => run('factorial', ['-1']), /N must be at least 0, got -1/);
    assert.throws(() => run('factorial', ['2.5']), /N must be an integer, got "2\.5"/);
    assert.throws(() => run('factorial', ['10001']), /N must be at most 10000, got 10001/);
  });

  it('takes exactly one argument', () => {
    assert.throws(() => run('factorial', []), /expected N/);
    assert.throws(() => run('factorial', ['1', '2']), /expected only N, got 2 arguments/);
  });
});

describe('collatz', () => {
  it('runs down to 1', () => {
    assert.deepEqual(run('collatz', ['6']), [6n, 3n, 10n, 5n, 16n, 8n, 4n, 2n, 1n]);
    assert.deepEqual(run('collatz', ['1']), [1n]);
  });

  it('counts the steps on request', () => {
    assert.equal(run('collatz', ['27'], { steps: true }), 111);
  });

  it('starts at 1 or above', () => {
    assert.throws(() => run('collatz', ['0']), UsageError);
  });
});
