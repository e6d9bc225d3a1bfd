import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../src/errors.js';
import { findCommand } from '../src/registry.js';

const run = (name, args, options = {}) => findCommand(name).run(args, options);

describe('sum', () => {
  it('adds integers, fractions and negative numbers', () => {
    assert.equal(run('sum', ['1', '-2.5', '4e1']), 38.5);
  });

  it('keeps what plain addition would lose', () => {
    assert.equal(run('sum', ['1e100', '1', '-1e100']), 1);
  });

  it('refuses what is not a decimal number', () => {
    for (const text of ['', 'one', '0x10', '1,5', 'Infinity', '1e999']) {
      assert.throws(() => run('sum', ['1', text]), UsageError, `accepted "${text}"`);
    }
  });

  it('refuses to add nothing', () => {
    assert.throws(() => run('sum', []), { name: 'UsageError', message: 'expected at least one number' });
  });
});

describe('mean', () => {
  it('averages', () => {
    assert.equal(run('mean', ['3', '4', '8']), 5);
  });

  it('averages geometrically on request', () => {
    assert.ok(Math.abs(run('mean', ['2', '4', '8'], { geometric: true }) - 4) < 1e-12);
  });

  it('has no geometric mean of a number that is not positive', () => {
    assert.throws(() => run('mean', ['2', '0'], { geometric: true }), /greater than 0, got 0/);
  });
});

describe('median', () => {
  it('takes the middle of an odd number of values, by size', () => {
    assert.equal(run('median', ['10', '9', '100']), 10);
  });

  it('takes the mean of the middle two otherwise', () => {
    assert.equal(run('median', ['4', '1', '3', '2']), 2.5);
  });
});
