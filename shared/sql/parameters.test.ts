import { expect, test } from 'vitest';
import {
  arrayLiteral,
  bindParameters,
  MissingParameter,
  type ParameterValue,
  parameterPlaces,
  writtenRange,
} from './parameters.ts';

test.each([
  ['select :a, $1', ['a', '1']],
  ['select 1::text, x::int', []],
  ["select ':a', $$:b$$, E'\\':c', \":d\" -- :e\n/* :f $2 */", []],
  ['select f(x := 1, y => :y)', ['y']],
  ['select a[1:2], a[i:j], a[1:n], a[f(1):n], a[i : j]', []],
  ['select a[:i], array[:a, :b], a[:lo::int]', ['i', 'a', 'b', 'lo']],
  ["select json_object('k':v), json_object(k:v)", []],
  ["select json_object('k': :v)", ['v']],
  ['where a =:a and b=:b::date and c between :c and :d', ['a', 'b', 'c', 'd']],
  ['where x in (:ids) and :x', ['ids', 'x']],
  ['select : a', []],
  ['select :größe, :_x1$', ['größe', '_x1$']],
  ['select $1, $10, $01', ['1', '10', '1']],
  ['select $1a', []],
])('%s', (text, names) => {
  expect(parameterPlaces(text).map(({ name }) => name)).toEqual(names);
});

const bound = (text: string, values: Parameters<typeof bindParameters>[2]) =>
  bindParameters(text, parameterPlaces(text), values);
const value = (text: string) => ({ kind: 'value', text }) as const;

test('each name is one number, and the text keeps the rest as it is', () => {
  const text = 'select :b + :a /* :a */ + :b + $1';
  expect(bound(text, { a: value('1'), b: value("2'; drop table x"), 1: { kind: 'null' } })).toMatchObject({
    text: 'select $1 + $2 /* :a */ + $1 + $3',
    values: ["2'; drop table x", '1', null],
  });
  expect(bound('select 1', {})).toBeNull();
  expect(() => bound('select :constructor', {})).toThrow(MissingParameter);
});

test('a list fills an IN and is an array elsewhere', () => {
  const ids: ParameterValue = { kind: 'list', items: ['1', 'a"\\', null] };
  expect(bound('where x in (:ids) and y = any(:ids) and z in (:ids, 4)', { ids })).toMatchObject({
    text: 'where x in ($1, $2, $3) and y = any($4) and z in ($4, 4)',
    values: ['1', 'a"\\', null, '{"1","a\\"\\\\",NULL}'],
  });
  expect(bound('x in (:ids)', { ids: { kind: 'list', items: [] } })).toMatchObject({ values: [null] });
  expect(arrayLiteral([])).toBe('{}');
});

test('a place in what was sent is one in what was written', () => {
  const text = 'select :first_name, :x, nonsense';
  const made = bound(text, { first_name: value('a'), x: value('b') });
  const at = made?.text.indexOf('nonsense') ?? 0;
  const range = writtenRange({ from: at, to: at + 8 }, made?.replaced ?? []);
  expect(text.slice(range.from, range.to)).toBe('nonsense');
  const first = writtenRange({ from: 7, to: 9 }, made?.replaced ?? []);
  expect(text.slice(first.from, first.to)).toBe(':first_name');
  expect(writtenRange({ from: 0, to: 6 }, made?.replaced ?? [])).toEqual({ from: 0, to: 6 });
});
