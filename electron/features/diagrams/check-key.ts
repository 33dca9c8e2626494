/** Whether the data keep to a key that is declared nowhere. */
import { BoundSql } from '../../../shared/edit/bound-sql.ts';
import { invalid } from '../../../shared/failure.ts';
import type { Source } from '../../postgres/source.ts';

interface Relation {
  readonly schema: string;
  readonly name: string;
}
export interface CheckedKey {
  readonly from: Relation;
  readonly fromColumns: readonly string[];
  readonly to: Relation;
  readonly toColumns: readonly string[];
}

const timeoutMs = 60_000;
const mostExamples = 5;
const longestExample = 120;

/** Fails `postgres` where the columns cannot be compared, or where it takes longer than a minute. */
export async function checkKey(source: Pick<Source, 'read'>, key: CheckedKey, signal?: AbortSignal) {
  if (key.fromColumns.length !== key.toColumns.length) {
    throw invalid('toColumns', 'A key has as many columns at one end as at the other.');
  }
  const answered = (sql: BoundSql) => source.read(sql.text, [], { timeoutMs, signal });
  const counts = await answered(countOrphans(key));
  const examples = await answered(someOrphans(key));
  const twins = await answered(anyTwin(key));
  const [rows, orphans] = counts.rows[0] ?? [];
  return {
    rows: Number(rows ?? 0),
    orphans: Number(orphans ?? 0),
    examples: examples.rows.map(([text]) => text ?? ''),
    unique: twins.rows.length === 0,
  };
}

/** As MATCH SIMPLE: a row with a NULL among its columns refers to nothing and is not asked. */
function filled(sql: BoundSql, key: CheckedKey): BoundSql {
  return sql.list(key.fromColumns, (column) => sql.add('f.').name(column).add(' is not null'), ' and ');
}
function missing(sql: BoundSql, key: CheckedKey): BoundSql {
  sql.add('not exists (select from ').relation(key.to.schema, key.to.name).add(' t where ');
  sql.list(
    key.fromColumns,
    (column, at) =>
      sql
        .add('t.')
        .name(key.toColumns[at] ?? '')
        .add(' = f.')
        .name(column),
    ' and ',
  );
  return sql.add(')');
}
const fromWhere = (sql: BoundSql, key: CheckedKey): BoundSql =>
  filled(sql.add(' from ').relation(key.from.schema, key.from.name).add(' f where '), key);

function countOrphans(key: CheckedKey): BoundSql {
  const sql = new BoundSql().add('/* howdah:diagrams.count-orphans */ select count(*), count(*) filter (where ');
  return fromWhere(missing(sql, key).add(')'), key);
}

function someOrphans(key: CheckedKey): BoundSql {
  const sql = new BoundSql().add("/* howdah:diagrams.orphans */ select distinct left(concat_ws(', ', ");
  sql.list(key.fromColumns, (column) => sql.add('f.').name(column).add('::text'));
  sql.add(`), ${longestExample})`);
  fromWhere(sql, key).add(' and ');
  return missing(sql, key).add(` limit ${mostExamples}`);
}

function anyTwin(key: CheckedKey): BoundSql {
  const sql = new BoundSql().add('/* howdah:diagrams.twins */ select from ').relation(key.to.schema, key.to.name);
  sql.add(' t where ').list(key.toColumns, (column) => sql.add('t.').name(column).add(' is not null'), ' and ');
  sql.add(' group by ').list(key.toColumns, (column) => sql.add('t.').name(column));
  return sql.add(' having count(*) > 1 limit 1');
}
