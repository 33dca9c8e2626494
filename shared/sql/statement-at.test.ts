import { describe, expect, it } from 'vitest';
import { placeInWords, placeOf } from './place.ts';
import { splitSql } from './split.ts';
import { statementAt, statementBefore } from './statement-at.ts';

describe('statementBefore', () => {
  // The caret is the bar, ! where the text is refused.
  it.each([
    ['sel|ect 1;\n!\\d', 'select 1;'],
    ['select 1; |\n!\\d', 'select 1;'],
    ['select 1;\n|\n!\\d', null],
    ['select 1;\n!\\d|', null],
    ['select 1; !\\d|', null],
    ['|!\\d', null],
  ])('%s', (marked, expected) => {
    const refusedAt = marked.replace('|', '').indexOf('!');
    const caret = marked.replace('!', '').indexOf('|');
    const text = marked.replace(/[|!]/g, '');
    const found = statementBefore(text, splitSql(text.slice(0, refusedAt)), caret, refusedAt);
    expect(found && text.slice(found.from, found.to)).toBe(expected);
  });
});

describe('statementAt', () => {
  // The caret is the bar.
  it.each([
    ['|select 1; select 2', 'select 1;'],
    ['sel|ect 1; select 2', 'select 1;'],
    ['select 1|; select 2', 'select 1;'],
    ['select 1;| select 2', 'select 1;'],
    ['select 1;  |  select 2', 'select 1;'],
    ['select 1; |select 2', 'select 2'],
    ['select 1;|select 2', 'select 2'],
    ['select 1; select 2|', 'select 2'],
    ['select 1; -- c|omment\nselect 2', 'select 1;'],
    ['select 1;\n|\nselect 2', 'select 2'],
    ['select 1;\n-- about |two\nselect 2', 'select 2'],
    ['select 1;\n  |  select 2', 'select 2'],
    ['select 1;\r|select 2', 'select 2'],
    ['select 1;\n\n\n|', 'select 1;'],
    ['  |\n\nselect 1', 'select 1'],
    ['/* h|int */ select 1', '/* hint */ select 1'],
    ['select 1;;|; select 2', 'select 1;'],
    ["select '\n|\n'; select 2", "select '\n\n';"],
    [
      'create rule r as on insert to t do also (select 1;| select 2); select 3',
      'create rule r as on insert to t do also (select 1; select 2);',
    ],
    ['|', null],
    ['-- no|thing', null],
  ])('%j', (marked, expected) => {
    const caret = marked.indexOf('|');
    const text = marked.replace('|', '');
    const found = statementAt(text, splitSql(text), caret);
    expect(found && text.slice(found.from, found.to)).toBe(expected);
  });
});

describe('placeOf', () => {
  it.each([
    ['ab', 1, 1, 2],
    ['a\nb', 2, 2, 1],
    ['a\r\nb', 3, 2, 1],
    ['a\rb', 2, 2, 1],
    ['a\n\n\nb', 4, 4, 1],
    ['😀x', 2, 1, 3],
    ['a\n', 1, 1, 2],
  ])('%j at %i', (text, offset, line, column) => expect(placeOf(text, offset)).toEqual({ line, column }));

  it('says it in words', () => expect(placeInWords('a\nbc', 3)).toBe('line 2, column 2'));
});
