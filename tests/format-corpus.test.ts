/** Formatting: what it makes of a corpus is looked at once and then held, and it never changes what a statement means. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { formatText, formatted } from '../electron/features/lint/format-text.ts';
import { type PostgresParser, postgresParser } from '../electron/postgres/parser/postgres-parser.ts';
import { formatStatement } from '../shared/format/format.ts';
import { sameTokens } from '../shared/format/same.ts';
import { defaultStyle, type FormatStyle, shapes } from '../shared/format/style.ts';
import { piecesOf } from '../shared/lint/pieces.ts';
import { lintCases, validStatements } from './fixtures/lint/cases.ts';

const folder = join(import.meta.dirname, 'fixtures', 'format');
const looked = readFileSync(join(folder, 'statements.sql'), 'utf8');
/** Each shape in other respects too, so that every setting is looked at. */
const styles: Readonly<Record<(typeof shapes)[number], FormatStyle>> = {
  compact: defaultStyle,
  expanded: { ...defaultStyle, shape: 'expanded', keywords: 'upper', indentWidth: 4 },
  river: { ...defaultStyle, shape: 'river', commas: 'before', lineWidth: 80 },
};
let parser: PostgresParser;
beforeAll(async () => {
  parser = await postgresParser();
});

const statementsOf = (text: string): string[] => piecesOf(text).map(({ from, to }) => text.slice(from, to));

function corpus(): string[] {
  const sample = join(import.meta.dirname, '..', 'resources', 'sample');
  const files = readdirSync(sample).filter((name) => name.endsWith('.sql'));
  const shipped = files.flatMap((name) => statementsOf(readFileSync(join(sample, name), 'utf8')));
  const short = shipped.filter((statement) => statement.length < 20_000);
  return [...statementsOf(looked), ...validStatements, ...lintCases.map(({ sql }) => sql), ...short].filter(
    (statement) => parser.parse(statement).kind === 'parsed',
  );
}

describe('the corpus', () => {
  test.each(shapes)('%s, as it was looked at', async (shape) => {
    expect(statementsOf(looked).length).toBeGreaterThanOrEqual(60);
    const { edits } = await formatText({ text: looked, style: styles[shape] });
    const written = edits
      .toSorted((a, b) => b.from - a.from)
      .reduce((text, { from, to, text: into }) => text.slice(0, from) + into + text.slice(to), looked);
    await expect(written).toMatchFileSnapshot(join(folder, `expected-${shape}.sql`));
  });

  test('the fingerprint, every token and every comment stay, and what is formatted stays as it is', () => {
    const statements = corpus();
    expect(statements.length).toBeGreaterThanOrEqual(600);
    const wrong: string[] = [];
    for (const statement of statements)
      for (const shape of shapes) {
        const style = styles[shape];
        const { after, why } = formatted(parser, statement, style);
        if (why !== null || !sameTokens(statement, after)) wrong.push(`${shape}: ${why}: ${statement.slice(0, 200)}`);
        else if (formatStatement(after, style) !== after)
          wrong.push(`${shape}, not stable: ${statement.slice(0, 200)}`);
      }
    expect(wrong).toEqual([]);
  });
});

describe('what is left alone', () => {
  test('a statement that PostgreSQL cannot read; the others are formatted', async () => {
    const text = 'select a,b from t;\nselct 1;\nselect c,d from t';
    const { edits, refused } = await formatText({ text, style: defaultStyle });
    expect(edits.map((edit) => edit.text)).toEqual(['select a, b from t;', 'select c, d from t']);
    expect(refused).toEqual([expect.objectContaining({ from: 19, why: expect.stringContaining('cannot read') })]);
  });
  test('bodies of functions, data, and what is outside of the range', async () => {
    const body = 'create function f() returns int language plpgsql as $$ begin   return 1; end $$';
    expect(formatStatement(body, defaultStyle)).toBe(body);
    const { edits } = await formatText({
      text: 'select  1;\nselect  2;',
      style: defaultStyle,
      within: { from: 12, to: 12 },
    });
    expect(edits).toEqual([{ from: 11, to: 21, text: 'select 2;' }]);
  });
  test('a statement behind another gets a line of its own', async () => {
    const { edits } = await formatText({ text: 'select 1;   select 2', style: defaultStyle });
    expect(edits).toEqual([{ from: 9, to: 20, text: '\nselect 2' }]);
  });
});

test('tokens are told apart, comments too', () => {
  expect(sameTokens('select A, b', 'SELECT a ,B')).toBe(true);
  expect(sameTokens("select 'A'", "select 'a'")).toBe(false);
  expect(sameTokens('select - -1', 'select --1')).toBe(false);
  expect(sameTokens('select 1 -- x', 'select 1')).toBe(false);
  expect(sameTokens('select "A"', 'select "a"')).toBe(false);
});
