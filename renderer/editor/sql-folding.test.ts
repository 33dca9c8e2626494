import { expect, it } from 'vitest';
import { foldsOf } from './sql-folding.ts';

/** The lines that each fold of several lines spans, 1-based. */
function foldedLines(text: string): string[] {
  const line = (offset: number) => text.slice(0, offset).split('\n').length;
  const found = foldsOf(text).map(({ from, to }) => [line(from), line(to)] as const);
  return [...new Set(found.filter(([from, to]) => to > from).map(([from, to]) => `${from}-${to}`))].sort();
}

it.each([
  ['one line', 'select (1); /* a */', []],
  ['statements and brackets', 'select\n(\n1\n);\nselect 2', ['1-4', '2-4']],
  ['block comments', '/* a\nb */\nselect 1', ['1-2', '1-3']],
  ['strings', "select 'a\nb', 1", ['1-2']],
  ['CASE', 'select case\nwhen a then b\nend\nfrom t', ['1-3', '1-4']],
  ['BEGIN of a transaction opens nothing', 'begin;\nselect 1;\nend;', []],
  ['BEGIN ATOMIC', 'create function f() returns int\nbegin atomic\nselect 1;\nend;', ['1-4', '2-4']],
  ['bodies', 'do $$\nbegin\nif a then\nb;\nend if;\nloop\nc;\nend loop;\nend\n$$;', ['1-10', '2-9', '3-5', '6-8']],
  ['IF EXISTS opens nothing', 'do $$\nbegin\ndrop table if exists t;\nend\n$$', ['1-5', '2-4']],
  ['unfinished text', 'select (\n1;\nselect [', ['1-3']],
])('%s', (_, text, expected) => expect(foldedLines(text)).toEqual(expected));
