import { describe, expect, it } from 'vitest';
import { splitScript } from './split-script.ts';

const split = async (text: string): Promise<string[]> =>
  (await splitScript(text)).map(({ from, to, command }) => `${command}: ${text.slice(from, to)}`);

const inserts = (characters: number): string => {
  let text = '';
  for (let i = 0; text.length < characters; i++) text += `insert into t${i} (a, b) values (${i}, 'ö;${i}');\n`;
  return text;
};

describe('splitScript', () => {
  it('names each statement by the parser, and what it rejects unknown', async () => {
    expect(await split("select 1; selec 2; begin; create table t (a int); copy t to '/x'")).toEqual([
      'select: select 1;',
      'unknown: selec 2;',
      'begin: begin;',
      'create table: create table t (a int);',
      "copy: copy t to '/x'",
    ]);
  });

  it('counts in UTF-16 code units', async () => {
    expect(await split("select '😀ü名'; select \"€\" ; selec '😀'; select 2")).toEqual([
      "select: select '😀ü名';",
      'select: select "€" ;',
      "unknown: selec '😀';",
      'select: select 2',
    ]);
  });

  it('takes parameters as values', async () => {
    expect(
      await split('select :a from t where b in (:bs); update t set c = :c; selec :a; set x = :y; select $1'),
    ).toEqual([
      'select: select :a from t where b in (:bs);',
      'update: update t set c = :c;',
      'unknown: selec :a;',
      'set: set x = :y;',
      'select: select $1',
    ]);
  });

  it.each([
    ['select 1;\n\\d t', '\\d is a psql command, which the server does not know (line 2, column 1)'],
    [
      "select 1 as a;\nselect :'a'",
      ":'a' is a variable of psql, which the server does not know: write its value, or :name to be asked for it (line 2, column 8)",
    ],
    ['select 1\0', 'The text contains the character NUL, which PostgreSQL cannot receive (line 1, column 9)'],
    ["select '\udc00'", 'The text contains half of a surrogate pair, which is not valid Unicode (line 1, column 9)'],
  ])('refuses %j, saying where', async (text, message) => {
    await expect(split(text)).rejects.toMatchObject({ failure: { kind: 'invalid', field: 'text', message } });
  });

  it('refuses where the parser ends a statement elsewhere', async () => {
    // Two labels called "end": by the grammar the body goes on, and nothing tells our reader.
    const text = 'create function f() returns int begin atomic select 1; select 2 end; select 3; begin; end; select 4';
    await expect(split(text)).rejects.toThrow(/may end here.*line 1, column 68/);
  });

  it('splits 2 MB and lets others have their turn', async () => {
    const text = inserts(2_000_000);
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    const statements = await splitScript(text);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(2);
    const last = statements.at(-1);
    expect(text.slice(last?.from, last?.to)).toBe(text.trimEnd().split('\n').at(-1));
  });

  it('finds the one rejected statement among many', async () => {
    const statements = await splitScript(`${inserts(200_000)}selec 1;${inserts(200_000)}`);
    expect(statements.filter(({ command }) => command !== 'insert')).toHaveLength(1);
  });

  it('takes a line of two million characters', async () => {
    expect((await split(`select '${'x'.repeat(2_000_000)}'; select 2`))[1]).toBe('select: select 2');
  });

  it.each([
    ['parentheses', (n: number) => `${'('.repeat(n)}1${')'.repeat(n)}`],
    ['operators', (n: number) => `1${'+1'.repeat(n)}`],
    ['CASEs', (n: number) => `${'case when true then '.repeat(n)}1${' end'.repeat(n)}`],
    ['subqueries', (n: number) => `${'(select '.repeat(n)}1${')'.repeat(n)}`],
  ])('survives 60,000 nested %s, and parses well after it', async (_, nested) => {
    const text = `select ${nested(60_000)}; select 2`;
    const statements = await splitScript(text);
    expect(statements.map(({ from, to }) => [from, to])).toEqual([
      [0, text.length - 9],
      [text.length - 8, text.length],
    ]);
    expect(statements[1]?.command).toBe('select');
    expect(await split('select 3')).toEqual(['select: select 3']);
  });
});
