/** Which values of a column are frequent; of a foreign key with words for the rows that they point at. */
import type { DataColumn, DataQuery, Reference, RelationModel } from '../../../shared/api/data.ts';
import { addTextForm } from '../../../shared/edit/statements.ts';
import { FailureError, invalid } from '../../../shared/failure.ts';
import { countedAtOnce, isWhole } from './figures.ts';
import { labelled, labelsOf } from './references.ts';
import { columnSpread } from './relation.sql.ts';
import { checkQuery, type Reading, RowsSql, readRows } from './rows.ts';

/** Frequent values under a filter are those of so many rows. */
const countedForValues = 100_000;
const mostValues = 200;

export interface ValuesAsked {
  readonly query: DataQuery;
  readonly column: number;
  readonly contains: string;
  readonly reference?: { readonly constraint: string; readonly label: string } | undefined;
}

export interface FrequentValue {
  readonly value: string | null;
  readonly share: number | null;
  readonly rows: number | null;
}
export interface FrequentValues<Value = FrequentValue> {
  readonly values: Value[];
  readonly note: string;
}

export async function frequentValues(
  source: Reading,
  model: RelationModel,
  asked: ValuesAsked,
  signal?: AbortSignal,
): Promise<FrequentValues<FrequentValue & { readonly label: string | null }>> {
  await checkQuery(asked.query);
  const column = model.columns.find(({ number }) => number === asked.column);
  if (!column) throw invalid('column', 'This column is not there any more.');
  const known = await fromStatistics(source, model, asked, signal);
  const found = known ?? (await counted(source, model, column, asked, signal));
  const labels = await labelsFor(source, model, asked, found.values, signal);
  return { ...found, values: found.values.map((each) => ({ ...each, label: labels.get(each.value ?? '') ?? null })) };
}

/** Null where they do not say enough: all of a column's values are known where they are fewer than the statistics keep. */
async function fromStatistics(
  source: Reading,
  model: RelationModel,
  { query, column, contains }: ValuesAsked,
  signal: AbortSignal | undefined,
): Promise<FrequentValues | null> {
  if (!isWhole(query) || contains !== '' || (model.estimatedRows ?? 0) <= countedAtOnce) return null;
  const [spread] = await source.ask(columnSpread, [model.oid, column], { signal });
  const { common, frequencies } = spread ?? {};
  if (!common || !frequencies) return null;
  const values: FrequentValue[] = common.map((value, at) => ({ value, share: frequencies[at] ?? null, rows: null }));
  if ((spread?.nullShare ?? 0) > 0) values.push({ value: null, share: spread?.nullShare ?? null, rows: null });
  values.sort((a, b) => (b.share ?? 0) - (a.share ?? 0));
  return { values: values.slice(0, mostValues), note: 'Most frequent values, as ANALYZE last found them.' };
}

async function counted(
  source: Reading,
  model: RelationModel,
  column: DataColumn,
  asked: ValuesAsked,
  signal: AbortSignal | undefined,
): Promise<FrequentValues> {
  const reference = asked.contains === '' ? null : referenceOf(model, asked);
  const ask = (label: Labelled | null) => readRows(source, countedSql(model, column, asked, label), signal);
  const { rows } = await ask(reference).catch((thrown) => {
    // Who may not read the other table looks for the values alone.
    if (reference && isDenied(thrown)) return ask(null);
    throw thrown;
  });
  const total = rows.reduce((sum, row) => sum + Number(row[1]), 0);
  return {
    values: rows.map(([value, count]) => ({ value: value ?? null, share: null, rows: Number(count) })),
    note:
      total >= countedForValues
        ? `Counted in ${countedForValues.toLocaleString('en-US')} rows; there are more.`
        : 'Counted in all rows that pass the other conditions.',
  };
}

interface Labelled {
  readonly reference: Reference;
  readonly label: string;
}

/** The foreign key whose words are asked for; null where none is. */
function referenceOf(model: RelationModel, asked: ValuesAsked): Labelled | null {
  if (!asked.reference) return null;
  const reference = labelled(model, asked.reference);
  if (reference.columns.length !== 1 || reference.columns[0] !== asked.column)
    throw invalid('reference', 'This foreign key is not that of the column alone.');
  return { reference, label: asked.reference.label };
}

const isDenied = (thrown: unknown): boolean =>
  thrown instanceof FailureError && thrown.failure.kind === 'postgres' && thrown.failure.sqlstate === '42501';

function countedSql(
  model: RelationModel,
  column: DataColumn,
  { query, contains }: ValuesAsked,
  label: Labelled | null,
): RowsSql {
  const sql = new RowsSql();
  sql.add('/* howdah:data.values */ select v, count(*) from (select ');
  addTextForm(sql, column);
  sql.add(' as v, ').name(column.name).add(' as k from ').relation(model.schema, model.name).filter(model, query);
  sql.add(` limit ${countedForValues}) counted`);
  if (contains !== '') {
    sql.add(' where position(lower(').value(contains).add('::text) in lower(v)) > 0');
    if (label) addByLabel(sql, label, contains);
  }
  return sql.add(` group by v order by count(*) desc, v limit ${mostValues}`);
}

/** Or the row that the value points at has the text in its words. */
function addByLabel(sql: RowsSql, { reference, label }: Labelled, contains: string): void {
  const { other, otherColumns } = reference;
  sql
    .add(' or k in (select ')
    .name(otherColumns[0] ?? '')
    .add(' from ')
    .relation(other.schema, other.name);
  sql.add(' where position(lower(').value(contains).add('::text) in lower(').name(label).add('::text)) > 0)');
}

/** By value. Words are not worth a failure: without them the values are still there. */
async function labelsFor(
  source: Reading,
  model: RelationModel,
  asked: ValuesAsked,
  values: readonly FrequentValue[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string | null>> {
  const label = referenceOf(model, asked);
  const present = values.flatMap(({ value }) => (value === null ? [] : [value]));
  if (!asked.reference || !label || present.length === 0) return new Map();
  const keys = present.map((value) => [value]);
  const labels = await labelsOf(source, model, { ...asked.reference, keys }, signal).catch(() => []);
  return new Map(present.map((value, at) => [value, labels[at] ?? null]));
}
