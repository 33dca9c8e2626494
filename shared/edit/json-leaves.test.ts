import { describe, expect, it } from 'vitest';
import { applied, jsonLeaves, jsonOf, withEntry, withoutEntry } from './json-leaves.ts';

const text = '{"a": 1.00,  "b": [true, {"c": "x\\"]"}, 12345678901234567890], "a": null, "e": {}}';
const leaf = (of: string, ...path: (string | number)[]) => {
  const found = jsonLeaves(of)?.find((each) => JSON.stringify(each.path) === JSON.stringify(path));
  if (!found) throw new Error(`nothing at ${path.join('/')}`);
  return found;
};

describe('JSON in its own words', () => {
  it('finds every value where it stands', () => {
    const found = jsonLeaves(text)?.map(({ path, kind, from, to, size }) => [
      path.join('/'),
      kind,
      text.slice(from, to),
      size,
    ]);
    expect(found).toEqual([
      ['', 'object', text, 4],
      ['a', 'number', '1.00', 0],
      ['b', 'array', '[true, {"c": "x\\"]"}, 12345678901234567890]', 3],
      ['b/0', 'boolean', 'true', 0],
      ['b/1', 'object', '{"c": "x\\"]"}', 1],
      ['b/1/c', 'string', '"x\\"]"', 0],
      ['b/2', 'number', '12345678901234567890', 0],
      ['a', 'null', 'null', 0],
      ['e', 'object', '{}', 0],
    ]);
    expect(jsonLeaves('{"a": }')).toBeNull();
    expect(jsonLeaves(' 7 ')).toMatchObject([{ kind: 'number', from: 1, to: 2 }]);
  });

  it('changes one value and no other character', () => {
    const { from, to } = leaf(text, 'b', 1, 'c');
    expect(applied(text, { from, to, text: '"y"' })).toBe(text.replace('"x\\"]"', '"y"'));
  });

  it('takes entries out, first, last and only one', () => {
    expect(withoutEntry('{"a": 1, "b": 2}', leaf('{"a": 1, "b": 2}', 'a'))).toBe('{"b": 2}');
    expect(withoutEntry('{"a": 1, "b": 2}', leaf('{"a": 1, "b": 2}', 'b'))).toBe('{"a": 1}');
    expect(withoutEntry('[ 1 ]', leaf('[ 1 ]', 0))).toBe('[  ]');
    expect(withoutEntry('[1,2,3]', leaf('[1,2,3]', 2))).toBe('[1,2]');
  });

  it('puts entries in at the end', () => {
    expect(withEntry(text, leaf(text, 'e'), 'k"', '1')).toBe(text.replace('{}', '{"k\\"": 1}'));
    expect(withEntry('[1 ]', leaf('[1 ]'), '', 'null')).toBe('[1, null]');
    expect(withEntry('{"a": [ ]}', leaf('{"a": [ ]}', 'a'), '', '"x"')).toBe('{"a": ["x"]}');
  });

  it('writes what was typed as JSON, or says that it is none', () => {
    expect(jsonOf('string', 'a"b\n')).toBe('"a\\"b\\n"');
    expect(jsonOf('number', ' 1e400 ')).toBe('1e400');
    expect(jsonOf('number', '01')).toBeNull();
    expect(jsonOf('boolean', 'yes')).toBeNull();
  });
});
