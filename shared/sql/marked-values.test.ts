import { expect, it } from 'vitest';
import { withParametersForMarks } from './marked-values.ts';
import { withoutLiterals } from './without-literals.ts';

it.each([
  ["select * from t where a % 3 = 1 and b = 'x'", 'select * from t where a % $1 = $2 and b = $3'],
  ['select a from t where a=5 and b>=-7', 'select a from t where a=$1 and b>=-$2'],
  ['select 1, 2 from t where a in (1, 2, 3) limit 10 offset 5', 'select $1 from t where a in ($2) limit $3 offset $4'],
  ["select doc ? 'k', doc ?| array['a', 'b'] from t", 'select doc ? $1, doc ?| array[$2] from t'],
  ["select doc @? '$.a' from t where x between 1 and 2", 'select doc @? $1 from t where x between $2 and $3'],
  ["select now() - interval '1 day'", 'select now() - interval $1'],
  ['select a from t where a = $2 and b = 4', 'select a from t where a = $2 and b = $3'],
  ["select f(a) || ')', case when a then 1 else 2 end", 'select f(a) || $1, case when a then $2 else $3 end'],
])('%s', (sql, parameters) => expect(withParametersForMarks(withoutLiterals(sql))).toBe(parameters));
