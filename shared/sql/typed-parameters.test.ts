import { expect, it } from 'vitest';
import { withCastParameters } from './typed-parameters.ts';

it('casts a parameter that stands where the grammar wants a literal', () => {
  expect(withCastParameters('select now() - interval $1, x > timestamp  $2 from t')).toBe(
    'select now() - $1::interval, x > $2::timestamp from t',
  );
});

it.each(['select date, $1 from t', "select 'interval $1'", 'select "interval" = $1', 'select 1'])('leaves %s', (sql) =>
  expect(withCastParameters(sql)).toBe(sql),
);
