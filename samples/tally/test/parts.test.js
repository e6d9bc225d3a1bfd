import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseArguments } from '../src/arguments.js';
import { formatResult, formatValue } from '../src/format.js';
import { suggest } from '../src/suggest.js';

describe('formatValue', () => {
  it('hides the noise of binary fractions', () => {
    assert.equal(formatValue(0.1 + 0.2), '0.3');
    assert.equal(formatValue(-0), '0');
  });

  it('prints every digit of a bigint', () => {
    assert.equal(formatValue(2n ** 70n), '1180591620717411303424');
  });

  it('rounds fractions, and only fractions, to a precision', () => {
    assert.equal(formatValue(2 / 3, 2), '0.67');
    assert.equal(formatValue(5, 2), '5');
  });
});

describe('formatResult', () => {
  it('prints one value a line, and nothing for no values', () => {
    assert.equal(formatResult([1, 2n]), '1\n2\n');
    assert.equal(formatResult([]), '');
  });
});

describe('parseArguments', () => {
  const known = { count: { short: 'c' }, precision: { short: 'p', value: 'DIGITS' } };

  it('tells options from negative numbers', () => {
    assert.deepEqual(parseArguments(['-5', '-c', '-.5', '--precision=2', '-'], known), {
      args: ['-5', '-.5', '-'],
      options: { count: true, precision: '2' },
    });
  });

  it('takes everything after -- as an argument', () => {
    assert.deepEqual(parseArguments(['-p', '3', '--', '--count'], known), {
      args: ['--count'],
      options: { precision: '3' },
    });
  });

  it('refuses unknown options, missing values and unwanted ones', () => {
    assert.throws(() => parseArguments(['--constructor'], known), /unknown option --constructor/);
    assert.throws(() => parseArguments(['--precision'], known), /option --precision needs a value/);
    assert.throws(() => parseArguments(['--count=3'], known), /option --count takes no value/);
  });
});

describe('suggest', () => {
  it('finds the likely command, and none for noise', () => {
    assert.equal(suggest('medain', ['mean', 'median']), 'median');
    assert.equal(suggest('fact', ['gcd', 'factorial']), 'factorial');
    assert.equal(suggest('xyzzy', ['gcd', 'factorial']), undefined);
  });
});
