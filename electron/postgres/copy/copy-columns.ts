/** What a copy has to know of both sides before it begins: columns, types, keys, and which types will not go into which. */
import type { FieldDef } from 'pg';
import type { CopyPlan, CopySource, CopySourceFacts } from '../../../shared/api/table-copy.ts';
import { FailureError, invalid } from '../../../shared/failure.ts';
import { quoteQualified } from '../../../shared/sql/quote.ts';
import { openQuietLink, scriptOn } from '../import/import-link.ts';
import { hasRules } from '../import/rules-sql.ts';
import type { Link } from '../session/link.ts';
import { ReadOnlyRail } from '../session/read-only/read-only-rail.ts';
import type { ConnectSpec } from '../source.ts';
import { typeKey, typeLookupSql } from '../wire/column-types.ts';
import { castsSql, sourceTableSql, targetColumnsSql } from './copy.sql.ts';
import { throwIfFailed } from './copy-in.ts';
import { oneStatement } from './table-source.ts';

const most = 1700;

/** @throws postgres where the query is none; invalid */
export async function copySourceFactsOf(spec: ConnectSpec, source: CopySource): Promise<CopySourceFacts> {
  const link = await openQuietLink(spec);
  try {
    if (spec.onConnectSql.trim()) await scriptOn(link, spec.onConnectSql);
    return source.kind === 'table'
      ? await factsOfTable(link, source.table)
      : await factsOfQuery(link, spec, source.sql);
  } finally {
    await link.close();
  }
}

async function factsOfTable(link: Link, { schema, name }: { schema: string; name: string }): Promise<CopySourceFacts> {
  const rows = await asked(link, sourceTableSql, [schema, name]);
  if (rows.length === 0) throw invalid('source', `There is no table ${quoteQualified(schema, name)} to copy.`);
  const key = rows
    .filter((row) => row[3])
    .sort((a, b) => Number(a[3]) - Number(b[3]))
    .map((row) => row[0] ?? '');
  return {
    columns: rows.map(([column, type, computed]) => ({
      name: column ?? '',
      type: type ?? '',
      computed: computed === 'true',
    })),
    key: key.length > 0 ? key : null,
    rows: rows[0]?.[4] ? Number(rows[0][4]) : null,
  };
}

async function factsOfQuery(link: Link, spec: ConnectSpec, sql: string): Promise<CopySourceFacts> {
  const text = oneStatement(sql);
  if (spec.readOnly) {
    const rail = new ReadOnlyRail(link);
    await rail.settle();
    const admitted = await rail.admit(text);
    if (admitted.kind === 'refused') throw new FailureError(admitted.failure);
    await rail.over();
  }
  let fields: readonly FieldDef[] = [];
  const statement = await link.execute(
    `select * from (${text}\n) as q`,
    {
      fields: (found) => {
        fields = found;
      },
      copyOut: () => {},
    },
    { describeOnly: true },
  );
  const end = await statement.ended;
  throwIfFailed(end);
  if (end.parameterTypes.length > 0)
    throw invalid('sql', 'The query has parameters. Write their values into it to copy its rows.');
  const names = fields.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined)
    throw invalid('sql', `Two columns of the query are called "${twice}". Give one another name.`);
  const types = await asked(link, typeLookupSql, [
    `{${fields.map(({ dataTypeID }) => dataTypeID).join(',')}}`,
    `{${fields.map(({ dataTypeModifier }) => dataTypeModifier).join(',')}}`,
  ]);
  const named = new Map(types.map(([key, type]) => [key, type]));
  const columns = fields.map(({ name, dataTypeID, dataTypeModifier }) => ({
    name,
    type: named.get(typeKey(dataTypeID, dataTypeModifier)) ?? 'text',
    computed: false,
  }));
  return { columns, key: null, rows: null };
}

/** By column: its type with its modifier. Empty where there is no such table. */
export async function targetTypesOf(link: Link, plan: Pick<CopyPlan, 'table'>): Promise<ReadonlyMap<string, string>> {
  const rows = await asked(link, targetColumnsSql, [plan.table.schema, plan.table.name]);
  return new Map(rows.map(([name, type]) => [name ?? '', type ?? '']));
}

export interface TypePair {
  readonly source: string;
  readonly sourceType: string;
  readonly target: string;
  readonly targetType: string;
}

/** The columns that are filled from a column as it is, with both types. */
export function plainPairs(
  plan: Pick<CopyPlan, 'columns' | 'sourceColumns' | 'create'>,
  facts: CopySourceFacts,
  targetTypes: ReadonlyMap<string, string>,
): TypePair[] {
  return plan.columns.flatMap((column) => {
    const source = column.source === null ? undefined : plan.sourceColumns[column.source];
    const sourceType = facts.columns.find(({ name }) => name === source)?.type;
    if (source === undefined || sourceType === undefined || hasRules(column)) return [];
    const targetType = plan.create ? (column.type ?? 'text') : targetTypes.get(column.target);
    return targetType === undefined ? [] : [{ source, sourceType, target: column.target, targetType }];
  });
}

/** @throws invalid with the first pair of types that the server has no way between */
export async function checkTypes(link: Link, pairs: readonly TypePair[]): Promise<void> {
  const different = pairs.filter(({ sourceType, targetType }) => sourceType !== targetType);
  if (different.length === 0) return;
  const list = (of: (pair: TypePair) => string): string => JSON.stringify(different.map(of));
  const refused = await asked(link, castsSql, [list((pair) => pair.sourceType), list((pair) => pair.targetType)]);
  const pair = different[Number(refused[0]?.[0] ?? 0) - 1];
  if (!pair) return;
  const { source, sourceType, target, targetType } = pair;
  throw invalid(
    'columns',
    `"${source}" is ${sourceType}, which does not go into "${target}" of type ${targetType}. Choose another column, or write an expression for it.`,
  );
}

async function asked(
  link: Link,
  text: string,
  values: readonly string[],
): Promise<readonly (readonly (string | null)[])[]> {
  const end = await link.rows(text, values, most);
  throwIfFailed(end);
  return end.rows;
}
