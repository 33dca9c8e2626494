/** Looking for a value in every table: only in columns that could hold it, each table bounded in time and rows. */
import { failure } from '../../../shared/api/base.ts';
import type { FindEvent } from '../../../shared/api/data.ts';
import { failureOf } from '../../../shared/failure.ts';
import { identifier, quoteLiteral } from '../../../shared/sql/quote.ts';
import { type PlaceRow, searchablePlaces } from './relation.sql.ts';
import { type Reading, RowsSql, readRows } from './rows.ts';

/** For each table. */
const timeoutMs = 10_000;
const mostCounted = 100;
const longestSample = 120;

const wholeNumber = /^[+-]?\d{1,40}$/;
const anyNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const uuid = /^\{?[0-9a-f]{4}(-?[0-9a-f]{4}){7}\}?$/i;
const day = /^\d{4,}-\d{2}-\d{2}/;
const ranges: Readonly<Record<string, bigint>> = {
  int2: 32_767n,
  int4: 2_147_483_647n,
  int8: 9_223_372_036_854_775_807n,
};

/** Whether a column of the type could hold what was typed: asking the others would only cost time. */
export function couldHold(text: string, type: string, category: string): boolean {
  const bound = ranges[type];
  if (bound !== undefined) {
    if (!wholeNumber.test(text)) return false;
    const value = BigInt(text.replace(/^\+/, ''));
    return value <= bound && value >= -bound - 1n;
  }
  if (type === 'numeric' || type === 'float4' || type === 'float8') return anyNumber.test(text);
  if (type === 'uuid') return uuid.test(text);
  if (type === 'date' || type === 'timestamp' || type === 'timestamptz') return day.test(text);
  return category === 'S';
}

export async function* findValue(
  source: Reading,
  input: { readonly text: string; readonly how: 'equals' | 'contains' },
  signal?: AbortSignal,
): AsyncGenerator<FindEvent, void, void> {
  const places = await source.ask(searchablePlaces, [], { signal });
  for (const [done, place] of places.entries()) {
    if (signal?.aborted) return;
    yield { kind: 'progress', done, of: places.length, table: `${place.schema}.${place.name}` };
    const looked = place.columns.flatMap((name, at) => {
      const [type, category] = [place.types[at] ?? '', place.categories[at] ?? ''];
      const wanted = input.how === 'contains' ? category === 'S' : couldHold(input.text, type, category);
      return wanted ? [{ name }] : [];
    });
    if (looked.length === 0) continue;
    try {
      yield* hitsIn(place, await lookIn(source, place, looked, input, signal), input);
    } catch (thrown) {
      if (signal?.aborted) return;
      const told = failure.safeParse(failureOf(thrown));
      if (told.success) yield { kind: 'skipped', schema: place.schema, name: place.name, failure: told.data };
    }
  }
  yield { kind: 'progress', done: places.length, of: places.length, table: '' };
}

interface Looked {
  readonly name: string;
}

interface Hit extends Looked {
  readonly rows: number;
  readonly sample: string;
}

async function lookIn(
  source: Reading,
  place: PlaceRow,
  looked: readonly Looked[],
  { text, how }: { readonly text: string; readonly how: 'equals' | 'contains' },
  signal?: AbortSignal,
): Promise<Hit[]> {
  const sql = new RowsSql();
  // One pass over the table: a row that passes says in which column it did.
  sql.add('/* howdah:data.find */ select ').list(looked, ({ name }) => {
    sql.add('left(').name(name).add(`::text, ${longestSample})`);
  });
  for (const one of looked) {
    sql.add(', (');
    addMatch(sql, one, text, how);
    sql.add(')');
  }
  sql.add(' from ').relation(place.schema, place.name).add(' where ');
  sql.list(looked, (one) => addMatch(sql, one, text, how), ' or ');
  sql.add(` limit ${mostCounted + 1}`);
  const { rows } = await readRows(source, sql, signal, timeoutMs);
  return looked.flatMap((one, at): Hit[] => {
    const hits = rows.filter((row) => row[looked.length + at] === 't');
    return hits.length === 0 ? [] : [{ ...one, rows: hits.length, sample: hits[0]?.[at] ?? '' }];
  });
}

function addMatch(sql: RowsSql, { name }: Looked, text: string, how: 'equals' | 'contains'): void {
  if (how === 'equals') {
    sql.name(name).add(' = ').value(text);
    return;
  }
  sql.add('position(lower(').value(text).add('::text) in lower(').name(name).add('::text)) > 0');
}

function* hitsIn(
  place: PlaceRow,
  hits: readonly Hit[],
  { text, how }: { readonly text: string; readonly how: 'equals' | 'contains' },
): Generator<FindEvent> {
  for (const hit of hits) {
    const { oid, kind, schema, name } = place;
    const column = identifier(hit.name);
    const where =
      how === 'equals'
        ? `${column} = ${quoteLiteral(text)}`
        : `position(lower(${quoteLiteral(text)}) in lower(${column}::text)) > 0`;
    const { rows, sample } = hit;
    yield {
      ...{ kind: 'hit', oid, relationKind: kind, schema, name, column: hit.name, sample, where },
      rows: Math.min(rows, mostCounted),
      more: rows > mostCounted,
    } as FindEvent;
  }
}
