import { expect, test } from 'vitest';
import { coloured } from './sql-pieces.ts';

test('pieces join to the text and know keywords, strings, comments and numbers', () => {
  const text = `CREATE TABLE shop.name (id int DEFAULT 7, "select" text); -- it's\nselect $a$ -- no $a$, E'\\''`;
  const pieces = coloured(text);
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  const of = (look: string) => pieces.filter((piece) => piece.look === look).map((piece) => piece.text);
  expect(of('keyword')).toEqual(['CREATE', 'TABLE', 'int', 'DEFAULT', 'select']);
  expect(of('string')).toEqual(['$a$ -- no $a$', `E'\\''`]);
  expect(of('comment')).toEqual(["-- it's"]);
  expect(of('number')).toEqual(['7']);
});

test('a very long text is one piece', () => {
  expect(coloured('select 1;'.repeat(50_000))).toHaveLength(1);
});
