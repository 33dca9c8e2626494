/** Over a corpus of tricky scripts: the statements, and the one at every caret, are what the server would see. */
import { expect, it } from 'vitest';
import { splitScript } from '../electron/postgres/parser/split-script.ts';
import { splitSql } from '../shared/sql/split.ts';
import { statementAt } from '../shared/sql/statement-at.ts';
import { corpus } from './fixtures/split/corpus.ts';

it('holds at least 500 scripts', () =>
  expect(new Set(corpus.map(({ text }) => text)).size).toBeGreaterThanOrEqual(500));

it.each(corpus)('$name: $text', async ({ text, statements, standardConformingStrings }) => {
  if (statements === null) {
    await expect(splitScript(text)).rejects.toMatchObject({ failure: { kind: 'invalid', field: 'text' } });
    await expect(splitScript(text)).rejects.toThrow(/\(line \d+, column \d+\)$/);
    return;
  }
  const split = await splitScript(text, { standardConformingStrings });
  expect(split.map(({ from, to }) => withoutHint(text.slice(from, to)))).toEqual(statements.map(withoutHint));
  const shown = splitSql(text, { standardConformingStrings, lenient: true });
  expect(shown.map(({ from, to }) => [from, to])).toEqual(split.map(({ from, to }) => [from, to]));
  for (const statement of split) {
    for (const caret of [statement.from, (statement.from + statement.to) >> 1, statement.to - 1]) {
      expect(statementAt(text, split, caret)).toBe(statement);
    }
  }
});

/** A block comment of the gap before it travels with the statement; the expectations leave it out. */
function withoutHint(statement: string): string {
  let rest = statement;
  for (;;) {
    const comment = /^(\s+|--[^\n\r]*|\/\*)/.exec(rest)?.[0];
    if (comment === undefined) return rest;
    rest = rest.slice(comment === '/*' ? endOfComment(rest) : comment.length);
  }
}

function endOfComment(text: string): number {
  let depth = 0;
  for (const found of text.matchAll(/\/\*|\*\//g)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return found.index + 2;
  }
  return text.length;
}
