/** A table as a model that can be changed, from the same questions that its DDL is made of. */
import type { ObjectRef } from '../../../shared/api/objects.ts';
import type {
  ColumnModel,
  ConstraintModel,
  IndexModel,
  PartitionModel,
  TableModel,
} from '../../../shared/api/structure.ts';
import { invalid } from '../../../shared/failure.ts';
import type { Asker } from '../../postgres/ddl/asker.ts';
import {
  type ColumnRow,
  type ConstraintRow,
  ddlColumns,
  ddlConstraints,
  ddlTable,
} from '../../postgres/ddl/table-ddl.sql.ts';
import {
  type IndexBody,
  type PartitionRow,
  partitionsOf,
  tableIndexes,
  tableOfPart,
  wholeOfPart,
} from './structure.sql.ts';

const kinds = { r: 'table', p: 'partitionedTable', f: 'foreignTable' } as const;
const constraintKinds = { p: 'primaryKey', u: 'unique', x: 'exclude', c: 'check', f: 'foreignKey' } as const;

/** The table itself, or the one that a column, constraint or index is of. Throws invalid where it is gone or has none. */
export async function tableOid(asker: Asker, { kind, oid }: ObjectRef, signal?: AbortSignal): Promise<number> {
  if (kind !== 'constraint' && kind !== 'index') return oid;
  const [found] = await asker.ask(tableOfPart, [oid], { signal });
  if (!found) throw invalid('object', `This ${kind} is not there any more.`);
  if (!['r', 'p', 'f'].includes(found.relkind)) throw invalid('object', `This ${kind} is not of a table.`);
  return found.oid;
}

/** What a column, constraint or index is changed with. Throws invalid where it is gone. */
export async function wholeOf(asker: Asker, { kind, oid, name }: ObjectRef, signal?: AbortSignal): Promise<ObjectRef> {
  const [found] = await asker.ask(wholeOfPart, [kind, oid], { signal });
  if (!found) throw invalid('object', `The ${kind} “${name}” is not there any more.`);
  return found;
}

/** Throws invalid where it is gone, or no table. */
export async function tableModelOf(asker: Asker, oid: number, signal?: AbortSignal): Promise<TableModel> {
  const [table] = await asker.ask(ddlTable, [oid], { signal });
  const kind = table ? kinds[table.relkind as keyof typeof kinds] : undefined;
  if (!table || !kind) throw invalid('object', 'This table is not there any more.');
  const columns = await asker.ask(ddlColumns, [oid], { signal });
  const constraints = await asker.ask(ddlConstraints, [oid], { signal });
  const indexes = await asker.ask(tableIndexes, [oid], { signal });
  const partitions = kind === 'partitionedTable' ? await asker.ask(partitionsOf, [oid], { signal }) : [];
  return {
    kind,
    schema: table.schema,
    name: table.name,
    owner: table.owner,
    comment: table.comment,
    unlogged: table.persistence === 'u',
    tablespace: table.tablespace,
    options: [...(table.options ?? []), ...(table.toastOptions ?? []).map((option) => `toast.${option}`)],
    rowSecurity: table.rowSecurity,
    forceRowSecurity: table.forceRowSecurity,
    partitionBy: table.partitionKey,
    partitionOf:
      table.isPartition && table.parents[0] !== undefined
        ? { parent: table.parents[0], bound: table.partitionBound ?? '' }
        : null,
    server: table.server,
    foreignOptions: table.foreignOptions ?? [],
    columns: columns.map(columnModel),
    constraints: constraints.map(constraintModel),
    indexes: indexes.map(indexModel),
    partitions: partitions.map(partitionModel),
  };
}

function columnModel(row: ColumnRow): ColumnModel {
  return {
    key: String(row.number),
    name: row.name,
    type: row.type,
    collation: row.collation,
    notNull: row.notNull,
    expression: row.expression,
    identity: row.identity === 'a' ? 'always' : row.identity === 'd' ? 'byDefault' : '',
    generated: row.generated === 's' ? 'stored' : row.generated === 'v' ? 'virtual' : '',
    storage: row.storage,
    compression: row.compression,
    statistics: row.statisticsTarget,
    options: row.options ?? [],
    foreignOptions: row.foreignOptions ?? [],
    comment: row.comment,
    inherited: row.inherited,
  };
}

const constraintModel = (row: ConstraintRow): ConstraintModel => ({
  key: String(row.oid),
  name: row.name,
  kind: constraintKinds[row.contype as keyof typeof constraintKinds],
  definition: row.definition,
  comment: row.comment,
  inherited: row.ofParent || !row.local,
});

const indexModel = (row: IndexBody): IndexModel => ({
  key: String(row.oid),
  name: row.name,
  unique: row.unique,
  definition: row.definition,
  options: row.options ?? [],
  tablespace: row.tablespace,
  valid: row.valid,
  comment: row.comment,
});

const partitionModel = ({ oid, ...row }: PartitionRow): PartitionModel => ({
  key: String(oid),
  state: 'there',
  partitionBy: null,
  ...row,
});
