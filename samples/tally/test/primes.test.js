import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../src/errors.js';
import { findCommand } from '../src/registry.js';

const run = (args, options = {}) => findCommand('primes').run(args, options);

describe('primes', () => {
  it('lists the primes up to and including the limit', () => {
    assert.deepEqual(run(['23']), [2, 3, 5, 7, 11, 13, 17, 19, 23]);
  });

  it('lists none below 2', () => {
    assert.deepEqual(run(['1']), []);
  });

  it('counts them on request', () => {
    assert.equal(run(['100000'], { count: true }), 9592);
  });

  it('refuses a limit that is negative or that would exhaust memory', () => {
    assert.throws(() => run(['-7']), UsageError);
    assert.throws(() => run(['50000001']), UsageError);
  });
});
