/** Which keys the values of a JSON column have: of the first rows that come, which is what a person would look at. */
import type { JsonKey } from '../../../shared/complete/look/json-place.ts';
import { failureOf } from '../../../shared/failure.ts';
import { identifier } from '../../../shared/sql/quote.ts';
import type { Source } from '../../postgres/source.ts';

const rowsLookedAt = 200;
const mostKeys = 200;
/** A longer value would have to be fetched whole for a few keys of it. */
const longestValueBytes = 100_000;
const timeoutMs = 1_000;

export interface JsonColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  /** Keys, and places in arrays, that lead to the object. */
  readonly under: readonly string[];
}

/** Nothing where the role may not read the table, the value is no JSON, or it takes too long: it is a help, no answer. */
export async function readJsonKeys(
  source: Pick<Source, 'read'>,
  { schema, table, column, under }: JsonColumn,
  signal?: AbortSignal,
): Promise<JsonKey[]> {
  const name = identifier(column);
  const text = `select k.key, min(jsonb_typeof(k.value)), (count(*)::float8 / max(s.whole))::text
    from (select v.value, count(*) over () as whole from (
        select t.${name}::jsonb #> $1::text[] as value from ${identifier(schema)}.${identifier(table)} t
        where t.${name} is not null and pg_column_size(t.${name}) < ${longestValueBytes} limit ${rowsLookedAt}) v
      where jsonb_typeof(v.value) = 'object') s
    cross join lateral jsonb_each(s.value) k
    group by 1 order by count(*) desc, 1 limit ${mostKeys}`;
  const literal = `{${under.map((step) => `"${step.replace(/[\\"]/g, '\\$&')}"`).join()}}`;
  try {
    const { rows } = await source.read(text, [literal], { timeoutMs, ...(signal ? { signal } : {}) });
    return rows.map(([key, type, share]) => ({ key: key ?? '', type: type ?? '', share: Number(share) }));
  } catch (thrown) {
    if (failureOf(thrown).kind === 'postgres') return [];
    throw thrown;
  }
}
