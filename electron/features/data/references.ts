/** What foreign keys say of rows: words for the rows they point at, rows to pick, and how many point here. */
import type { Reference, RelationModel } from '../../../shared/api/data.ts';
import type { BoundSql } from '../../../shared/edit/bound-sql.ts';
import { invalid } from '../../../shared/failure.ts';
import { type Reading, RowsSql, readRows } from './rows.ts';

const timeoutMs = 5_000;
const mostPicked = 50;
/** Rows that point here are counted up to this. */
export const mostRelated = 1_000;
const longestLabel = 120;

function referenceNamed(model: RelationModel, constraint: string): Reference {
  const found = model.references.find((one) => one.constraint === constraint);
  if (!found) throw invalid('constraint', 'This foreign key is not there any more.');
  return found;
}

function checkLabel(reference: Reference, label: string): void {
  if (!reference.labelColumns.includes(label)) throw invalid('label', 'This column is not there any more.');
}

/** @throws invalid where the foreign key or the column of the other table is not there (any more) */
export function labelled(
  model: RelationModel,
  { constraint, label }: { readonly constraint: string; readonly label: string },
): Reference {
  const reference = referenceNamed(model, constraint);
  checkLabel(reference, label);
  return reference;
}

const addLabel = (sql: BoundSql, label: string) => sql.add('left(').name(label).add(`::text, ${longestLabel})`);

/** In the order of the keys; null where no such row can be seen. */
export async function labelsOf(
  source: Reading,
  model: RelationModel,
  input: { readonly constraint: string; readonly label: string; readonly keys: readonly (readonly string[])[] },
  signal?: AbortSignal,
): Promise<(string | null)[]> {
  const reference = labelled(model, input);
  if (input.keys.length === 0) return [];
  const { other, otherColumns } = reference;
  const sql = new RowsSql();
  // Each key's number comes back with its label: texts of one value may differ (1.0 and 1.00).
  sql.add('/* howdah:data.labels */');
  sql.list(
    input.keys,
    (key, at) => {
      sql.add(` select ${Number(at)}, `);
      addLabel(sql, input.label);
      sql.add(' from ').relation(other.schema, other.name);
      for (const [part, column] of otherColumns.entries()) {
        sql
          .add(part === 0 ? ' where ' : ' and ')
          .name(column)
          .add(' = ')
          .value(key[part] ?? null);
      }
    },
    ' union all',
  );
  const { rows } = await readRows(source, sql, signal, timeoutMs);
  const labels = new Map(rows.map(([at, label]) => [Number(at), label ?? null]));
  return input.keys.map((_, at) => labels.get(at) ?? null);
}

export async function pickRows(
  source: Reading,
  model: RelationModel,
  input: { readonly constraint: string; readonly label: string; readonly contains: string },
  signal?: AbortSignal,
): Promise<{ key: string[]; label: string | null }[]> {
  const reference = referenceNamed(model, input.constraint);
  if (input.label !== '') checkLabel(reference, input.label);
  const { other, otherColumns } = reference;
  const sql = new RowsSql();
  sql.add('/* howdah:data.pick */ select ');
  if (input.label === '') sql.add('null::text');
  else addLabel(sql, input.label);
  for (const column of otherColumns) sql.add(", format('%s', ").name(column).add(')');
  sql.add(' from ').relation(other.schema, other.name);
  if (input.contains !== '') {
    sql.add(' where position(lower(').value(input.contains).add('::text) in lower(concat_ws(chr(10)');
    for (const column of [...(input.label === '' ? [] : [input.label]), ...otherColumns]) sql.add(', ').name(column);
    sql.add('))) > 0');
  }
  sql.add(` order by ${input.label === '' ? '' : '1, '}`).list(otherColumns, (column) => sql.name(column));
  sql.add(` limit ${mostPicked}`);
  const { rows } = await readRows(source, sql, signal, timeoutMs);
  return rows.map(([label, ...key]) => ({ key: key.map((part) => part ?? ''), label: label ?? null }));
}

/** One question a foreign key: one that takes long, or may not be asked, does not hide the others. */
export async function relatedCounts(
  source: Reading,
  model: RelationModel,
  values: readonly { readonly column: number; readonly value: string | null }[],
  signal?: AbortSignal,
): Promise<{ constraint: string; oid: number; rows: number | null }[]> {
  const valueIn = (number: number) => values.find(({ column }) => column === number)?.value ?? null;
  return await Promise.all(
    model.referencedBy.map(async (reference) => {
      const { constraint, other, columns, otherColumns } = reference;
      const answer = (rows: number | null) => ({ constraint, oid: other.oid, rows });
      const wanted = columns.map(valueIn);
      // A key with NULL in it is pointed at by nothing.
      if (wanted.includes(null)) return answer(0);
      const sql = new RowsSql();
      sql.add('/* howdah:data.related */ select count(*) from (select from ').relation(other.schema, other.name);
      for (const [at, column] of otherColumns.entries())
        sql
          .condition()
          .name(column)
          .add(' = ')
          .value(wanted[at] ?? null);
      sql.add(` limit ${mostRelated + 1}) counted`);
      const counted = await readRows(source, sql, signal, timeoutMs).catch(() => null);
      return answer(counted ? Number(counted.rows[0]?.[0] ?? 0) : null);
    }),
  );
}
