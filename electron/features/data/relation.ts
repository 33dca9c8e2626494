/** A relation as the page needs it: what it is made of, what proves a row, and whether rows can be changed here. */
import type { Reference, RelationModel, RowKey } from '../../../shared/api/data.ts';
import { bestLabels } from '../../../shared/edit/label-column.ts';
import { invalid } from '../../../shared/failure.ts';
import { identifier } from '../../../shared/sql/quote.ts';
import type { Query } from '../../postgres/query.ts';
import type { Source } from '../../postgres/source.ts';
import {
  type KeyRow,
  type ReferenceRow,
  type RelationRow,
  relationColumns,
  relationKeys,
  relationReferences,
  relationRow,
} from './relation.sql.ts';

export type Asking = Pick<Source, 'ask' | 'facts'>;

/** @throws invalid where there is no such relation (any more), or it is of a kind without rows */
export async function describeRelation(source: Asking, oid: number, signal?: AbortSignal): Promise<RelationModel> {
  const ask = <Row>(query: Query<Row>) => source.ask(query, [oid], { signal });
  const [relations, columns, keys, references] = await Promise.all([
    ask(relationRow),
    ask(relationColumns),
    ask(relationKeys),
    ask(relationReferences),
  ]);
  const relation = relations[0];
  if (!relation)
    throw invalid('oid', 'This table or view is not there any more. Refresh the objects and open it again.');
  const key = relation.hasChildren ? null : keyOf(keys);
  const { hasChildren, isHeap, ...shown } = relation;
  return {
    oid,
    ...shown,
    columns: columns.map(({ fieldNames, fieldTypes, ...column }) => ({
      ...column,
      labels: [...column.labels],
      fields: fieldNames.map((name, at) => ({ name, typeName: fieldTypes[at] ?? '' })),
    })),
    key,
    paging: key ? 'key' : isHeap && !hasChildren ? 'place' : 'window',
    readOnly: readOnlyReason(source, relation, key),
    references: references.filter((one) => one.outward).map(referenceOf),
    referencedBy: references.filter((one) => !one.outward).map(referenceOf),
  };
}

function keyOf(keys: readonly KeyRow[]): RowKey | null {
  // An operator class without an equality operator of its own proves nothing.
  const key = keys.find(({ columns, operatorNames }) => columns.length > 0 && operatorNames.length === columns.length);
  if (!key) return null;
  const { name, primary, columns, operatorSchemas, operatorNames } = key;
  const equals = operatorNames.map((operator, at) => {
    const schema = operatorSchemas[at] ?? '';
    // pg_catalog is looked through first: the bare sign is its own.
    return schema === 'pg_catalog' ? operator : `operator(${identifier(schema)}.${operator})`;
  });
  return { name, primary, columns: [...columns], equals };
}

function referenceOf(row: ReferenceRow): Reference {
  const { constraint, columns, oid, kind, schema, name, otherColumns, textColumns } = row;
  return {
    constraint,
    columns: [...columns],
    other: { oid, kind, schema, name },
    otherColumns: [...otherColumns],
    labelColumns: bestLabels(textColumns, otherColumns),
  };
}

function readOnlyReason(source: Asking, relation: RelationRow, key: RowKey | null): RelationModel['readOnly'] {
  const openTable = 'Open the table that the rows come from and change them there.';
  if (source.facts.standby)
    return { reason: 'This server is a standby: it takes no changes.', wayOut: 'Connect to the primary server.' };
  if (source.facts.readOnly)
    return {
      reason: 'This connection is read-only.',
      wayOut: 'Use a connection that may write, or change this one.',
    };
  if (relation.schema === 'pg_catalog')
    return {
      reason: 'This is a catalog of the server: what stands in it is changed by CREATE, ALTER and DROP.',
      wayOut: 'Change the object that the row describes.',
    };
  if (/^pg_temp_/.test(relation.schema))
    return {
      reason: 'This is a temporary table: only the session that made it can change it.',
      wayOut: 'Change it by a statement in the tab that made it.',
    };
  if (relation.kind === 'view')
    return { reason: 'A view has no key that would prove which row is meant.', wayOut: openTable };
  if (relation.kind === 'materializedView')
    return { reason: 'A materialized view is changed by refreshing it.', wayOut: openTable };
  if (relation.kind === 'foreignTable')
    return { reason: 'A foreign table has no key that would prove which row is meant.', wayOut: openTable };
  if (relation.hasChildren)
    return {
      reason: 'Other tables inherit from this one, and its keys do not cover their rows.',
      wayOut: 'Open the table that the row is in and change it there.',
    };
  if (!key)
    return {
      reason:
        'This table has no primary key and no unique constraint over columns that are NOT NULL: two rows may be the same.',
      wayOut:
        'Add a primary key. Where no column will do: ALTER TABLE … ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY.',
    };
  if (!relation.mayInsert && !relation.mayUpdate && !relation.mayDelete)
    return { reason: 'Your role may read this table, not change it.', wayOut: 'Ask its owner for the right to.' };
  return null;
}
