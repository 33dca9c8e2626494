/** The graph of a database from the packed catalog that completion lives on: no further question to the server. */
import type { DiagramColumn, DiagramGraph, DiagramKey, DiagramTable, diagramKinds } from '../api/diagrams.ts';
import type { Catalog, Relation } from '../complete/catalog.ts';
import { qualified } from '../sql/quote.ts';

const kinds = new Set<string>(['table', 'partitionedTable', 'foreignTable', 'view', 'materializedView']);
const isSystem = (schema: string): boolean => schema === 'information_schema' || schema.startsWith('pg_');

/**
 * @param rest awaited now and then, so that a page of 2,000 tables is not held up while their columns are parsed
 */
export async function graphOfCatalog(catalog: Catalog, rest: () => Promise<void>): Promise<DiagramGraph> {
  const relations = catalog.relations.filter(({ kind, schema }) => kinds.has(kind) && !isSystem(schema));
  const tables: DiagramTable[] = [];
  const ids = new Map<number, string>();
  for (const { oid, schema, name } of relations) ids.set(oid, qualified(schema, name));
  for (const relation of relations) {
    tables.push(tableOf(catalog, relation, ids));
    if (tables.length % 50 === 0) await rest();
  }
  const keys: DiagramKey[] = [];
  for (const relation of relations) {
    for (const key of catalog.foreignKeysFrom(relation.oid)) {
      const [from, to] = [ids.get(key.from), ids.get(key.to)];
      const other = catalog.relationOf(key.to);
      if (!from || !to || !other) continue;
      const fromColumns = namesOf(relation, key.fromColumns);
      const toColumns = namesOf(other, key.toColumns);
      keys.push({ id: `${from} ${key.name}`, name: key.name, from, to, fromColumns, toColumns, virtual: false });
    }
    if (keys.length % 100 === 99) await rest();
  }
  const types = catalog.types.filter(({ kind, schema }) => (kind === 'enum' || kind === 'domain') && !isSystem(schema));
  return {
    tables: tables.sort((a, b) => (a.id < b.id ? -1 : 1)),
    keys,
    types: types.map(({ schema, name, labels, baseOid }) => ({
      schema,
      name,
      labels: [...labels],
      base: baseOid === 0 ? null : (catalog.type(baseOid)?.written ?? null),
    })),
  };
}

function tableOf(catalog: Catalog, relation: Relation, ids: ReadonlyMap<number, string>): DiagramTable {
  const { oid, schema, name, comment, rowEstimate, sizeBytes } = relation;
  return {
    id: ids.get(oid) ?? '',
    oid,
    schema,
    name,
    kind: relation.kind as (typeof diagramKinds)[number],
    comment,
    columns: relation.columns.map(
      (column): DiagramColumn => ({
        name: column.name,
        type: column.type,
        notNull: column.notNull,
        primary: column.key,
        hasDefault: column.hasDefault || column.generated,
        comment: column.comment,
      }),
    ),
    uniques: catalog.uniqueKeysOf(oid).map((columns) => namesOf(relation, columns)),
    rowEstimate: rowEstimate < 0 ? null : rowEstimate,
    sizeBytes: sizeBytes > 0 ? sizeBytes : null,
    parent: ids.get(relation.parentOid) ?? null,
  };
}

const namesOf = (relation: Relation, numbers: readonly number[]): string[] =>
  numbers.flatMap((number) => relation.columns.find((column) => column.number === number)?.name ?? []);
