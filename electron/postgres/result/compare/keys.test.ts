import { describe, expect, it } from 'vitest';
import { fc } from '../../../../tests/fixtures/properties.ts';
import { compareIntervals } from './interval-key.ts';
import { emptyKey, type Key } from './key.ts';
import { compareDecimals } from './number-key.ts';
import { keyFunction } from './sort-key.ts';
import type { SortKind } from './sort-kind.ts';

function keyOf(kind: SortKind, text: string): Key {
  const bytes = Buffer.from(text);
  const key = emptyKey();
  expect(keyFunction(kind)(bytes, 0, bytes.length, key), text).toBe(true);
  return key;
}
const understands = (kind: SortKind, text: string): boolean =>
  keyFunction(kind)(Buffer.from(text), 0, Buffer.byteLength(text), emptyKey());
const order = (a: Key, b: Key): number => a.high - b.high || a.low - b.low;

/** Ascending, as PostgreSQL gives them: every key must be above the one before. */
const ascending = (kind: SortKind, texts: string[]): void => {
  for (let at = 1; at < texts.length; at++) {
    const [before, after] = [texts[at - 1] as string, texts[at] as string];
    expect(order(keyOf(kind, before), keyOf(kind, after)), `${before} < ${after}`).toBeLessThan(0);
  }
};

const digits = (most: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: most });
const decimal = fc
  .tuple(fc.constantFrom('', '-'), digits(25), fc.option(digits(25)))
  .map(([sign, whole, fraction]) => sign + whole + (fraction === null ? '' : `.${fraction}`));

/** The value times 10^30. */
const scaled = (text: string): bigint => {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole + fraction.padEnd(30, '0'));
  return text.startsWith('-') ? -value : value;
};

describe('number keys', () => {
  it('order all decimals, with the exact comparison where keys are equal', () => {
    fc.assert(
      fc.property(decimal, decimal, (left, right) => {
        const difference = scaled(left) - scaled(right);
        const [a, b] = [keyOf('number', left), keyOf('number', right)];
        const byKey = order(a, b);
        if (byKey !== 0) expect(byKey > 0).toBe(difference > 0n);
        else if (a.exact && b.exact) expect(difference).toBe(0n);
        else expect(Math.sign(compareDecimals(left, right))).toBe(difference > 0n ? 1 : difference < 0n ? -1 : 0);
      }),
      { numRuns: 3000 },
    );
  });

  it('order what is close together', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), fc.bigInt({ min: 0n, max: 3n }), (base, step) => {
        const [left, right] = [String(base), String(base + step)];
        const [a, b] = [keyOf('number', left), keyOf('number', right)];
        const byKey = order(a, b);
        expect(byKey).toBeLessThanOrEqual(0);
        if (byKey === 0 && step > 0n) {
          expect(a.exact && b.exact).toBe(false);
          expect(compareDecimals(left, right)).toBeLessThan(0);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('order what differs in the sixteenth digit or later', () => {
    ascending('number', ['999999999999998', '999999999999999']);
    for (const [left, right] of [
      ['9007199254740992', '9007199254740993'],
      ['90071992547409.92', '90071992547409.93'],
      ['0.12345678901234565', '0.12345678901234567'],
      ['99999999999999992', '99999999999999993'],
    ] as const) {
      const [a, b] = [keyOf('number', left), keyOf('number', right)];
      expect(order(a, b)).toBeLessThanOrEqual(0);
      expect(a.exact || b.exact, `${left} is told from ${right} by more than its double`).toBe(false);
      expect(compareDecimals(left, right)).toBeLessThan(0);
    }
  });

  it('have their ends where PostgreSQL has them', () => {
    ascending('number', [
      '-Infinity',
      '-1e+308',
      '-1',
      '-1e-300',
      '0',
      '1e-300',
      '0.1',
      '1',
      '1e+308',
      'Infinity',
      'NaN',
    ]);
    expect(order(keyOf('number', '-0'), keyOf('number', '0.00'))).toBe(0);
    // A number of more than 308 digits is finite.
    const huge = `1${'0'.repeat(400)}`;
    ascending('number', [huge, 'Infinity']);
    expect(order(keyOf('number', huge), keyOf('number', `${huge}0`))).toBe(0);
    expect(compareDecimals(huge, `${huge}0`)).toBeLessThan(0);
    expect(compareDecimals('1e+20', '100000000000000000000')).toBe(0);
    for (const none of ['', '-', '.', 'x', '1,5', '$1', '1 ']) expect(understands('number', none)).toBe(false);
  });
});

describe('instant keys', () => {
  it('order timestamps by instant', () => {
    const epoch = fc.integer({ min: -60_000_000_000_000, max: 250_000_000_000_000 });
    const text = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '').replace(/^\+0*/, '');
    fc.assert(
      fc.property(epoch, epoch, (left, right) => {
        const year = (ms: number) => new Date(ms).getUTCFullYear() > 0;
        fc.pre(year(left) && year(right));
        const [a, b] = [keyOf('timestamp', text(left)), keyOf('timestamp', text(right))];
        expect(Math.sign(order(a, b))).toBe(Math.sign(left - right));
      }),
      { numRuns: 1000 },
    );
  });

  it('know BC, infinity, microseconds and years of six digits', () => {
    ascending('timestamp', [
      '-infinity',
      '4713-01-01 00:00:00 BC',
      '0044-03-15 12:00:00 BC',
      '0044-03-16 00:00:00 BC',
      '0001-12-31 23:59:59.999999 BC',
      '0001-01-01 00:00:00',
      '1969-12-31 23:59:59.999999',
      '1970-01-01 00:00:00',
      '1970-01-01 00:00:00.000001',
      '1970-01-01 00:00:00.1',
      '294276-12-31 23:59:59.999999',
      'infinity',
    ]);
    ascending('date', ['-infinity', '4713-01-01 BC', '0001-02-28 BC', '0001-01-01', '5874897-12-31', 'infinity']);
  });

  it('shift by the offset, and order times with zones as the server does', () => {
    const same = [
      '2024-01-01 12:00:00+00',
      '2024-01-01 13:00:00+01',
      '2024-01-01 17:30:00+05:30',
      '2024-01-01 11:59:30-00:00:30',
    ];
    for (const text of same) expect(order(keyOf('timestamptz', text), keyOf('timestamptz', same[0] as string))).toBe(0);
    ascending('timestamptz', ['2024-01-01 00:30:00+01', '2024-01-01 00:00:00+00', '2023-12-31 23:00:00-02']);
    ascending('timetz', ['00:00:00+15:59', '12:00:00+01', '11:00:00+00', '10:00:00-01', '24:00:00-15:59']);
    ascending('time', ['00:00:00', '00:00:00.000001', '23:59:59.999999', '24:00:00']);
  });

  it('say that other styles are none', () => {
    for (const text of ['01/02/2024', '31.12.2024 10:00:00', 'Wed Dec 17 07:37:16 1997', '2024-13-01', ''])
      expect(understands('timestamp', text), text).toBe(false);
    expect(understands('timestamptz', '12/17/1997 07:37:16.00 PST')).toBe(false);
  });
});

describe('other keys', () => {
  it('order intervals by length', () => {
    ascending('interval', [
      '-infinity',
      '-178000000 years',
      '-1 days +23:00:00',
      '-00:00:01',
      '00:00:00',
      '00:00:00.000001',
      '23:59:59',
      '1 day 00:00:01',
      '1 mon',
      '1 year -1 mons',
      '1 year',
      'infinity',
    ]);
    expect(compareIntervals('1 mon', '30 days')).toBe(0);
    expect(compareIntervals('178000000 years 00:00:00.000001', '178000000 years')).toBeGreaterThan(0);
    expect(understands('interval', 'P1Y')).toBe(false);
  });

  it('order money, log positions and texts', () => {
    ascending('money', ['-$92,233,720,368,547,758.08', '-$0.01', '$0.00', '$1.00', '$1,000.00']);
    ascending('lsn', ['0/0', '0/FF', '0/FFFFFFFF', '1/0', 'A/0', '10/0']);
    ascending('text', ['', 'A', 'B', 'a', 'aa', 'z', 'é', '€', '\uffee', '😀']);
  });
});
