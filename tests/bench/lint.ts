/** Checking while typing: a script of 200 KB at once, a change in it, and the longest that the page would be held up. */
import { parseStatement } from '../../electron/features/lint/parse-statement.ts';
import type { ParsedStatement } from '../../shared/api/lint.ts';
import { Catalog } from '../../shared/complete/catalog.ts';
import { ScriptCheck } from '../../shared/lint/check.ts';
import { piecesOf } from '../../shared/lint/pieces.ts';

const rounds = 15;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** A catalog with the tables that the script speaks of, packed as the server packs them. */
function smallCatalog(): Catalog {
  const catalog = new Catalog({
    kind: 'begin',
    stamp: '1',
    readAtMs: 0,
    versionNum: 180000,
    database: 'd',
    user: 'u',
    searchPath: ['public'],
  });
  catalog.take({ kind: 'pack', section: 'schemas', text: '1\tpublic\t' });
  catalog.take({
    kind: 'pack',
    section: 'columnTypes',
    text: '20\t-1\tbigint\n25\t-1\ttext\n1184\t-1\ttimestamp with time zone',
  });
  const lines = Array.from(
    { length: 200 },
    (_, at) => `${100 + at}\t1\tt${at}\tr\t500000\t0\t\t0\t1 20 3 id\u007f2 25 0 note\u007f3 1184 0 at\t`,
  );
  catalog.take({ kind: 'pack', section: 'relations', text: lines.join('\n') });
  return catalog;
}

const statement = (n: number): string =>
  `select a.id, b.note, (select count(*) from t${(n + 2) % 200} c where c.id = a.id) as n from t${n % 200} a\n` +
  `join t${(n + 1) % 200} b on b.id = a.id where a.at >= '2024-01-01' and b.note like '%ö${n}' order by 1 limit 10;\n`;

export async function run() {
  const catalog = smallCatalog();
  let text = '';
  for (let n = 0; text.length < 200_000; n++) text += statement(n);
  const cut: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    piecesOf(text);
    cut.push(performance.now() - began);
  }
  const pieces = piecesOf(text);
  const parsed: ParsedStatement[] = [];
  const parseTimes: number[] = [];
  for (const { from, to } of pieces) {
    const began = performance.now();
    parsed.push(await parseStatement(text.slice(from, to)));
    parseTimes.push(performance.now() - began);
  }
  const whole: number[] = [];
  let longest = 0;
  for (let round = 0; round < rounds; round++) {
    const check = new ScriptCheck({ catalog, off: new Set() });
    const began = performance.now();
    for (const [index, { from, to }] of pieces.entries()) {
      const one = performance.now();
      check.next(text.slice(from, to), parsed[index] as ParsedStatement);
      if (round > 2) longest = Math.max(longest, performance.now() - one);
    }
    whole.push(performance.now() - began);
  }
  const parse = median(parseTimes);
  const all = median(whole);
  const split = median(cut);
  return [
    { name: 'statements in 200 KB', value: pieces.length, unit: '' },
    { name: 'cut into statements, in the page', value: split, unit: 'ms', bar: 100, ok: split < 100 },
    { name: 'one statement parsed, in the backend', value: parse, unit: 'ms', bar: 10, ok: parse < 10 },
    { name: 'all of them checked, in the page, in turns', value: all, unit: 'ms', bar: 1000, ok: all < 1000 },
    {
      name: 'longest turn of the page',
      value: Math.max(split, longest + 8),
      unit: 'ms',
      bar: 100,
      ok: Math.max(split, longest + 8) < 100,
    },
  ];
}
