import { describe, expect, it } from 'vitest';
import { colourLine, firstLine, type LineState, sameState } from './sql-line.ts';

/** Every piece of the text with its colour, white space left out. */
function coloured(text: string): string[] {
  let state: LineState = firstLine;
  return text.split('\n').flatMap((line) => {
    const { tokens, after } = colourLine(line, state);
    state = after;
    return tokens.flatMap(({ from, colour }, index) => {
      const shown = line.slice(from, tokens[index + 1]?.from ?? line.length).trim();
      return shown === '' ? [] : [`${colour} ${shown}`];
    });
  });
}

describe('colourLine', () => {
  it('tells words apart', () => {
    expect(coloured('select t.select, "a" as id, x::numeric, $1 from t -- c')).toEqual([
      ...[
        'keyword select',
        'identifier t',
        'delimiter .',
        'identifier select',
        'delimiter ,',
        'quoted "a"',
        'keyword as',
      ],
      ...['identifier id', 'delimiter ,', 'identifier x', 'delimiter ::', 'type numeric', 'delimiter ,', 'param $1'],
      ...['keyword from', 'identifier t', 'comment -- c'],
    ]);
  });

  it('carries comments, strings and their continuations over lines', () => {
    expect(coloured('/* a /* b\n*/ c\n*/ 1')).toEqual(['comment /* a /* b', 'comment */ c', 'comment */', 'number 1']);
    expect(coloured("E'a\n\\'b' 1")).toEqual(["string E'a", "string \\'b'", 'number 1']);
    expect(coloured("E'a'\n-- x\n'\\'b'")).toEqual(["string E'a'", 'comment -- x', "string '\\'b'"]);
  });

  it('colours the body of a function, over lines, up to its own tag', () => {
    expect(
      coloured('create function f() returns int\nas $x$\nbegin return $$;$$; -- c\nend $x$ language sql;'),
    ).toEqual([
      ...[
        'keyword create',
        'keyword function',
        'identifier f',
        'delimiter (',
        'delimiter )',
        'keyword returns',
        'type int',
      ],
      ...['keyword as', 'delimiter $x$'],
      ...['keyword begin', 'keyword return', 'string $$;$$', 'delimiter ;', 'comment -- c'],
      ...['keyword end', 'delimiter $x$', 'keyword language', 'identifier sql', 'delimiter ;'],
    ]);
  });

  it.each([
    ['do $$ begin null; end $$', 'keyword begin'],
    ['do language plpgsql $$ begin null; end $$', 'keyword begin'],
    ['create function f() language sql as $$ select 1 $$', 'keyword select'],
    ['select $$ begin $$', 'string $$ begin $$'],
    ['create table t as select $$ begin $$', 'string $$ begin $$'],
    ['create view v as\n/* c */\nselect $$ begin $$', 'string $$ begin $$'],
    ['do $$ a $$; select $$ begin $$', 'string $$ begin $$'],
    ['comment on function f() is $$ begin $$', 'string $$ begin $$'],
  ])('tells bodies from strings: %s', (text, piece) => expect(coloured(text)).toContain(piece));

  it('goes on inside an unfinished string in a body, and ends it with the body', () => {
    expect(coloured("do $$ select 'a\nb\n$$; select 1")).toEqual([
      ...['keyword do', 'delimiter $$', 'keyword select', "string 'a"],
      'string b',
      ...['delimiter $$', 'delimiter ;', 'keyword select', 'number 1'],
    ]);
  });

  it('knows when the next line need not be looked at again', () => {
    const left = (line: string) => colourLine(line, firstLine).after;
    expect(sameState(left('select 1'), left('select 2;'))).toBe(true);
    expect(sameState(left('/* a'), left('/* b'))).toBe(true);
    expect(sameState(left('/* a'), left('/* /* a'))).toBe(false);
    expect(sameState(left('do $a$ x'), left('do $b$ x'))).toBe(false);
    expect(sameState(left('create function f() as'), left('create function f()'))).toBe(false);
  });
});
