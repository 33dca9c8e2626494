/** What quote.ts writes is read back by real servers unchanged, and quotes names exactly where they would. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  columnNameKeywords,
  reservedKeywords,
  typeFunctionKeywords,
  unreservedKeywords,
} from '../../shared/sql/keywords.ts';
import { identifier, quoteIdentifier, quoteLiteral } from '../../shared/sql/quote.ts';
import { fc } from '../fixtures/properties.ts';
import { type Major, majors, startServer, type TestServer } from './servers.ts';

const nasty = [
  '',
  "'",
  "''",
  '"',
  '\\',
  "\\'",
  "'\\",
  '\n',
  '\r',
  '\t',
  '$$',
  '$a$',
  '--',
  '/*',
  ';',
  '%s',
  ':x',
  '\u202e',
  '😀',
  'ß',
  '́',
];
const nastyNames = [
  "x'); drop table canary;--",
  '__proto__',
  'constructor',
  '<img onerror=alert(1)>',
  'é'.repeat(31),
  '€'.repeat(21),
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...nasty, ...nastyNames), fc.string({ unit: 'binary' }), fc.string()), {
    maxLength: 6,
  })
  .map((parts) => parts.join('').replaceAll('\0', ''))
  .filter((value) => value.isWellFormed());
const sample = (count: number, seed: number): string[] => [
  ...nasty,
  ...nastyNames,
  ...fc.sample(text, { numRuns: count, seed }),
];

function* chunks(values: readonly string[], size: number): Generator<string[]> {
  for (let at = 0; at < values.length; at += size) yield values.slice(at, at + size);
}

describe.each(majors)('PostgreSQL %i', (major: Major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
    await server.query('create table canary ()');
  });
  afterAll(() => server?.stop());

  it.each(['on', 'off'])('reads 12,000 literals back, standard_conforming_strings %s', async (setting) => {
    await server.query(`set standard_conforming_strings = ${setting}`);
    const literals = sample(12_000, major);
    expect(literals.length).toBeGreaterThan(12_000);
    for (const values of chunks(literals, 1000)) {
      const [row] = await server.query(`select to_json(array[${values.map(quoteLiteral).join(',')}]::text[]) as back`);
      expect(row?.back).toEqual(values);
    }
    await server.query('set standard_conforming_strings = on');
  });

  it('reads 2,000 names back', async () => {
    const fits = (name: string) => name !== '' && Buffer.byteLength(name) <= 63;
    for (const names of chunks(
      sample(4000, major)
        .filter(fits)
        .filter((name) => name !== 'the_row')
        .slice(0, 2000),
      500,
    )) {
      const columns = names.map((name) => `1 as ${quoteIdentifier(name)}`).join(',');
      const rows = await server.query(
        `select json_object_keys(to_json(the_row)) as name from (select ${columns}) the_row`,
      );
      expect(rows.map((row) => row.name)).toEqual(names);
    }
    await server.query('select * from canary');
  });

  it('quotes names where quote_ident() does', async () => {
    const words = [...reservedKeywords, ...typeFunctionKeywords, ...columnNameKeywords, ...unreservedKeywords];
    const names = [...words, ...sample(1000, major), 'a1', '_', 'a$', 'Ab', '1a'].filter((name) => name !== '');
    const [row] = await server.query(
      'select json_agg(quote_ident(name) order by at) as quoted from unnest($1::text[]) with ordinality t (name, at)',
      [names],
    );
    const quoted: string[] = row?.quoted;
    // A word that only a newer version reserves is quoted too: the text may be kept and run there.
    const differs = names.filter((name, at) => identifier(name) !== quoted[at]);
    expect(differs.filter((name) => identifier(name) !== quoteIdentifier(name))).toEqual([]);
    expect(differs.every((name) => words.includes(name))).toBe(true);
    if (major === 18) expect(differs).toEqual([]);
  });

  it('knows every keyword', async () => {
    const rows = await server.query('select word, catcode from pg_get_keywords()');
    const unknown = rows.filter(
      ({ word, catcode }) =>
        ![...reservedKeywords, ...typeFunctionKeywords, ...columnNameKeywords].includes(word) && catcode !== 'U',
    );
    expect(unknown).toEqual([]);
  });
});
